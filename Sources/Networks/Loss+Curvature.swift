extension Loss {
  /// The largest eigenvalue that the second derivative of the loss in the logits of one point can have:
  /// squared 1; logistic p (1 - p) <= 1/4; softmax diag(p) - p p^T, whose quadratic form is the variance of
  /// a unit vector's entries under p: at most a quarter of the squared difference of the largest and the smallest, 1/2.
  public var largestCurvature: Double {
    switch self {
    case .squared: 1
    case .logistic: 0.25
    case .softmax: 0.5
    }
  }
}
