/// How gradients become steps in the network as practitioners write it, in standard parameterization
/// with one learning rate eta for every parameter theta.
public enum Optimizer: Sendable, Equatable {
  /// theta <- theta - eta grad.
  case gradientDescent
  /// v <- momentum v + grad, theta <- theta - eta v, with v = 0 at first (PyTorch's `SGD` without
  /// dampening, whose v after the first step is the first gradient). The momentum is in [0, 1).
  case momentum(Double)
  /// v <- smoothing v + (1 - smoothing) grad^2, theta <- theta - eta grad / (sqrt(v) + epsilon),
  /// coordinate by coordinate, with v = 0 at first (PyTorch's `RMSprop`, whose `alpha` the smoothing
  /// is; Golikov 2020, arXiv 2003.05884), 0 / 0 taken to be 0. The smoothing is in [0, 1), epsilon
  /// positive; in deep networks it may be 0.
  case rmsProp(smoothing: Double, epsilon: Double)

  /// What the size of a gradient has to do with that of the step.
  public var stepSize: StepSize {
    switch self {
    case .gradientDescent, .momentum: .proportional
    case .rmsProp: .normalized
    }
  }
}

/// What the size of a gradient has to do with that of the step along it. This decides which exponents
/// of the width keep a network stable (``Regime``).
public enum StepSize: Sendable, Equatable, CaseIterable {
  /// Steps are of the order of learning rate times gradient.
  case proportional
  /// Gradients are divided by their own size: steps are of the order of the learning rate.
  case normalized
}
