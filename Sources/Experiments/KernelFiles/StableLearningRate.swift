import DataIO
import KernelPredictions
import Networks

/// The largest learning rate with which gradient descent on the tangent kernel is stable, and how it is known.
public struct StableLearningRate: Sendable, Equatable {
  /// Of the configured parameterization, in its own units.
  public let value: Double
  /// Of `training`; squared without it.
  public let loss: Loss
  /// The momentum of `training`, 0 for gradient descent.
  public let momentum: Double
  /// How the largest eigenvalue is known.
  public let source: Source

  /// What the value is made of.
  public enum Source: String, Sendable {
    /// The largest eigenvalue on the training points.
    case eigenvalue
    /// The largest sum of absolute values of a row, which no eigenvalue exceeds: the value is one that is
    /// stable, the largest may be somewhat larger.
    case rowSums = "row sums"
  }

  /// `nil` for RMSProp, whose steps are not linear in the gradients, and for a kernel without a positive bound.
  ///
  /// - Parameter bound: of the eigenvalues on the training points.
  init?(
    bound: Double, _ source: Source, trainingPoints: Int, loss: Loss, training: TrainingSection?
  ) {
    guard training?.optimizer != .rmsprop, bound > 0 else { return nil }
    self.loss = loss
    self.source = source
    momentum = training?.momentum ?? 0
    value = largestStableLearningRate(
      largestEigenvalue: bound, trainingPoints: trainingPoints, loss: loss, momentum: momentum)
  }

  var attributes: [String: AttributeValue] {
    [
      "largest_stable_learning_rate": .double(value),
      "largest_stable_learning_rate_loss": .text(loss.rawValue),
      "largest_stable_learning_rate_momentum": .double(momentum),
      "largest_stable_learning_rate_from": .text(source.rawValue),
    ]
  }
}
