import Checkpoints
import Execution
import Networks
import ParticleSystems

/// Particles of several systems, each driven by the loss gradients of a solved limit, step by step beside
/// networks that have the same initial neurons: the other half of the synchronous coupling.
///
/// A neuron of a mean-field network of width d and its twin in the limit, started from one draw, differ by
/// what the networks' loss gradients differ from the limit's, and the mean of the squared distance is of
/// order 1/d (propagation of chaos; Sznitman 1991; Mei, Montanari, Nguyen 2018, arXiv 1804.06561). It bounds
/// the square of the Wasserstein-2 distance between the law of the network's neurons and the empirical
/// law of as many independent draws from the limit, and has no sampling error of its own.
///
/// Cost: that of training the networks once more. Memory: their neurons'.
public final class DrivenTwins<Scalar: ParticleScalar> {
  /// The twins' weights after ``step`` steps; system s is that of source s.
  public let ensemble: ParticleEnsemble<Scalar>
  /// Updates made.
  public private(set) var step = 0
  private let fields: [DrivingField]
  private let settings: TrainingSettings
  private let transport: ParticleTransport<Scalar>

  /// - Parameters:
  ///   - sources: the initial neurons, a system each.
  ///   - fields: one for each system.
  ///   - settings: of the limit (``ParticleStep/meanFieldLimit(of:)``), as the fields were solved with.
  public init(
    sources: [any ParticleSource], fields: [DrivingField], settings: TrainingSettings,
    workers: Workers
  ) {
    precondition(fields.count == sources.count, "one field a system")
    precondition(
      fields.allSatisfy {
        $0.updates == settings.steps && $0.points == settings.problem.trainingCount
          && $0.outputs == settings.outputs
      })
    var settings = settings
    // Nothing of the twins is recorded but their neurons.
    settings.probes = 0
    settings.decomposes = false
    self.settings = settings
    self.fields = fields
    ensemble = ParticleEnsemble(sources: sources, workers: workers)
    transport = ParticleTransport(
      ensemble, settings: settings, inputs: TransportInputs(settings), workers: workers)
    _ = transport.advance(by: nil, evaluating: request)
  }

  /// Makes updates until so many are made.
  public func advance(to target: Int) {
    precondition(target >= step && target <= settings.steps)
    while step < target {
      let batch = settings.batches.indices(update: step, points: settings.problem.trainingCount)
      let update = GradientUpdate(
        batch: batch,
        gradients: fields.flatMap { $0.update(step, batch: batch).gradients })
      step += 1
      _ = transport.advance(by: update, evaluating: request)
    }
  }

  /// The twins after some of the updates.
  package func exchange(_ state: RunState) throws {
    try state.exchange("step", &step)
    guard (0...settings.steps).contains(step) else {
      throw state.misfit("step", "the value \(step)")
    }
    try transport.exchange(state)
  }

  /// The next batch is named although its logits are not needed: the transport prepares it.
  private var request: EvaluationRequest {
    let isLast = step == settings.steps
    return EvaluationRequest(
      hasNextBatch: !isLast,
      nextBatch: isLast
        ? nil : settings.batches.indices(update: step, points: settings.problem.trainingCount),
      isRecorded: false)
  }
}
