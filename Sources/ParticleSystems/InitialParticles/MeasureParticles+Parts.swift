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
    let outputs = store.layout.outputs
    let rows = ParticleLayout.blockSize
    let a = AlignedBuffer<Scalar>(count: rows * outputs, repeating: 0)
    let w = AlignedBuffer<Scalar>(count: rows * features, repeating: 0)
    try store.forEachPart { number, outputWeights, inputWeights in
      let first = start + number
      if first >= count { return }
      let size = outputWeights.count / outputs
      lift(
        first: first, count: size, outputWeights: outputWeights.baseAddress!,
        inputWeights: inputWeights.baseAddress!, intoOutput: a.base, intoInput: w.base)
      try body(
        first, UnsafeBufferPointer(rebasing: a.contents[..<outputWeights.count]),
        UnsafeBufferPointer(rebasing: w.contents[..<(size * features)]))
    }
  }
}
