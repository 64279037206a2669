import DeepKernels
import Diagnostics
import Networks

extension DeepArchitecture {
  /// - Parameter needsKernels: whether the activation must have a closed form.
  /// - Throws: `Diagnostic` where a setting is missing or has no closed form.
  init(_ network: NetworkSection, needsKernels: Bool = true) throws {
    try Availability.checkGaussian(network)
    let parameterization = Parameterization(network.parameterization)
    if network.bias, network.biasStandardDeviation == nil {
      throw Diagnostic(
        .badInput, "missing; give a number of at least 0, which bias: true needs",
        key: "network.bias_std")
    }
    if network.layerWidths == nil, parameterization != .ntk {
      throw Diagnostic(
        .badInput,
        "missing; give \(network.hiddenLayers) base"
          + " width\(network.hiddenLayers == 1 ? "" : "s"), one per hidden layer, which the"
          + " \(parameterization.rawValue) parameterization needs", key: "network.layer_widths")
    }
    self.init(
      activation: needsKernels
        ? try Self.activation(network) : Activation(network.activation, slope: network.slope),
      hiddenLayers: network.hiddenLayers,
      baseWidths: network.layerWidths, weightDeviation: network.weightStandardDeviation,
      biasDeviation: network.bias ? network.biasStandardDeviation : nil,
      parameterization: parameterization, widthScale: network.widthScale)
  }

  static func activation(_ network: NetworkSection) throws -> Activation {
    let activation = Activation(network.activation, slope: network.slope)
    guard DeepKernels.isAvailable(activation) else {
      throw Diagnostic(
        .badInput,
        "received \(network.activation.rawValue), whose kernels have no closed form; accepted:"
          + " \(ActivationName.withClosedForms)", key: "network.activation")
    }
    return activation
  }
}

extension Parameterization {
  init(_ name: ParameterizationName) {
    switch name {
    case .ntk: self = .ntk
    case .standard: self = .standard
    case .naiveStandard: self = .naiveStandard
    }
  }
}
