import DeepMeanField
import ParticleSystems

/// Where a limit of several hidden layers that runs puts its snapshots: a file, or memory.
protocol LayeredSink<Scalar> {
  associatedtype Scalar: ParticleScalar

  /// Test points at which it wants preactivations, the first ones.
  var probes: Int { get }

  /// Takes the populations of all replicates.
  func write(_ snapshot: LayeredSnapshot<Scalar>, step: Int) throws
}
