/// How weights and learning rates of a network of L >= 1 hidden layers of one width d depend on d, around a
/// network of width d* with PyTorch's weights and one learning rate: with kappa = d/d*, the weights of all layers
/// but the first, of standard deviation proportional to d^{-1/2} by default, get the factor kappa^{weightExponent},
/// and the learning rates of the first layer, of the hidden ones and of the last the factors kappa^{their exponent}.
///
/// Weights and rates are those of the standard parameterization, as in the code of Golikov 2020 (arXiv
/// 2003.05884), `utils/scale_hyperparams.py`. With one hidden layer they are those of ``Scaling``, in whose hatted
/// parameters the output weights' exponent is q_a + 2 q_sigma (gradient descent) or q_a + q_sigma (RMSProp).
public struct DeepScaling: Sendable, Equatable {
  /// The scalings that have a name.
  public enum Name: String, Sendable, CaseIterable {
    case meanField = "mean_field"
    /// All three parts of the tangent kernel, of first, hidden and last layer, survive.
    case ntk
    /// That of the paper's later code, whose hidden rate is kappa^{-1/2}: as ``ntk`` with one hidden layer, without a
    /// limit with more.
    case ntkPublished = "ntk_published"
    /// One learning rate at all widths.
    case `default`
  }

  /// The scaling.
  public let name: Name
  /// L.
  public let hiddenLayers: Int
  /// How gradients become steps, which decides the exponents of the learning rates.
  public let optimizer: Optimizer

  /// With at least one hidden layer.
  public init(_ name: Name, hiddenLayers: Int, optimizer: Optimizer) {
    precondition(hiddenLayers >= 1)
    self.name = name
    self.hiddenLayers = hiddenLayers
    self.optimizer = optimizer
  }

  /// Of the factor of all weights but the first layer's.
  public var weightExponent: ExactDecimal { name == .meanField ? -0.5 : 0 }

  /// Of the first layer's learning rate.
  public var firstRateExponent: ExactDecimal {
    switch (name, optimizer.stepSize) {
    case (.meanField, .proportional): 1
    case (.ntk, .normalized), (.ntkPublished, .normalized): -0.5
    case (.meanField, .normalized), (.ntk, _), (.ntkPublished, _), (.default, _): 0
    }
  }

  /// That of the layers between two hidden ones.
  public var hiddenRateExponent: ExactDecimal {
    switch (name, optimizer.stepSize) {
    case (.meanField, .proportional), (.default, _): 0
    case (.ntkPublished, .proportional): -0.5
    case (.meanField, .normalized), (.ntk, _), (.ntkPublished, .normalized): -1
    }
  }

  /// Of the last layer's learning rate.
  public var lastRateExponent: ExactDecimal { name == .default ? 0 : -1 }

  /// Of RMSProp's epsilon in the first layer and in the hidden ones: that of their gradients once the network has
  /// left its initial state, which are sums of d^{-1/2} kappa^{weightExponent} times numbers of order one. Those of
  /// the last layer are of order one, and its epsilon stays.
  public var epsilonExponent: ExactDecimal { weightExponent - 0.5 }

  /// What becomes of the networks as their width grows.
  public enum Verdict: Sendable, Equatable {
    /// There is a limit in which the weights of so many layers move.
    case moving(layers: Int)
    /// The tangent kernel stays what it is at the start.
    case kernel
    /// The function is zero at every step, for the reason given in a clause.
    case zero(reason: String)
    /// There is no limit, for the reason given in a clause.
    case none(reason: String)
  }
}
