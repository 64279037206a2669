/// Particles (a, w) of several systems, however they are kept.
public protocol ParticleStore<Scalar>: Sendable {
  /// The precision of the weights.
  associatedtype Scalar: ParticleScalar

  /// Numbers of systems, particles and coordinates.
  var layout: ParticleLayout { get }

  /// Calls `body` with consecutive parts of the particles, all systems one after another: output and
  /// input weights, each row by row. The pointers are valid during the call only.
  ///
  /// Where the particles are divided among processes, all of them call this, and `body` is called on the first.
  func forEachPart(
    _ body: (
      _ firstParticle: Int, _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) rethrows
}
