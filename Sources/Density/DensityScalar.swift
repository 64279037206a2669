/// A floating-point type in which samples may be given and densities computed: the algorithms are
/// written once over this protocol, and each precision supplies its C calls as witnesses (see
/// iw_density.h for what they compute). Sums over points are kept in double precision in both.
public protocol DensityScalar: FFTScalar {
  /// Sums over a block of points and their masses.
  static func check(_ block: PointBlock<Self>, _ limits: PointLimits) -> PointCheck
  /// Adds moments of the points in cells of a line.
  static func addMoments(
    _ block: PointBlock<Self>, axis: CellAxis, terms: Int,
    to moments: UnsafeMutablePointer<Double>)
  /// Counts the points of each slab.
  static func countSlabs(
    _ block: PointBlock<Self>, _ placement: GridPlacement, counts: UnsafeMutablePointer<Int>)
  /// Sorts points into slabs.
  static func sortIntoSlabs(
    _ block: PointBlock<Self>, _ placement: GridPlacement, next: UnsafeMutablePointer<Int>,
    records: UnsafeMutablePointer<Double>)
  /// Adds the kernels of points to the grid points within reach.
  static func addLocal(
    _ block: PointBlock<Self>, _ sum: LocalSum, scratch: UnsafeMutablePointer<Double>,
    grid: UnsafeMutablePointer<Double>)
  /// Multiplies pairs of numbers by factors.
  static func scale(
    _ pairs: UnsafeMutablePointer<Self>, by factors: UnsafePointer<Double>, times: Double,
    count: Int)
  /// Contracts the middle of three axes by a band of weights.
  static func contract(
    _ input: UnsafePointer<Self>, outer: Int, inner: Int, _ band: AxisBand,
    into output: UnsafeMutablePointer<Self>)
  /// Rounds multiples of numbers in double precision to this one.
  static func round(
    _ from: UnsafePointer<Double>, times factor: Double, count: Int,
    to: UnsafeMutablePointer<Self>)
  /// Converts to double precision.
  static func widen(
    _ from: UnsafePointer<Self>, count: Int, to: UnsafeMutablePointer<Double>)
}
