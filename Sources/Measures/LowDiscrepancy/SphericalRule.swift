private import CKernels

/// Equal-weight point sets on the unit circle and the unit sphere under a random rotation.
///
/// Circle: N equidistant points, the trapezoidal rule. Means of trigonometric polynomials of degree
/// below N are exact; errors are spectrally small for smooth functions and O(N^-2) for one with a
/// kink.
///
/// Sphere: the Fibonacci lattice z_i = 1 - (2i + 1) / N at azimuths i times the golden section of a
/// turn (Swinbank and Purser, *Fibonacci grids: a novel approach to global modelling*, Q. J. R.
/// Meteorol. Soc. 132, 2006; Gonzalez, *Measurement of areas on a sphere using Fibonacci and
/// latitude-longitude lattices*, Math. Geosci. 42, 2010). Heights are the midpoints of N zones of
/// equal area, so functions of z alone have errors O(N^-2); other offsets at the poles, which spread
/// points more evenly to the eye, have errors O(N^-1). The root mean square over rotations falls like
/// N^-1.5 for smooth functions (spherical harmonics of order 1 are like square roots at the poles of
/// the lattice), like N^-1.25 for functions with a kink along a great circle and like N^-0.75 for
/// indicators of caps; the tests measure these rates.
///
/// The rotation is uniform on SO(2) or SO(3) (Haar's measure) from (seed, `sphericalRotation`,
/// randomization), so that every point is uniform on the sphere and means over the points are
/// unbiased.
public struct SphericalRule: Sendable {
  /// The sphere that the points lie on; the raw value is the number of coordinates of a point.
  public enum Sphere: Int, Sendable, CaseIterable {
    /// The unit circle of the plane.
    case circle = 2
    /// The unit sphere of space.
    case sphere = 3
  }

  public let sphere: Sphere
  /// Number of points, N.
  public let count: Int
  /// Rotation of the circle in turns: of a whole turn, not of a step, so that each point alone is
  /// uniform.
  private let turn: Double
  /// Rotation of the sphere, row-major.
  private let rotation: [Double]

  /// - Parameters:
  ///   - count: N, from 1 to 2^32.
  ///   - seed: of the run.
  ///   - randomization: number of the rotation; rotations of different numbers are independent.
  public init(_ sphere: Sphere, count: Int, seed: UInt64, randomization: Int) {
    precondition(
      (1...(1 << 32)).contains(count), "a spherical rule has 1 to 2^32 points, not \(count)")
    self.sphere = sphere
    self.count = count
    let stream = RandomStream(seed: seed, stream: .sphericalRotation)
    rotation = Self.rotation(quaternion: stream.normals(4, particle: randomization))
    turn = stream.uniforms(1, particle: randomization, first: 4)[0]
  }

  /// The rotation matrix of a quaternion (a, b, c, d) of any length but 0. Four independent normal
  /// numbers point in a uniform direction of the 3-sphere, which makes the rotation uniform on SO(3)
  /// (Shoemake, *Uniform random rotations*, Graphics Gems III, 1992).
  private static func rotation(quaternion q: [Double]) -> [Double] {
    let (a, b, c, d) = (q[0], q[1], q[2], q[3])
    let square = a * a + b * b + c * c + d * d
    return [
      a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c),
      2 * (b * c + a * d), a * a - b * b + c * c - d * d, 2 * (c * d - a * b),
      2 * (b * d - a * c), 2 * (c * d + a * b), a * a - b * b - c * c + d * d,
    ].map { $0 / square }
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
      iw_fibonacci_points(UInt64(first), count, UInt64(self.count), rotation, buffer)
    }
  }
}
