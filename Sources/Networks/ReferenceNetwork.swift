/// The network of width d* that a scaling is anchored at, as practitioners give it: standard
/// parameterization, output weights sigma* a_r with sigma* = d*^{-1/2}, one learning rate eta for
/// every parameter.
public struct ReferenceNetwork: Sendable, Equatable {
  /// d\*.
  public let width: Int
  /// Learning rate eta of the standard parameterization.
  public let learningRate: Double
  /// How gradients become steps.
  public let optimizer: Optimizer

  /// `width` is at least 1 and `learningRate` positive.
  public init(width: Int, learningRate: Double, optimizer: Optimizer = .gradientDescent) {
    precondition(width >= 1 && learningRate > 0)
    self.width = width
    self.learningRate = learningRate
    self.optimizer = optimizer
  }

  /// sigma* = d*^{-1/2}.
  public var outputScale: Double { 1 / Double(width).squareRoot() }
  /// eta_a*, the learning rate of the hatted a. A step eta grad in sigma* a, whose gradient is that of a
  /// divided by sigma*, is a step eta / sigma*^2 times the gradient of a in a; a step of size eta,
  /// whatever the gradient, is one of size eta / sigma*.
  public var outputRate: Double {
    switch optimizer.stepSize {
    case .proportional: learningRate / (outputScale * outputScale)
    case .normalized: learningRate / outputScale
    }
  }
  /// eta_w* = eta.
  public var inputRate: Double { learningRate }
}
