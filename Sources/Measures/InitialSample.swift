/// A reproducible sample of an initial law: particle r is the same numbers whatever the size of the
/// sample, the block it is made in, or the thread that makes it.
public struct InitialSample: Sendable {
  /// What is drawn from.
  public let law: InitialLaw
  /// Of the run, or of the network.
  public let seed: UInt64
  let outputStream: RandomStream
  let inputStream: RandomStream

  /// What a sample is for: limits and networks draw from different streams.
  public enum Use: Sendable {
    /// Particles of a limit.
    case limit
    /// Neurons of a finite network; `seed` is the network's.
    case network
  }

  /// The streams of random numbers follow from `use`.
  public init(law: InitialLaw, seed: UInt64, use: Use) {
    self.law = law
    self.seed = seed
    switch use {
    case .limit:
      outputStream = RandomStream(seed: seed, stream: .limitOutputWeights)
      inputStream = RandomStream(seed: seed, stream: .limitInputWeights)
    case .network:
      outputStream = RandomStream(seed: seed, stream: .networkOutputWeights)
      inputStream = RandomStream(seed: seed, stream: .networkInputWeights)
    }
  }

  /// Writes particles `first ..< first + count`: `outputWeights` (count x outputs) and `inputWeights`
  /// (count x features) row by row. Numbers are drawn in double precision and rounded; the first
  /// output weights are the same numbers whatever the number of outputs.
  public func fill<Scalar: BinaryFloatingPoint>(
    first: Int, count: Int, features: Int, outputs: Int = 1,
    outputWeights: UnsafeMutablePointer<Scalar>, inputWeights: UnsafeMutablePointer<Scalar>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: features + outputs) { scratch in
      scratch.initialize(repeating: 0)
      let output = UnsafeMutableBufferPointer(rebasing: scratch[features...])
      let input = UnsafeMutableBufferPointer(rebasing: scratch[..<features])
      for r in 0..<count {
        let draw = first + r
        law.fill(
          output, from: outputStream, particle: draw, deviation: law.outputWeightDeviation)
        law.fill(input, from: inputStream, particle: draw, deviation: law.inputWeightDeviation)
        for c in 0..<outputs { outputWeights[r * outputs + c] = Scalar(output[c]) }
        let row = inputWeights + r * features
        for j in 0..<features { row[j] = Scalar(input[j]) }
      }
    }
  }
}
