import DataIO
import ParticleSystems

/// Where a limit that runs puts what it makes: a file, or memory.
protocol LimitSink {
  /// Takes the particles at a snapshot, of all realizations one after another.
  func write<Scalar: ParticleScalar & NetCDFElement>(
    _ store: any ParticleStore<Scalar>, step: Int) throws

  /// Called once, where no simulation follows.
  func finish(_ outcome: LimitOutcome) throws
}

/// The sink of a process that has some of the particles and no file.
struct OtherProcessSink: LimitSink {
  func write<Scalar: ParticleScalar & NetCDFElement>(
    _ store: any ParticleStore<Scalar>, step: Int
  ) throws {
    store.forEachPart { _, _, _ in }
  }

  func finish(_ outcome: LimitOutcome) throws {}
}
