import Checkpoints
import Execution
import LinearAlgebra
import Networks

/// Particles in the representation by training preactivations that take gradient steps.
///
/// For n training points and N particles in all, an update of a batch of b points costs 2 n b N
/// operations, whatever the dimension of the inputs; a recorded step costs in m coordinates of w
/// the draw of the initial particles, 2 n m N operations, and 2 m N for each test point.
package final class PreactivationTransport<Scalar: ParticleScalar>: LogitTransport {
  let ensemble: PreactivationEnsemble<Scalar>
  private let settings: TrainingSettings
  private let sweep: PreactivationSweep<Scalar>
  private let trainingEvaluation: Evaluation<Scalar>
  private let testEvaluation: Evaluation<Scalar>
  private let probeProducts: [Double]
  private var slowGradients: SlowGradients?

  package var systems: Int { ensemble.layout.systems }

  /// - Parameter inputs: in the coordinates of the ensemble's sources.
  package init(
    _ ensemble: PreactivationEnsemble<Scalar>, settings: TrainingSettings,
    inputs: TransportInputs<Scalar>, workers: Workers
  ) {
    precondition(!settings.decomposes, "the decomposition belongs to finite networks")
    precondition(ensemble.layout.outputs == settings.outputs)
    precondition(ensemble.layout.features == inputs.test.features)
    self.ensemble = ensemble
    self.settings = settings
    sweep = PreactivationSweep(
      ensemble, activation: settings.architecture.activation, step: settings.step,
      largestBatch: settings.batches.largestBatch(points: ensemble.points),
      largestPointSet: max(ensemble.points, inputs.test.count), workers: workers)
    trainingEvaluation = Evaluation(ensemble.training, layout: ensemble.layout)
    testEvaluation = Evaluation(
      inputs.test, layout: ensemble.layout, probes: settings.probes,
      pairsProbes: settings.pairsProbes, smoothing: inputs.smoothing)
    probeProducts = inputs.probeProducts
    slowGradients = ensemble.fastCoordinates.map { SlowGradients($0) }
  }

  package func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    begin(by: update, evaluating: request).finish()
  }

  package func begin(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> PendingAdvance {
    let needsTraining = request.isRecorded || request.hasNextBatch
    return sweep.begin(
      update: update.map {
        .init(
          batch: $0.batch, gradients: rounded($0.gradients), steps: $0.steps,
          slow: slowGradients?.move(with: $0.gradients).map(rounded))
      }, training: needsTraining ? trainingEvaluation : nil,
      test: request.isRecorded ? testEvaluation : nil
    ) { [self] in needsTraining ? evaluated(request) : EvaluatedLogits() }
  }

  private func evaluated(_ request: EvaluationRequest) -> EvaluatedLogits {
    let factor = settings.step.logitScale / Double(ensemble.layout.particles)
    var result = EvaluatedLogits()
    let trainingSums = trainingEvaluation.sums()
    let training = (0..<systems).map { trainingSums.logits(system: $0, factor: factor) }
    let outputs = settings.outputs
    if request.hasNextBatch {
      result.batch =
        request.nextBatch.map { batch in training.map { $0.rows(batch, of: outputs) } } ?? training
    }
    if request.isRecorded {
      result.training = training
      let test = testEvaluation.sums()
      result.test = (0..<systems).map { test.logits(system: $0, factor: factor) }
      result.tangentKernels = (0..<systems).map {
        test.tangentKernel(
          system: $0, particles: ensemble.layout.particles, step: settings.step,
          products: probeProducts)
      }
    }
    return result
  }

  package func exchange(_ state: RunState) throws {
    try ensemble.exchange(state)
    func part(_ numbers: Int) -> StatePart {
      ensemble.layout.part(settings.step.update == .gradient ? 0 : numbers)
    }
    try state.exchange("velocities.input", sweep.inputVelocities, part: part(ensemble.points))
    try state.exchange("velocities.output", sweep.outputVelocities, part: part(settings.outputs))
    try slowGradients?.exchange(
      state.part("slow"),
      lengths: Array(
        repeating: ensemble.points * settings.outputs, count: systems))
  }

  /// System by system, flat.
  private func rounded(_ gradients: [[Double]]) -> [Scalar] {
    gradients.flatMap(Scalar.lossGradients)
  }
}
