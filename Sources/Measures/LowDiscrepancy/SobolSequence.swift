private import CKernels

/// Sobol' points: a digital sequence in base 2 in the unit cube, optionally with nested uniform
/// scrambling.
///
/// Direction numbers: Joe and Kuo, *Constructing Sobol sequences with better two-dimensional
/// projections*, SIAM J. Sci. Comput. 30, 2008. Points are in Gray code order (Antonov and Saleev
/// 1979), which permutes the binary order within every aligned block of a power of two. Any such
/// block, points `k 2^m ..< (k + 1) 2^m`, is a (t, m, s)-net: its 2^m coordinates of each dimension
/// lie one in each interval of length 2^-m, and for the first two dimensions every elementary
/// interval of volume 2^-m holds one point.
///
/// Scrambling (Owen, *Randomly permuted (t,m,s)-nets and (t,s)-sequences*, 1995) keeps all of this
/// and makes each point uniform in the cube, so that means over the points are unbiased. Their
/// variance is o(1/N) for every square-integrable function, at most a constant that depends on t and
/// s times Monte Carlo's, and O(N^-3 (log N)^(s-1)) for smooth ones (Owen 1997). It is a hash (Burley,
/// *Practical hash-based Owen scrambling*, 2020) that has the exact joint law of any two points; see
/// `sobol.c` for the proof. Its keys are Philox words of (seed, `sobolScrambling`, randomization,
/// dimension): scramblings of different dimensions and randomizations are independent.
///
/// Coordinates are (v + 1/2) / 2^32 with v of 32 bits: in the open interval, exact in double
/// precision.
public struct SobolSequence: Sendable {
  /// What is done to the points.
  public enum Randomization: Sendable, Equatable {
    /// Nothing: point 0 is the corner (2^-33, 2^-33, ...), and means over points are biased.
    case none
    /// Nested uniform scrambling, randomization `number` of the seed.
    case nestedUniform(seed: UInt64, number: Int)
  }

  /// The dimensions that have direction numbers here.
  public static let largestDimension = Int(IW_SOBOL_DIMENSIONS)
  /// The points of 32 binary digits.
  public static let largestCount = 1 << Int(IW_SOBOL_BITS)

  /// Coordinates of a point, at most ``largestDimension``.
  public let dimensions: Int
  /// What is done to the points.
  public let randomization: Randomization
  private let directions: [UInt32]
  private let keys: [UInt32]?

  /// Costs about 0.4 microseconds and 160 bytes a dimension.
  ///
  /// - Parameter dimensions: 1 to ``largestDimension``.
  public init(dimensions: Int, randomization: Randomization) {
    precondition(
      (1...Self.largestDimension).contains(dimensions),
      "Sobol' points have 1 to \(Self.largestDimension) dimensions, not \(dimensions)")
    self.dimensions = dimensions
    self.randomization = randomization
    directions = [UInt32](unsafeUninitializedCapacity: Int(IW_SOBOL_BITS) * dimensions) {
      iw_sobol_directions(dimensions, $0.baseAddress!)
      $1 = Int(IW_SOBOL_BITS) * dimensions
    }
    switch randomization {
    case .none: keys = nil
    case .nestedUniform(let seed, let number):
      keys = Self.keys(dimensions: dimensions, seed: seed, number: number)
    }
  }

  /// The words of dimension d are blocks 2d and 2d + 1 of the randomization.
  private static func keys(dimensions: Int, seed: UInt64, number: Int) -> [UInt32] {
    let stream = RandomStream(seed: seed, stream: .sobolScrambling)
    var keys = [UInt32](repeating: 0, count: Int(IW_SOBOL_KEYS) * dimensions)
    for d in 0..<dimensions {
      let words =
        stream.words(block: 2 * d, particle: number)
        + stream.words(block: 2 * d + 1, particle: number)
      for k in words.indices { keys[k * dimensions + d] = words[k] }
    }
    return keys
  }

  /// Writes points `first ..< first + count` row by row (count x dimensions). Point i is the same
  /// numbers in whatever block it is made. In many dimensions about 1 ns a number on one thread with
  /// 512-bit vectors, 2 ns with 256-bit ones, 9 ns at the baseline instruction set; in two or three
  /// dimensions 5 ns.
  ///
  /// - Parameters:
  ///   - first: at least 0; `first + count` at most ``largestCount``.
  ///   - buffer: room for `count * dimensions` numbers.
  public func fillUniforms(first: Int, count: Int, into buffer: UnsafeMutablePointer<Double>) {
    precondition(
      first >= 0 && count >= 0 && first <= Self.largestCount - count,
      "points \(first) to \(first + count) of a sequence of \(Self.largestCount)")
    iw_sobol_uniforms(directions, keys, dimensions, UInt64(first), count, buffer)
  }
}
