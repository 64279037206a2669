import Checkpoints
import Execution
import LinearAlgebra
import Networks
import ParticleSystems

/// Deep networks that take training steps, side by side on the same batches.
final class DeepTransport<Scalar: ParticleScalar>: LogitTransport {
  private let ensemble: DeepEnsemble<Scalar>
  private let settings: TrainingSettings
  private let update: DeepUpdate<Scalar>
  private let evaluation: DeepEvaluation<Scalar>
  /// Where they are recorded.
  private let increments: DeepIncrements<Scalar>?
  private let decomposition: DeepDecomposition<Scalar>?
  private let training: PointSet<Scalar>
  private let test: PointSet<Scalar>
  /// The points whose preactivations are kept for the next update; `nil` where a state was taken back, which does not
  /// have them.
  private var batch: PointSet<Scalar>?

  var systems: Int { ensemble.systems }

  /// - Parameter initial: the same networks at step 0, where increments are recorded.
  init(
    _ ensemble: DeepEnsemble<Scalar>, initial: DeepEnsemble<Scalar>?, settings: TrainingSettings,
    workers: Workers
  ) {
    let problem = settings.problem
    precondition(ensemble.layers[0].inputs == problem.inputDimension)
    precondition(ensemble.layers.last!.outputs == problem.outputs)
    self.ensemble = ensemble
    self.settings = settings
    let workers = workers.forProducts
    training = PointSet(problem.trainingInputs)
    test = PointSet(problem.testInputs)
    let forward = DeepForward(ensemble, activation: settings.architecture.activation)
    update = DeepUpdate(
      forward, largestBatch: settings.batches.largestBatch(points: training.count),
      workers: workers)
    evaluation = DeepEvaluation(forward, hasProbes: settings.probes > 0, workers: workers)
    increments = initial.map { DeepIncrements(ensemble, initial: $0, workers: workers) }
    decomposition =
      settings.decomposes ? DeepDecomposition(forward, increments!, workers: workers) : nil
  }

  func advance(
    by step: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    if let step {
      if batch == nil { _ = keep(step.batch) }
      update.apply(step.gradients, inputs: batch!)
    }
    var result = EvaluatedLogits()
    if request.hasNextBatch { result.batch = keep(request.nextBatch) }
    guard request.isRecorded else { return result }
    result.training =
      request.hasNextBatch && request.nextBatch == nil
      ? result.batch : evaluation.logits(training)
    result.test = evaluation.logits(test)
    result.tangentKernels = evaluation.tangentKernels(
      test, probes: settings.probes, pairs: settings.pairsProbes)
    result.weightIncrements = increments?.rootMeanSquares()
    result.decompositions = decomposition?.terms(test)
    return result
  }

  private func keep(_ indices: [Int]?) -> [[Double]] {
    let points = indices.map { training.selecting($0) } ?? training
    batch = points
    return update.keep(points)
  }

  func exchange(_ state: RunState) throws {
    try ensemble.exchange(state)
    if state.isRestoring { batch = nil }
  }
}
