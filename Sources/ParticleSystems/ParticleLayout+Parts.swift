import LinearAlgebra
import MessagePassing

extension ParticleLayout {
  /// Hands the first process all blocks of particles in their order, those of other processes one at a time; the
  /// others send theirs. Every process calls it.
  ///
  /// - Parameters:
  ///   - weights: a block's output and input weights, of one that this process holds.
  ///   - body: on the first process.
  func forEachPart<Scalar: ParticleScalar>(
    in precision: Scalar.Type,
    weights: (Block) -> (output: UnsafePointer<Scalar>, input: UnsafePointer<Scalar>),
    _ body: (
      _ firstParticle: Int, _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) rethrows {
    for index in held {
      let block = block(index)
      let (output, input) = weights(block)
      let a = UnsafeBufferPointer(start: output, count: block.count * outputs)
      let w = UnsafeBufferPointer(start: input, count: block.count * features)
      if ranks.isFirst {
        try body(block.number, a, w)
      } else {
        ranks.send(a, to: 0)
        ranks.send(w, to: 0)
      }
    }
    guard ranks.isFirst, held.upperBound < blockCount else { return }
    let a = AlignedBuffer<Scalar>(count: largestBlock * outputs, repeating: 0)
    let w = AlignedBuffer<Scalar>(count: largestBlock * features, repeating: 0)
    for index in held.upperBound..<blockCount {
      let block = block(index)
      let source = ranks.rank(of: index, of: blockCount)
      let output = UnsafeMutableBufferPointer(start: a.base, count: block.count * outputs)
      let input = UnsafeMutableBufferPointer(start: w.base, count: block.count * features)
      ranks.receive(output, from: source)
      ranks.receive(input, from: source)
      try body(block.number, UnsafeBufferPointer(output), UnsafeBufferPointer(input))
    }
  }
}
