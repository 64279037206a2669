/// Consecutive particles of a larger sample as a sample of their own, so that the sample can be gone
/// through in parts, its stratification and its matched moments being those of the whole.
package struct ParticleWindow: ParticleSource {
  let sample: DesignedParticles
  /// Number in the sample of the first particle.
  let first: Int
  package let count: Int

  package var features: Int { sample.features }
  package var outputs: Int { sample.outputs }

  /// - Parameters:
  ///   - first: a multiple of the design's group size, as is `count`.
  package init(_ sample: DesignedParticles, first: Int, count: Int) {
    precondition(first >= 0 && count >= 1 && first + count <= sample.count)
    self.sample = sample
    self.first = first
    self.count = count
  }

  package func massesBySize(first: Int, count: Int) -> [Double]? {
    sample.massesBySize(first: self.first + first, count: count)
  }

  package func fill<Scalar: ParticleScalar>(
    first: Int, count: Int, outputWeights: UnsafeMutablePointer<Scalar>,
    inputWeights: UnsafeMutablePointer<Scalar>
  ) {
    precondition(first >= 0 && first + count <= self.count)
    sample.fill(
      first: self.first + first, count: count, outputWeights: outputWeights,
      inputWeights: inputWeights)
  }
}
