import LinearAlgebra

extension MeasureParticles {
  /// Calls `body` with consecutive parts of a simulation's particles, of the first realization, as the
  /// measure has them (``lift(first:count:outputWeights:inputWeights:intoOutput:intoInput:)``): the
  /// number of the first particle, output and input weights, each row by row. The pointers are valid
  /// during the call only.
  ///
  /// - Parameter start: number of the store's first particle.
  public func forEachPart<Scalar: ParticleScalar>(
    of store: any ParticleStore<Scalar>, startingAt start: Int = 0,
    _ body: (
      _ first: Int, _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) rethrows {
    try Self.forEachPart(of: store, startingAt: start, realizations: [self]) {
      try body($1, $2, $3)
    }
  }

  /// The same of several realizations, whose particles follow one another in the store: their number
  /// comes first.
  ///
  /// - Parameter realizations: the first ones, of equally many particles.
  public static func forEachPart<Scalar: ParticleScalar>(
    of store: any ParticleStore<Scalar>, startingAt start: Int = 0,
    realizations: [MeasureParticles],
    _ body: (
      _ realization: Int, _ first: Int, _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) rethrows {
    let (count, features) = (realizations[0].count, realizations[0].features)
    let outputs = store.layout.outputs
    let rows = ParticleLayout.blockSize
    let a = AlignedBuffer<Scalar>(count: rows * outputs, repeating: 0)
    let w = AlignedBuffer<Scalar>(count: rows * features, repeating: 0)
    try store.forEachPart { number, outputWeights, inputWeights in
      // A part belongs to one system, and so to one realization.
      let (realization, first) = (start + number).quotientAndRemainder(dividingBy: count)
      guard realization < realizations.count else { return }
      let size = outputWeights.count / outputs
      realizations[realization].lift(
        first: first, count: size, outputWeights: outputWeights.baseAddress!,
        inputWeights: inputWeights.baseAddress!, intoOutput: a.base, intoInput: w.base)
      try body(
        realization, first, UnsafeBufferPointer(rebasing: a.contents[..<outputWeights.count]),
        UnsafeBufferPointer(rebasing: w.contents[..<(size * features)]))
    }
  }
}
