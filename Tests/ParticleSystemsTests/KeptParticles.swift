import Execution
import Networks

@testable import ParticleSystems

/// Particles of the given sources in one representation, and what steps them.
func kept(
  _ sources: [any ParticleSource], byPreactivations: Bool, _ settings: TrainingSettings,
  _ inputs: TransportInputs<Double>, _ workers: Workers
) -> (store: any ParticleStore<Double>, transport: any LogitTransport) {
  if byPreactivations {
    let ensemble = PreactivationEnsemble<Double>(
      sources: sources, training: inputs.training, workers: workers)
    return (
      ensemble,
      PreactivationTransport(ensemble, settings: settings, inputs: inputs, workers: workers)
    )
  }
  let ensemble = ParticleEnsemble<Double>(sources: sources, workers: workers)
  return (
    ensemble, ParticleTransport(ensemble, settings: settings, inputs: inputs, workers: workers)
  )
}
