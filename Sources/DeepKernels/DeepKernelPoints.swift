private import CKernels
import Execution
import LinearAlgebra

/// Points as the kernels of one network see them: the inputs in the precision of the products, and what
/// concerns single points, in double precision.
public struct DeepKernelPoints<Scalar: DeepKernelScalar>: Sendable {
  /// One point a row.
  let exact: Matrix<Double>
  let inputs: Matrix<Scalar>
  /// |x|^2 / D.
  let exactNorms: [Double]
  let norms: [Scalar]
  /// Of the preactivations of each dense layer, one row a layer (layers x points).
  let variances: Matrix<Scalar>
  /// K(x, x), the variances of the output.
  public let nngpDiagonal: [Double]
  /// Theta(x, x).
  public let tangentDiagonal: [Double]

  /// Cost: points times features, and a dual a point and layer.
  ///
  /// - Parameter inputs: one point a row, as many columns as the network has inputs.
  public init(
    _ inputs: Matrix<Double>, _ kernels: DeepKernels, workers: Workers = Workers(count: 1)
  ) {
    precondition(inputs.columns == kernels.inputDimension, "the network's number of inputs")
    exact = inputs
    self.inputs = Matrix(
      rows: inputs.rows, columns: inputs.columns,
      elements: Scalar.rounded(inputs.elements, workers: workers))
    let features = inputs.columns
    exactNorms = workers.results(inputs.rows) { row in
      inputs.elements.withUnsafeBufferPointer {
        iw_squared_norm($0.baseAddress! + row * features, features) / Double(features)
      }
    }
    norms = Scalar.rounded(exactNorms, workers: workers)
    let diagonals = exactNorms.map { kernels.diagonal(norm: $0) }
    variances = Matrix(
      rows: kernels.layers.count, columns: inputs.rows,
      elements: kernels.layers.indices.flatMap { layer in
        Scalar.rounded(diagonals.map { $0.variances[layer] }, workers: workers)
      })
    nngpDiagonal = diagonals.map { $0.variances.last! }
    tangentDiagonal = diagonals.map(\.tangent)
  }

  /// Points.
  public var count: Int { inputs.rows }
}
