import Execution
import LinearAlgebra

/// A precision in which kernels of deep networks are computed: the loops over pairs of one point with
/// others, whose C sources say what they do (`iw_dual.h`).
///
/// Loops over elements are witnesses of each precision: compiled for any precision at once they would
/// call a function for every number.
public protocol DeepKernelScalar: BLASScalar, BitwiseCopyable {
  /// In double precision, one number after another.
  static func sum(_ values: [Self]) -> Double

  /// Numbers rounded to this precision.
  static func rounded(_ values: [Double], workers: Workers) -> [Self]

  /// Writes the transpose of a row-major matrix.
  static func transpose(
    _ from: UnsafePointer<Self>, rows: Int, columns: Int, into to: UnsafeMutablePointer<Self>)

  /// Copies what is above the diagonal of a square matrix to below it.
  static func mirrorUpper(_ elements: UnsafeMutablePointer<Self>, order: Int)

  /// Lists the pairs whose angle, or its difference from pi, is below 1/10; returns their number.
  static func nearPairs(
    norm: Self, norms: UnsafePointer<Self>, products: UnsafePointer<Self>, count: Int,
    indices: UnsafeMutablePointer<UInt32>
  ) -> Int

  /// The first dense layer.
  static func start(
    _ dense: DenseCoefficients<Self>, norm: Self, norms: UnsafePointer<Self>,
    products: UnsafePointer<Self>, count: Int, _ row: PairRow<Self>)

  /// An activation and the dense layer above it, in place.
  static func advance(
    _ law: DualLaw<Self>, _ dense: DenseCoefficients<Self>,
    variance: Self, variances: UnsafePointer<Self>, next: Self, nextVariances: UnsafePointer<Self>,
    count: Int, _ row: PairRow<Self>)
}

/// A `DenseKernel` in the precision of the loops.
public struct DenseCoefficients<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  let weight: Scalar
  let bias: Scalar
  let gradient: Scalar
  let biasGradient: Scalar

  init(_ dense: DenseKernel) {
    weight = Scalar(dense.weight)
    bias = Scalar(dense.bias)
    gradient = Scalar(dense.gradient)
    biasGradient = Scalar(dense.biasGradient)
  }
}

/// The activation of the loops.
public struct DualLaw<Scalar: BinaryFloatingPoint & Sendable>: Sendable {
  let kind: Int32
  let slope: Scalar
}

/// The state of the pairs of one point with others: between two layers, with preactivations (u, v),
/// q = E[u v], r = sqrt(E[u^2] E[v^2] - q^2), d = E[(u - v)^2] and the tangent kernel theta.
public struct PairRow<Scalar> {
  let q: UnsafeMutablePointer<Scalar>
  let r: UnsafeMutablePointer<Scalar>
  let d: UnsafeMutablePointer<Scalar>
  let theta: UnsafeMutablePointer<Scalar>
}
