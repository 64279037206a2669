private import CKernels

/// Counter-based random numbers: number `index` of (seed, stream, particle) is a pure function of
/// those four, so any part of any sequence can be made again, alone, in any order, on any thread.
///
/// The generator is Philox4x32-10 (Salmon, Moraes, Dror, Shaw, *Parallel random numbers: as easy as
/// 1, 2, 3*, 2011). Key: the 64-bit seed. Counter: (index / 2, stream, particle low, particle high);
/// each block of four 32-bit words makes two 53-bit uniforms or, by Box and Muller, two normals.
/// Numbers are made in double precision; single precision runs round them.
public struct RandomStream: Sendable {
  /// The key of the generator.
  public let seed: UInt64
  /// What the numbers are for.
  public let stream: StreamIdentifier

  /// Costs nothing: numbers are made when they are asked for.
  public init(seed: UInt64, stream: StreamIdentifier) {
    self.seed = seed
    self.stream = stream
  }

  /// Fills `buffer` with independent uniform numbers in the open interval (0, 1): numbers `first`,
  /// `first + 1`, ... of the particle.
  public func fillUniforms(
    _ buffer: UnsafeMutableBufferPointer<Double>, particle: Int, first: Int = 0
  ) {
    guard let base = buffer.baseAddress else { return }
    iw_uniforms(seed, stream.rawValue, UInt64(particle), UInt64(first), buffer.count, base)
  }

  /// Fills `buffer` with independent standard normal numbers: numbers `first`, `first + 1`, ... of
  /// the particle.
  public func fillNormals(
    _ buffer: UnsafeMutableBufferPointer<Double>, particle: Int, first: Int = 0
  ) {
    guard let base = buffer.baseAddress else { return }
    iw_normals(seed, stream.rawValue, UInt64(particle), UInt64(first), buffer.count, base)
  }

  /// So many independent uniform numbers as an array: numbers `first`, `first + 1`, ... of the particle.
  public func uniforms(_ count: Int, particle: Int, first: Int = 0) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      fillUniforms(.init(rebasing: buffer[..<count]), particle: particle, first: first)
      initialized = count
    }
  }

  /// So many independent standard normal numbers as an array: numbers `first`, `first + 1`, ... of the particle.
  public func normals(_ count: Int, particle: Int, first: Int = 0) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      fillNormals(.init(rebasing: buffer[..<count]), particle: particle, first: first)
      initialized = count
    }
  }

  /// The four 32-bit words of counter (`block`, stream, `particle`): what numbers `2 block` and
  /// `2 block + 1` of the particle are made from.
  func words(block: Int, particle: Int) -> [UInt32] {
    let particle = UInt64(particle)
    var words: [UInt32] = [0, 0, 0, 0]
    iw_philox4x32_10(
      [
        UInt32(block), stream.rawValue, UInt32(truncatingIfNeeded: particle),
        UInt32(particle >> 32),
      ],
      [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)], &words)
    return words
  }

  /// A uniformly random order of `0 ..< count` (Fisher and Yates): permutation number `particle` of
  /// this stream. The bias of mapping 53-bit uniforms to `count` places is below `count / 2^53`.
  public func permutation(_ count: Int, particle: Int) -> [Int] {
    var order = Array(0..<count)
    guard count > 1 else { return order }
    let draws = uniforms(count - 1, particle: particle)
    for i in stride(from: count - 1, to: 0, by: -1) {
      let j = min(i, Int(draws[i - 1] * Double(i + 1)))
      order.swapAt(i, j)
    }
    return order
  }
}
