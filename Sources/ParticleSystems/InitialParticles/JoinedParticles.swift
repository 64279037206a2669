import Measures

/// Several samples of one law, one after another, as one: the particles of a replicate, or both
/// halves of it.
public struct JoinedParticles: ParticleSource {
  package let parts: [DesignedParticles]
  /// Number of the first particle of each part, and that of all particles.
  private let starts: [Int]

  /// Coordinates of w.
  public var features: Int { parts[0].features }
  /// Numbers of a.
  public var outputs: Int { parts[0].outputs }
  /// Particles of all samples together.
  public var count: Int { starts.last! }

  package init(_ parts: [DesignedParticles]) {
    precondition(!parts.isEmpty)
    self.parts = parts
    starts = parts.reduce(into: [0]) { $0.append($0.last! + $1.count) }
  }

  /// Splits particles `first ..< first + count` at the borders of the parts: `body(part, first of it,
  /// count, offset in the particles asked for)`.
  func forEachPart(
    first: Int, count: Int,
    _ body: (_ part: DesignedParticles, _ first: Int, _ count: Int, _ offset: Int) -> Void
  ) {
    precondition(first >= 0 && first + count <= self.count)
    for (number, part) in parts.enumerated() {
      let low = max(first, starts[number])
      let high = min(first + count, starts[number + 1])
      if low < high { body(part, low - starts[number], high - low, low - first) }
    }
  }

  public func massesBySize(first: Int, count: Int) -> [Double]? {
    guard parts[0].sample.design.weighsOutput else { return nil }
    var masses: [Double] = []
    forEachPart(first: first, count: count) { part, partFirst, partCount, _ in
      masses += part.massesBySize(first: partFirst, count: partCount)!
    }
    return masses
  }

  public func fill<Scalar: ParticleScalar>(
    first: Int, count: Int, outputWeights: UnsafeMutablePointer<Scalar>,
    inputWeights: UnsafeMutablePointer<Scalar>
  ) {
    forEachPart(first: first, count: count) { part, partFirst, partCount, offset in
      part.fill(
        first: partFirst, count: partCount, outputWeights: outputWeights + offset * outputs,
        inputWeights: inputWeights + offset * features)
    }
  }
}
