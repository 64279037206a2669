import Checkpoints
import Execution
import Networks
import ParticleSystems

/// Particles whose logits are corrected by what is known exactly about their initial sample.
///
/// The exact initial logits are zero and the exact initial tangent kernel K has a closed form; those of
/// a sample differ by f_0^N and K^N - K, and for a while that difference is most of the error of the
/// sample's logits. With S(k) the sum of the steps along the loss gradients (the sum of the g(j), j < k,
/// for gradient descent), three control variates of mean zero are known at every step,
///
///     D_0 = -f_0^N,   D_a = (K_a^N - K_a) S(k),   D_w = (K_w^N - K_w) S(k),
///
/// and the logits f + sum_j beta_j D_j are what the loss gradients are taken at and what is
/// recorded: fed back, since a correction afterwards would not undo what the wrong gradients did.
/// At step 0 the logits are zero, whatever the sample. The coefficients are those of the regression, over
/// replicates and points, of the logits' deviations from the replicates' mean on those of the D_j.
/// They are near one at the start and fade out where the initial error no longer explains the later one,
/// so that the correction does not add noise.
final class ControlledTransport<Scalar: ParticleScalar>: LogitTransport {
  private let inner: any LogitTransport
  private let errors: InitialSampleErrors<Scalar>
  private let regression: ReplicateRegression
  private let outputs: Int
  private var sums: StepSums
  private var step = 0

  var systems: Int { inner.systems }

  /// - Parameters:
  ///   - errors: of the systems of `inner`, in their order.
  ///   - regression: of the replicates among them, at least two.
  init(
    _ inner: any LogitTransport, errors: InitialSampleErrors<Scalar>,
    regression: ReplicateRegression, settings: TrainingSettings
  ) {
    precondition(errors.systems == inner.systems)
    precondition(regression.replicates > 1, "coefficients come from the spread of replicates")
    self.inner = inner
    self.errors = errors
    self.regression = regression
    outputs = settings.outputs
    sums = StepSums(systems: inner.systems, settings: settings)
  }

  func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    if let update {
      sums.add(update)
      step += 1
    }
    var result = inner.advance(by: update, evaluating: request)
    if step == 0 {
      result.vanish()
      return result
    }
    if request.isRecorded {
      let onTraining = errors.variates(on: .training(nil), sums: sums.values)
      let coefficients = regression.coefficients(of: result.training, on: onTraining)
      result.training.add(onTraining, coefficients)
      result.test.add(errors.variates(on: .test, sums: sums.values), coefficients)
      result.batch.add(
        request.nextBatch.map { batch in
          onTraining.map { $0.map { $0.rows(batch, of: outputs) } }
        } ?? onTraining, coefficients)
    } else if request.hasNextBatch {
      let onBatch = errors.variates(on: .training(request.nextBatch), sums: sums.values)
      result.batch.add(onBatch, regression.coefficients(of: result.batch, on: onBatch))
    }
    return result
  }

  func exchange(_ state: RunState) throws {
    try state.exchange("control.step", &step)
    try sums.exchange(state.part("control.sums"))
    try inner.exchange(state)
  }
}

extension [[Double]] {
  /// Adds the control variates of every system, each times its coefficient.
  mutating func add(_ variates: [[[Double]]], _ coefficients: [Double]) {
    for system in indices {
      for (coefficient, variate) in zip(coefficients, variates[system]) where coefficient != 0 {
        for i in variate.indices { self[system][i] += coefficient * variate[i] }
      }
    }
  }
}

extension EvaluatedLogits {
  /// The law of a is symmetric, so the exact initial logits are zero.
  mutating func vanish() {
    func zeros(_ rows: [[Double]]) -> [[Double]] { rows.map { $0.map { _ in 0 } } }
    batch = zeros(batch)
    training = zeros(training)
    test = zeros(test)
  }
}
