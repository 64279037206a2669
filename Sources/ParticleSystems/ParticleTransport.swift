import Checkpoints
import Execution
import LinearAlgebra
import Networks

/// Particles (a, w) that take gradient steps: finite networks, and limits whose measure moves.
///
/// For D features, N particles in all and n points a batch, an update costs 4 n D N operations (6 n
/// D N for activations that are not piecewise linear), and every point evaluated at a recorded step
/// 2 D N. With C > 1 outputs an update costs 6 n (D + C) N, a point 2 (D + C) N. Memory is that of
/// the particles, up to as much again for the kept signs (`ParticleSweep`), as much again where the
/// update rule remembers something, and one number for each point, output and block of 512
/// particles.
///
/// The tangent-kernel diagonal of several outputs is the mean over outputs c of the entries K_cc(x, x)
/// = logitScale (outputStep E[phi^2] + inputStep E[a_c^2 phi'^2] |x|^2).
package final class ParticleTransport<Scalar: ParticleScalar>: LogitTransport {
  let ensemble: ParticleEnsemble<Scalar>
  private let settings: TrainingSettings
  private let sweep: ParticleSweep<Scalar>
  private let training: PointSet<Scalar>
  private let trainingEvaluation: Evaluation<Scalar>
  private let testEvaluation: Evaluation<Scalar>
  private let probeProducts: [Double]
  /// The batch that the sweep has kept signs of: the points of the next update.
  private var batchPoints: PointSet<Scalar>
  /// Their numbers among the training points, or `nil` for all of them.
  private var batch: [Int]?

  package var systems: Int { ensemble.systems }

  /// - Parameter inputs: in the coordinates of the ensemble's input weights.
  package init(
    _ ensemble: ParticleEnsemble<Scalar>, settings: TrainingSettings,
    inputs: TransportInputs<Scalar>, workers: Workers
  ) {
    let problem = settings.problem
    self.ensemble = ensemble
    self.settings = settings
    training = inputs.training
    let test = inputs.test
    precondition(ensemble.features == training.features, "particles and inputs of one dimension")
    precondition(ensemble.outputs == problem.outputs, "particles and problem of as many outputs")
    sweep = ParticleSweep(
      ensemble: ensemble, activation: settings.architecture.activation, step: settings.step,
      largestBatch: settings.batches.largestBatch(points: training.count),
      largestPointSet: max(training.count, test.count), decomposes: settings.decomposes,
      workers: workers)
    trainingEvaluation = Evaluation(
      training, layout: ensemble.layout, keepsMask: settings.batches == .full)
    testEvaluation = Evaluation(
      test, layout: ensemble.layout, probes: settings.probes,
      pairsProbes: settings.pairsProbes, decomposes: settings.decomposes,
      smoothing: inputs.smoothing)
    probeProducts = inputs.probeProducts
    batchPoints = training
  }

  package func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    begin(by: update, evaluating: request).finish()
  }

  package func begin(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> PendingAdvance {
    // The state does not have it: the update names its points.
    if let update, update.batch != batch {
      batch = update.batch
      batchPoints = batch.map { training.selecting($0) } ?? training
    }
    let batchEvaluation = request.nextBatch.map {
      Evaluation(training.selecting($0), layout: ensemble.layout, keepsMask: true)
    }
    var evaluations: [Evaluation<Scalar>] = []
    if request.isRecorded { evaluations.append(testEvaluation) }
    if request.isRecorded || request.hasNextBatch && request.nextBatch == nil {
      evaluations.append(trainingEvaluation)
    }
    if let batchEvaluation { evaluations.append(batchEvaluation) }
    let update = update.map {
      ParticleSweep<Scalar>.Update(
        points: batchPoints, gradients: $0.gradients.flatMap(Scalar.lossGradients),
        steps: $0.steps)
    }
    batchPoints = batchEvaluation?.points ?? training
    batch = request.nextBatch
    return sweep.begin(update: update, evaluations: evaluations) { [self] in
      evaluated(request, on: batchEvaluation)
    }
  }

  private func evaluated(
    _ request: EvaluationRequest, on batchEvaluation: Evaluation<Scalar>?
  ) -> EvaluatedLogits {
    let factor = settings.step.logitScale / Double(ensemble.particles)
    func logits(_ sums: EvaluatedSums) -> [[Double]] {
      (0..<systems).map { sums.logits(system: $0, factor: factor) }
    }
    var result = EvaluatedLogits()
    let needsAll = request.isRecorded || request.hasNextBatch && batchEvaluation == nil
    let onAll = needsAll ? logits(trainingEvaluation.sums()) : []
    if request.hasNextBatch { result.batch = batchEvaluation.map { logits($0.sums()) } ?? onAll }
    if request.isRecorded {
      let test = testEvaluation.sums()
      result.training = onAll
      result.test = logits(test)
      result.tangentKernels = (0..<systems).map {
        test.tangentKernel(
          system: $0, particles: ensemble.particles, step: settings.step, products: probeProducts)
      }
      if settings.decomposes {
        result.decompositions = (0..<systems).map {
          test.decomposition(system: $0, factor: factor)
        }
      }
    }
    return result
  }

  package func exchange(_ state: RunState) throws {
    try ensemble.exchange(state)
    try sweep.exchange(state)
  }
}
