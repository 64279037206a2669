import Networks

/// Learning rates below which gradient descent with a constant tangent kernel is stable.
///
/// A step multiplies the residual along an eigenvector, where the loss has the curvature h in f, by 1 - eta h
/// lambda / n; with momentum m it is a recursion of order two, whose roots are inside the unit circle for
/// eta h lambda / n < 2 (1 + m). So
///
///     eta < 2 (1 + m) n / (h lambda_max).
///
/// For the squared loss (h = 1) this is sharp. For the logistic (h <= 1/4) and the softmax loss (h <= 1/2, the
/// largest eigenvalue of diag(p) - p p^T) it is enough, without momentum: the loss then falls at every step.
/// With momentum it is enough near a minimum. Mini-batches are not covered.
public func largestStableLearningRate(
  largestEigenvalue: Double, trainingPoints: Int, loss: Loss, momentum: Double
) -> Double {
  2 * (1 + momentum) * Double(trainingPoints) / (loss.largestCurvature * largestEigenvalue)
}
