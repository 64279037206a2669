import LinearAlgebra
import Networks

/// Inputs as kernels see them, in double precision: one point a row, with the constant feature 1
/// where the network has a bias.
public struct KernelPoints: Sendable {
  /// One point a row (count x features).
  public let inputs: Matrix<Double>
  /// |x|^2 of each point, the constant feature included.
  public let squaredNorms: [Double]

  /// Points as they are in the data, one a row; the constant feature is added where there is a
  /// bias.
  public init(_ matrix: Matrix<Double>, architecture: Architecture) {
    if architecture.hasBias {
      var elements: [Double] = []
      elements.reserveCapacity(matrix.rows * (matrix.columns + 1))
      for i in 0..<matrix.rows {
        elements.append(contentsOf: matrix.row(i))
        elements.append(1)
      }
      inputs = Matrix(rows: matrix.rows, columns: matrix.columns + 1, elements: elements)
    } else {
      inputs = matrix
    }
    let all = inputs
    squaredNorms = (0..<all.rows).map { i in all.row(i).reduce(0) { $0 + $1 * $1 } }
  }

  /// Points.
  public var count: Int { inputs.rows }
  /// Coordinates of a point, the constant feature included.
  public var features: Int { inputs.columns }

  /// sqrt(|x|^2 |x'|^2 - (x . x')^2) for two nearly collinear points, without the cancellation of
  /// that difference: with the residual e = x' - (x . x') / |x|^2 x it is |x| |e|.
  static func rootDeterminant(
    _ x: UnsafePointer<Double>, _ other: UnsafePointer<Double>, features: Int,
    squaredNorm: Double, product: Double
  ) -> Double {
    let slope = product / squaredNorm
    var sum = 0.0
    for j in 0..<features {
      let e = other[j] - slope * x[j]
      sum += e * e
    }
    return (squaredNorm * sum).squareRoot()
  }
}
