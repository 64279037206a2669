/// Weighted least squares of y on x with known errors of y: the slope is sum of c_i y_i with
/// c_i = w_i (x_i - x') / sum of w (x - x')^2, w = 1 / error^2, x' the weighted mean.
struct WeightedLine {
  let coefficients: [Double]
  /// What effects common to all points (added to each y times one unknown number of size 1) do to the
  /// slope.
  let commonError: Double
  /// Of y, that weights are made of.
  let errors: [Double]
  private let x: [Double]
  private let weights: [Double]

  init(x: [Double], errors: [Double], commonEffects: [Double]) {
    precondition(x.count == errors.count && x.count == commonEffects.count && x.count >= 2)
    self.x = x
    self.errors = errors
    weights = errors.map { 1 / ($0 * $0) }
    let center = Self.weightedMean(x, weights)
    let weighted = zip(x, weights).map { ($0 - center) * $1 }
    let scale = zip(x, weighted).reduce(0) { $0 + ($1.0 - center) * $1.1 }
    coefficients = weighted.map { $0 / scale }
    commonError = abs(zip(coefficients, commonEffects).reduce(0) { $0 + $1.0 * $1.1 })
  }

  func slope(_ y: [Double]) -> Double {
    // The coefficients sum to zero; differences from one value spare the rounding of a large offset.
    zip(coefficients, y).reduce(0) { $0 + $1.0 * ($1.1 - y[0]) }
  }

  func intercept(_ y: [Double], slope: Double) -> Double {
    Self.weightedMean(y, weights) - slope * Self.weightedMean(x, weights)
  }

  func chiSquare(_ y: [Double], _ slope: Double, _ intercept: Double) -> Double {
    y.indices.reduce(0) {
      let residual = y[$1] - intercept - slope * x[$1]
      return $0 + weights[$1] * residual * residual
    }
  }

  private static func weightedMean(_ values: [Double], _ weights: [Double]) -> Double {
    zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
  }
}
