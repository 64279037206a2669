package import CKernels
import Checkpoints
import LinearAlgebra

/// A precision in which particles can be stepped: the compiled loops of `CKernels` (what each
/// computes is said in `iw_pointwise.h`) as protocol witnesses, so that the sweep is written once.
///
/// `Double` and `Float` are all there are. Users name one of them where a run is started; its loops
/// are for the package.
public protocol ParticleScalar: FlowScalar, SmoothingScalar, StateNumber {
  /// The name in configurations and files.
  static var precisionName: String { get }

  /// Conversions and shifts as concrete loops: generic ones are not specialized across modules.
  static func select(_ numbers: BothPrecisions) -> [Self]
  /// `to[i] = from[i]`, rounded.
  static func round(_ from: UnsafePointer<Double>, count: Int, to: UnsafeMutablePointer<Self>)
  /// `to[i] = from[i]`, exact.
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

  /// `sums[i] += sum_r coefficients[r] phi(z[r][i])`
  static func forward(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, _ shape: BlockShape,
    coefficients: UnsafePointer<Self>, sums: UnsafeMutablePointer<Self>)
  /// One bit a preactivation, set where `z[r][i] >= 0`; rows of `words` words.
  static func packMask(
    _ z: UnsafePointer<Self>, _ shape: BlockShape, mask: UnsafeMutablePointer<UInt64>, words: Int)
  /// `z[r][i] = gradient[i] phi'(z[r][i])` from the mask, of a piecewise linear phi.
  static func expandMask(
    _ law: PointwiseLaw<Self>, mask: UnsafePointer<UInt64>, words: Int, _ shape: BlockShape,
    gradient: UnsafePointer<Self>, into z: UnsafeMutablePointer<Self>)
  /// `z[r][i]` becomes `gradient[i] phi'(z[r][i])`, and `sums[r] += sum_i gradient[i]
  /// phi(z[r][i])`.
  static func backward(
    _ law: PointwiseLaw<Self>, _ z: UnsafeMutablePointer<Self>, _ shape: BlockShape,
    gradient: UnsafePointer<Self>, sums: UnsafeMutablePointer<Self>)
  /// `delta[r][i] = step a[r] gradient[i] phi'(z[r][i])`, added to the coefficients, and `sums[r] =
  /// sum_i gradient[i] phi(z[r][i])`.
  static func preactivationStep(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, rows: Int, points: Int,
    gradient: UnsafePointer<Self>, outputWeights: UnsafePointer<Self>, step: Self,
    delta: UnsafeMutablePointer<Self>, deltaStride: Int, coefficients: UnsafeMutablePointer<Self>?,
    sums: UnsafeMutablePointer<Self>)
  /// `sums[r] = w[r] . v[r]`
  static func rowDots(
    _ w: UnsafePointer<Self>, _ v: UnsafePointer<Self>, rows: Int, features: Int,
    sums: UnsafeMutablePointer<Self>)
  /// `w[r] -= inputStep a[r] v[r]`, then `a[r] -= outputStep sums[r]`, both from the old values.
  static func update(
    _ w: UnsafeMutablePointer<Self>, _ v: UnsafePointer<Self>, _ a: UnsafeMutablePointer<Self>,
    sums: UnsafePointer<Self>, rows: Int, features: Int, inputStep: Self, outputStep: Self)
  /// `valueSums[i] += sum_r masses[r] phi(z[r][i])^2` and `derivativeSums[i] += sum_r masses[r]
  /// a[r]^2 phi'(z[r][i])^2`.
  static func tangentSums(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, _ shape: BlockShape,
    outputWeights: UnsafePointer<Self>, masses: UnsafePointer<Self>,
    valueSums: UnsafeMutablePointer<Self>, derivativeSums: UnsafeMutablePointer<Self>)
  /// The same of pairs i < j of the first points, row by row, without masses.
  static func tangentPairs(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, _ shape: BlockShape,
    outputWeights: UnsafePointer<Self>, valueSums: UnsafeMutablePointer<Self>,
    derivativeSums: UnsafeMutablePointer<Self>)
  /// The four terms of f_0, f_a, f_w, f_aw with the masks phi'(z) (Golikov 2020, arXiv 2003.05884),
  /// summed over particles; of a piecewise linear phi.
  static func decomposition(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, initial z0: UnsafePointer<Self>,
    _ shape: BlockShape, outputWeights: UnsafePointer<Self>,
    initialOutputWeights: UnsafePointer<Self>, terms: UnsafeMutablePointer<Self>)

  // Several outputs, and networks of several layers.
  /// `y[i] = phi(z[i])`
  static func values(
    _ law: PointwiseLaw<Self>, _ z: UnsafePointer<Self>, count: Int,
    into y: UnsafeMutablePointer<Self>)
  /// `z` becomes phi(z), then rows 2k and 2k + 1 their sum and difference.
  static func pairValues(
    _ law: PointwiseLaw<Self>, _ z: UnsafeMutablePointer<Self>, _ shape: BlockShape)
  /// Half the sum and half the difference of rows 2k and 2k + 1: their product with paired values
  /// is that of a with phi.
  static func pairWeights(
    _ a: UnsafePointer<Self>, rows: Int, outputs: Int, into result: UnsafeMutablePointer<Self>)
  /// `b[r][i]` is multiplied by `phi'(z[r][i])`, and `z[r][i]` becomes `phi(z[r][i])`.
  static func backwardOutputs(
    _ law: PointwiseLaw<Self>, _ z: UnsafeMutablePointer<Self>, _ b: UnsafeMutablePointer<Self>,
    _ shape: BlockShape)
  /// The same with means of a piecewise linear phi over `steps` equidistant preactivations from
  /// `start[r][i]` on, whose mean is `z[r][i]`.
  static func backwardMeans(
    slope: Self, _ z: UnsafeMutablePointer<Self>, start: UnsafePointer<Self>,
    _ b: UnsafeMutablePointer<Self>, _ shape: BlockShape, steps: Self)
  /// `result[r] = a[r][column]`
  static func gather(
    _ a: UnsafePointer<Self>, rows: Int, outputs: Int, column: Int,
    into result: UnsafeMutablePointer<Self>)
  /// `result[r] = sqrt(sum_c a[r][c]^2 / outputs)`
  static func rowRMS(
    _ a: UnsafePointer<Self>, rows: Int, outputs: Int, into result: UnsafeMutablePointer<Self>)

  // Steps along gradients.
  /// `g[r] *= a[r]`, rows of `features` numbers.
  static func scaleRows(
    _ g: UnsafeMutablePointer<Self>, by a: UnsafePointer<Self>, rows: Int, features: Int)
  /// `x -= step g`
  static func descend(
    _ x: UnsafeMutablePointer<Self>, along g: UnsafePointer<Self>, count: Int, step: Self)
  /// `velocity = coefficient velocity + g`, then `x -= step velocity`.
  static func momentum(
    _ x: UnsafeMutablePointer<Self>, velocity: UnsafeMutablePointer<Self>,
    along g: UnsafePointer<Self>, count: Int, coefficient: Self, step: Self)
  /// `meanSquare = smoothing meanSquare + (1 - smoothing) g^2`, then `x -= step g /
  /// (sqrt(meanSquare) + epsilon)`, 0 where g and the root are.
  static func rmsProp(
    _ x: UnsafeMutablePointer<Self>, meanSquare: UnsafeMutablePointer<Self>,
    along g: UnsafePointer<Self>, count: Int, smoothing: Double, step: Self, epsilon: Self)
}

/// Rows and columns of a block of preactivations, and the distance from row to row.
public struct BlockShape: Sendable {
  /// Particles.
  public let rows: Int
  /// Points.
  public let points: Int
  /// Numbers from one row to the next.
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
