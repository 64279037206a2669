import KernelPredictions
import LinearAlgebra

extension GaussianPrediction {
  /// The mean with what is within rounding of a tie as a tie: means that are zero, or equal, in exact arithmetic would
  /// else name classes at random. Rounding is taken as 1e-12 of the largest absolute value at any point.
  var withoutRounding: Matrix<Double> {
    var result = mean
    let rounding = 1e-12 * (mean.elements.map(abs).max() ?? 0)
    for point in 0..<mean.rows {
      let places = (point * mean.columns)..<((point + 1) * mean.columns)
      let largest = mean.elements[places].max() ?? 0
      for place in places {
        if mean.columns == 1 {
          if abs(mean.elements[place]) <= rounding { result.elements[place] = 0 }
        } else if largest - mean.elements[place] <= rounding {
          result.elements[place] = largest
        }
      }
    }
    return result
  }
}
