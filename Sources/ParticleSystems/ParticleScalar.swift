package import CKernels
import Checkpoints
import LinearAlgebra

/// A precision in which particles can be stepped: the compiled loops of `CKernels` (what each
/// computes is said in `iw_pointwise.h`) as protocol witnesses, so that the sweep is written once.
public protocol ParticleScalar: FlowScalar, SmoothingScalar, StateNumber {
  /// The name in configurations and files.
  static var precisionName: String { get }

  /// Conversions and shifts as concrete loops: generic ones are not specialized across modules.
  static func select(_ numbers: BothPrecisions) -> [Self]
  /// `to[i] = from[i]`, rounded.
  static func round(_ from: UnsafePointer<Double>, count: Int, to: UnsafeMutablePointer<Self>)
  static func widen(_ from: UnsafePointer<Self>, count: Int, to: UnsafeMutablePointer<Double>)
  /// Loss gradients in the working precision. Those of points that a network is sure of become
  /// arbitrarily small; below a bound (2^-103 in single precision) they change no parameter, but
  /// their products are subnormal numbers, on which processors take a hundred times as long: zero.
  static func lossGradients(_ values: [Double]) -> [Self]
  /// `to[r, j] = factor (from[r, j] - shift[j])` for the first `columns` numbers of rows with the given
  /// strides.
  static func shift(
    _ from: UnsafePointer<Self>, stride: Int, by shift: [Self], factor: Self, rows: Int,
    columns: Int, to: UnsafeMutablePointer<Self>, stride toStride: Int)

  /// `x[i] *= factor y[i]`
  static func multiply(
    _ x: UnsafeMutablePointer<Self>, by y: UnsafePointer<Self>, count: Int, factor: Self)

  static func forward(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, _ shape: BlockShape,
    coefficients: UnsafePointer<Self>, sums: UnsafeMutablePointer<Self>)
  static func packMask(
    _ z: UnsafePointer<Self>, _ shape: BlockShape, mask: UnsafeMutablePointer<UInt64>, words: Int)
  static func expandMask(
    _ law: PointwiseLaw<Self>, mask: UnsafePointer<UInt64>, words: Int, _ shape: BlockShape,
    gradient: UnsafePointer<Self>, into z: UnsafeMutablePointer<Self>)
  static func backward(
    _ law: PointwiseLaw<Self>, _ z: UnsafeMutablePointer<Self>, _ shape: BlockShape,
    gradient: UnsafePointer<Self>, sums: UnsafeMutablePointer<Self>)
  static func preactivationStep(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, rows: Int, points: Int,
    gradient: UnsafePointer<Self>, outputWeights: UnsafePointer<Self>, step: Self,
    delta: UnsafeMutablePointer<Self>, deltaStride: Int, coefficients: UnsafeMutablePointer<Self>?,
    sums: UnsafeMutablePointer<Self>)
  static func rowDots(
    _ w: UnsafePointer<Self>, _ v: UnsafePointer<Self>, rows: Int, features: Int,
    sums: UnsafeMutablePointer<Self>)
  static func update(
    _ w: UnsafeMutablePointer<Self>, _ v: UnsafePointer<Self>, _ a: UnsafeMutablePointer<Self>,
    sums: UnsafePointer<Self>, rows: Int, features: Int, inputStep: Self, outputStep: Self)
  static func tangentSums(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, _ shape: BlockShape,
    outputWeights: UnsafePointer<Self>, masses: UnsafePointer<Self>,
    valueSums: UnsafeMutablePointer<Self>, derivativeSums: UnsafeMutablePointer<Self>)
  static func tangentPairs(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, _ shape: BlockShape,
    outputWeights: UnsafePointer<Self>, valueSums: UnsafeMutablePointer<Self>,
    derivativeSums: UnsafeMutablePointer<Self>)
  static func decomposition(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, initial z0: UnsafePointer<Self>,
    _ shape: BlockShape, outputWeights: UnsafePointer<Self>,
    initialOutputWeights: UnsafePointer<Self>, terms: UnsafeMutablePointer<Self>)

  // Several outputs, and networks of several layers.
  static func values(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, count: Int,
    into y: UnsafeMutablePointer<Self>)
  static func pairValues(
    _ law: PointwiseLaw<Self>, _ z: UnsafeMutablePointer<Self>, _ shape: BlockShape)
  static func pairWeights(
    _ a: UnsafePointer<Self>, rows: Int, outputs: Int, into result: UnsafeMutablePointer<Self>)
  static func backwardOutputs(
    _ law: PointwiseLaw<Self>, _ z: UnsafeMutablePointer<Self>, _ b: UnsafeMutablePointer<Self>,
    _ shape: BlockShape)
  static func backwardMeans(
    slope: Self, _ z: UnsafeMutablePointer<Self>, start: UnsafePointer<Self>,
    _ b: UnsafeMutablePointer<Self>, _ shape: BlockShape, steps: Self)
  static func gather(
    _ a: UnsafePointer<Self>, rows: Int, outputs: Int, column: Int,
    into result: UnsafeMutablePointer<Self>)
  static func rowRMS(
    _ a: UnsafePointer<Self>, rows: Int, outputs: Int, into result: UnsafeMutablePointer<Self>)

  // Steps along gradients.
  static func scaleRows(
    _ g: UnsafeMutablePointer<Self>, by a: UnsafePointer<Self>, rows: Int, features: Int)
  static func descend(
    _ x: UnsafeMutablePointer<Self>, along g: UnsafePointer<Self>, count: Int, step: Self)
  static func momentum(
    _ x: UnsafeMutablePointer<Self>, velocity: UnsafeMutablePointer<Self>,
    along g: UnsafePointer<Self>, count: Int, coefficient: Self, step: Self)
  static func rmsProp(
    _ x: UnsafeMutablePointer<Self>, meanSquare: UnsafeMutablePointer<Self>,
    along g: UnsafePointer<Self>, count: Int, smoothing: Double, step: Self, epsilon: Self)
}

/// Rows and columns of a block of preactivations, and the distance from row to row.
public struct BlockShape: Sendable {
  public let rows: Int
  public let points: Int
  public let stride: Int

  package init(rows: Int, points: Int, stride: Int) {
    self.rows = rows
    self.points = points
    self.stride = stride
  }
}

/// An activation as the compiled loops know it.
public struct PointwiseLaw<Scalar: Sendable>: Sendable {
  package let kind: iw_activation
  package let slope: Scalar
}
