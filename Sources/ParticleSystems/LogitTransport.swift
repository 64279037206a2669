/// What turns loss gradients into new logits: particles that move, or a constant tangent kernel.
///
/// A transport has one or several systems side by side that share the data and the batches, each with
/// logits and gradients of its own; the training loop (``runTraining(_:settings:rule:offset:recorder:progress:atStep:)``)
/// is written once over it.
public protocol LogitTransport: AnyObject {
  var systems: Int { get }

  /// Makes the update, where there is one, and evaluates what is asked for at the new state.
  func advance(by update: GradientUpdate?, evaluating request: EvaluationRequest)
    -> EvaluatedLogits
}

/// One update: the gradients dL/df on a batch.
public struct GradientUpdate: Sendable {
  /// Numbers of the training points, or `nil` for all of them.
  public let batch: [Int]?
  /// System by system, flat: (point of the batch, output).
  public let gradients: [[Double]]

  public init(batch: [Int]?, gradients: [[Double]]) {
    self.batch = batch
    self.gradients = gradients
  }
}

/// What to evaluate after an update.
public struct EvaluationRequest: Sendable {
  /// Whether an update follows, whose batch's logits are needed.
  public let hasNextBatch: Bool
  /// That batch: numbers of the training points, or `nil` for all of them.
  public let nextBatch: [Int]?
  /// Whether the step is recorded: logits on all points, tangent kernel, decomposition.
  public let isRecorded: Bool

  public init(hasNextBatch: Bool, nextBatch: [Int]?, isRecorded: Bool) {
    self.hasNextBatch = hasNextBatch
    self.nextBatch = nextBatch
    self.isRecorded = isRecorded
  }
}

/// Logits and what else was asked for, system by system. Logits are flat: (point, output).
public struct EvaluatedLogits: Sendable {
  /// On the next batch; empty where there is none.
  public var batch: [[Double]] = []
  public var training: [[Double]] = []
  public var test: [[Double]] = []
  /// Diagonal of the tangent kernel at the probes, the mean over outputs of each with itself.
  public var tangentKernelDiagonals: [[Double]] = []
  /// The four terms of the test logits (Golikov 2020), each flat: (point, output); where wanted.
  public var decompositions: [[[Double]]]?

  public init() {}
}
