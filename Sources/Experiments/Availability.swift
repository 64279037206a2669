import DeepKernels
import Diagnostics
import Measures
import Networks

/// What this version computes, of all that a configuration can say. A setting that parses but is
/// not computed yet is refused by name: a run that silently ignored it would answer another question.
enum Availability {
  static func refusal(_ value: String, of key: String, available: String) -> Diagnostic {
    Diagnostic(
      .badInput, "\(value) is not available in this version; available: \(available)", key: key)
  }

  static func check(_ network: NetworkSection) throws {
    if network.hiddenLayers != 1 {
      throw refusal("\(network.hiddenLayers)", of: "network.hidden_layers", available: "1")
    }
    // The keys of deep kernels are refused where they would change something.
    if network.parameterization != .ntk {
      throw refusal(
        network.parameterization.rawValue, of: "network.parameterization",
        available: "ntk, for deep kernels; one hidden layer follows scaling:")
    }
    let deep: [(value: Double, neutral: Double, key: String, instead: String)] = [
      (network.weightStandardDeviation, 1, "weight_std", "1; use input_weight_std"),
      (network.biasStandardDeviation ?? 0, 0, "bias_std", "0; a bias has the law of w"),
      (network.widthScale, 1, "width_scale", "1"),
    ]
    for setting in deep where setting.value != setting.neutral {
      throw refusal(
        "\(setting.value)", of: "network.\(setting.key)", available: setting.instead)
    }
  }

  /// Deep networks take the place of one hidden layer in the NTK scaling, the one in which the initial function
  /// and the kernel are both of order one.
  static func checkDeepScaling(
    _ configuration: ExperimentConfiguration, takesDeepScalings: Bool
  ) throws {
    if Regime(configuration.scaling, .proportional).limit == .ntk {
      guard configuration.training?.epsilon == 0 else { return }
      throw Diagnostic(
        .badInput,
        "received 0; accepted in this scaling: \(AcceptedNumbers.stabilizing.rawValue)",
        key: "training.epsilon")
    }
    let isFromFile = configuration.limit.kernelFile != nil
    let accepted =
      takesDeepScalings && !isFromFile ? "mean_field, ntk, default, ntk_published" : "ntk"
    throw Diagnostic(
      .badInput,
      "received \(configuration.scaling.text); accepted with"
        + " \(isFromFile ? "limit.kernel_file" : "deep networks"): \(accepted)",
      key: "scaling")
  }

  /// The first layer's preactivations are Gaussian where its weights are.
  static func checkGaussian(_ network: NetworkSection) throws {
    guard network.initialization == .gaussian else {
      throw Diagnostic(
        .badInput,
        "received \(network.initialization.rawValue); accepted with kernels of deep networks:"
          + " gaussian", key: "network.initialization")
    }
  }

  static func shape(_ name: InitializationName) throws -> InitialLaw.Shape {
    switch name {
    case .gaussian: return .gaussian
    case .pytorchUniform: return .uniform
    case .sphere:
      throw refusal(
        name.rawValue, of: "network.initialization", available: "gaussian, pytorch_uniform")
    }
  }
}

extension Activation {
  /// - Parameter slope: below zero, of leaky_relu; `nil` for PyTorch's 0.01, as the configuration's documentation says.
  init(_ name: ActivationName, slope: Double?) {
    switch name {
    case .linear: self = .linear
    case .relu: self = .relu
    case .leakyReLU: self = .leakyReLU(slope: slope ?? 0.01)
    case .erf: self = .erf
    case .tanh: self = .tanh
    case .gelu: self = .gelu
    case .softplus: self = .softplus
    case .sin: self = .sin
    }
  }
}

extension ActivationName {
  /// Those that have kernels of deep networks and initial processes of several layers, as messages list them.
  static let withClosedForms = allCases.filter {
    DeepKernels.isAvailable(Activation($0, slope: nil))
  }.map(\.rawValue).joined(separator: ", ")
}

extension Architecture {
  init(_ network: NetworkSection) {
    self.init(
      activation: Activation(network.activation, slope: network.slope), hasBias: network.bias)
  }
}

extension Loss {
  init(_ name: LossName) {
    switch name {
    case .logistic: self = .logistic
    case .squared: self = .squared
    case .softmax: self = .softmax
    }
  }
}

extension Optimizer {
  init(_ training: TrainingSection) {
    switch training.optimizer {
    case .gradientDescent: self = .gradientDescent
    case .momentum: self = .momentum(training.momentum ?? TrainingSection.defaultMomentum)
    case .rmsprop:
      self = .rmsProp(
        smoothing: training.smoothing ?? TrainingSection.defaultSmoothing,
        epsilon: training.epsilon ?? TrainingSection.defaultEpsilon)
    }
  }
}

extension OptimizerName {
  /// What such an optimizer makes of the size of gradients.
  package var stepSize: StepSize { self == .rmsprop ? .normalized : .proportional }
}

extension Regime {
  /// Exponents are those of the hatted learning rates with any optimizer; names have exponents of
  /// their own with each.
  init(_ section: ScalingSection, _ stepSize: StepSize) {
    switch section {
    case .named(let name): self = name.regime(stepSize)
    case .exponents(let sigma, let eta):
      self.init(Scaling(qSigma: sigma.exactValue, qEta: eta.exactValue), stepSize)
    case .layerwise(let sigma, let a, let w):
      self.init(Scaling(qSigma: sigma.exactValue, qA: a.exactValue, qW: w.exactValue), stepSize)
    }
  }
}
