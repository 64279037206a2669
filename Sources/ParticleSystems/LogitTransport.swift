import Checkpoints

/// What turns loss gradients into new logits: particles that move, or a constant tangent kernel.
///
/// A transport has one or several systems side by side that share the data and the batches, each with
/// logits and gradients of its own; the training loop (`runTraining(_:settings:rule:offset:recorder:progress:atBoundary:atStep:)`)
/// is written once over it.
package protocol LogitTransport: AnyObject {
  var systems: Int { get }

  /// Makes the update, where there is one, and evaluates what is asked for at the new state.
  func advance(by update: GradientUpdate?, evaluating request: EvaluationRequest)
    -> EvaluatedLogits

  /// The same, to be finished together with those of other transports (`PendingAdvance/finish(_:)`) before
  /// anything else is asked of this one.
  func begin(by update: GradientUpdate?, evaluating request: EvaluationRequest) -> PendingAdvance

  /// Its state between two calls of ``advance(by:evaluating:)``: all that the next one reads and that is not
  /// made again with the transport.
  ///
  /// - Throws: what ``RunState`` does.
  func exchange(_ state: RunState) throws
}

extension LogitTransport {
  package func begin(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> PendingAdvance {
    PendingAdvance { self.advance(by: update, evaluating: request) }
  }
}

/// One update: the gradients dL/df on a batch, or their sum over a block of steps.
package struct GradientUpdate: Sendable {
  /// Numbers of the training points, or `nil` for all of them.
  package let batch: [Int]?
  /// System by system, flat: (point of the batch, output).
  package let gradients: [[Double]]
  /// Training steps whose gradients are summed and taken as one update; see `midpoint(ofSteps:)`.
  package let steps: Int

  /// - Precondition: gradient descent on the full batch where there are several steps.
  package init(batch: [Int]?, gradients: [[Double]], steps: Int = 1) {
    precondition(steps >= 1)
    self.batch = batch
    self.gradients = gradients
    self.steps = steps
  }

  /// The point at which one update by summed gradients is nearest to a block of steps.
  ///
  /// A particle's step is theta <- theta - g_k V(theta), linear in the loss gradients g_k. Over a block
  /// of B steps, with G their sum and G V written for sum_i G_i V_i,
  ///
  ///     theta_B = theta - G V + sum_{j < k} (g_k V)' (g_j V) + O(G^3)
  ///
  /// and the update theta - G V(theta - h G V(theta)) has h (G V)' (G V) in the place of the double
  /// sum. Where the g_k are all G / B there are B (B - 1) / 2 equal terms: h = (1 - 1/B) / 2, the mean
  /// position of a particle at the block's steps. (One half, the midpoint rule, would be that of the
  /// gradient flow; B = 1 is the step itself.) For g_k that change by O(1/T) a step, T being the
  /// time in which they change by themselves, the double sum differs by the commutator
  ///
  ///     1/2 sum_{j < k} [(g_k V)' (g_j V) - (g_j V)' (g_k V)] = O(B^3 / T)
  ///
  /// and by half the deviation of sum_k g_k^2 from G^2 / B, O(B^3 / T^2). So the error is of the third
  /// order in B for a block and of the second for a run. Particles that cross a kink of phi within a
  /// block have errors of second order, but they are a part O(B / T) of all.
  package static func midpoint(ofSteps steps: Int) -> Double { (1 - 1 / Double(steps)) / 2 }
}

/// What to evaluate after an update.
package struct EvaluationRequest: Sendable {
  /// Whether an update follows, whose batch's logits are needed.
  package let hasNextBatch: Bool
  /// That batch: numbers of the training points, or `nil` for all of them.
  package let nextBatch: [Int]?
  /// Whether the step is recorded: logits on all points, tangent kernel, decomposition.
  package let isRecorded: Bool

  package init(hasNextBatch: Bool, nextBatch: [Int]?, isRecorded: Bool) {
    self.hasNextBatch = hasNextBatch
    self.nextBatch = nextBatch
    self.isRecorded = isRecorded
  }
}

/// Logits and what else was asked for, system by system. Logits are flat: (point, output).
package struct EvaluatedLogits: Sendable {
  /// On the next batch; empty where there is none.
  package var batch: [[Double]] = []
  package var training: [[Double]] = []
  package var test: [[Double]] = []
  /// The tangent kernel at the probes, the mean over outputs of the entries of each with itself: the
  /// diagonal, and then the pairs i < j row by row, where they are wanted.
  package var tangentKernels: [[Double]] = []
  /// The terms of the test logits (Golikov 2020; ``LogitTerms``), each flat: (point, output); where wanted.
  package var decompositions: [[[Double]]]?
  /// The increments of the weights, layer by layer (``Trajectory/weightIncrements``); where wanted.
  package var weightIncrements: [[Double]]?

  package init() {}
}
