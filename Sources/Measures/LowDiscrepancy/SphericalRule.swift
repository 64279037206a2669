private import CKernels

/// Randomized equal-weight point sets on the unit circle and the unit sphere.
///
/// Circle: N equidistant points under a random rotation, the trapezoidal rule. Means of trigonometric
/// polynomials of degree below N are exact; errors are spectrally small for smooth functions and
/// O(N^-2) for one with a kink.
///
/// Sphere: the Fibonacci lattice z_i = 1 - 2 (i + u) / N at azimuths of i golden sections of a turn plus
/// a random one (Swinbank and Purser, *Fibonacci grids: a novel approach to global modelling*, Q. J. R.
/// Meteorol. Soc. 132, 2006; Gonzalez, *Measurement of areas on a sphere using Fibonacci and
/// latitude-longitude lattices*, Math. Geosci. 42, 2010), with its poles on the first axis and u uniform
/// in (0, 1). Kinks of an activation, a phi(w . x), lie on the great circles w . x = 0, all of which
/// pass through the poles of a, the first coordinate. There the lattice is a regular grid in the
/// azimuth, and for XOR in two dimensions, 1024 points, errors are a third of those under a rotation
/// uniform on SO(3) at all of 200 steps. Root mean square errors over randomizations fall like N^-1.5
/// for logits a phi(w . x) and N^-1.9 for kernels at the start, like N^-1.25 for other kinks, like N^-1
/// for functions of z that differ at the poles and like N^-0.75 for indicators of caps; the tests
/// measure these rates.
///
/// Points are numbered from a random one on, in strides that leave no two of a kind together: every
/// point is uniform on the sphere by itself, so that means are unbiased, and a few points in a row are
/// spread over it. The random numbers come from (seed, `sphericalRotation`, randomization).
public struct SphericalRule: Sendable {
  /// The sphere that the points lie on; the raw value is the number of coordinates of a point.
  public enum Sphere: Int, Sendable, CaseIterable {
    /// The unit circle of the plane.
    case circle = 2
    /// The unit sphere of space.
    case sphere = 3
  }

  /// Circle or sphere.
  public let sphere: Sphere
  /// Number of points, N.
  public let count: Int
  /// Rotation about the centre or the axis in turns: of a whole turn, not of a step, so that each
  /// point alone is uniform.
  private let turn: Double
  /// u, the place of a height within its zone of equal area.
  private let offset: Double
  /// Point k of the sphere is number (start + k stride) mod N from pole to pole.
  private let start: Int
  private let stride: Int

  /// - Parameters:
  ///   - count: N, from 1 to 2^32.
  ///   - seed: of the run.
  ///   - randomization: number of the rotation; rotations of different numbers are independent.
  public init(_ sphere: Sphere, count: Int, seed: UInt64, randomization: Int) {
    precondition(
      (1...(1 << 32)).contains(count), "a spherical rule has 1 to 2^32 points, not \(count)")
    self.sphere = sphere
    self.count = count
    let uniforms = RandomStream(seed: seed, stream: .sphericalRotation)
      .uniforms(3, particle: randomization)
    turn = uniforms[0]
    offset = uniforms[1]
    start = min(Int(uniforms[2] * Double(count)), count - 1)
    stride = Self.stride(count)
  }

  /// The first number from N golden sections on that has no divisor in common with N, below N: strides
  /// of it reach every number, neighbours far apart.
  private static func stride(_ count: Int) -> Int {
    func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
    let golden = Int(0.6180339887498949 * Double(count))
    return (max(golden, 1)..<max(count, 2)).first { divisor($0, count) == 1 } ?? 1
  }

  /// Writes points `first ..< first + count` of the rule row by row (count x 2 or 3). Point i is the
  /// same numbers in whatever block it is made.
  public func fillPoints(first: Int, count: Int, into buffer: UnsafeMutablePointer<Double>) {
    precondition(
      first >= 0 && count >= 0 && first <= self.count - count,
      "points \(first) to \(first + count) of a rule of \(self.count)")
    switch sphere {
    case .circle:
      iw_circle_points(UInt64(first), count, UInt64(self.count), turn, buffer)
    case .sphere:
      iw_fibonacci_points(
        UInt64(first), count, UInt64(self.count), UInt64(start), UInt64(stride), offset, turn,
        buffer)
    }
  }
}
