/// The network of width d* that a scaling is anchored at, as practitioners give it: standard
/// parameterization, output weights sigma* a_r with sigma* = d*^{-1/2}, one learning rate eta for
/// every parameter.
public struct ReferenceNetwork: Sendable, Equatable {
  public let width: Int
  /// Learning rate eta of the standard parameterization.
  public let learningRate: Double

  public init(width: Int, learningRate: Double) {
    precondition(width >= 1 && learningRate > 0)
    self.width = width
    self.learningRate = learningRate
  }

  /// sigma* = d*^{-1/2}.
  public var outputScale: Double { 1 / Double(width).squareRoot() }
  /// eta_a* = eta / sigma*^2: a step eta in sigma* a is a step eta / sigma*^2 in a.
  public var outputRate: Double { learningRate / (outputScale * outputScale) }
  /// eta_w* = eta.
  public var inputRate: Double { learningRate }
}
