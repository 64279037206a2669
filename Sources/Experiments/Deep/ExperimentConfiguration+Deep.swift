import Networks

extension ExperimentConfiguration {
  /// Whether the configuration is about a deep network: where it has several hidden layers, or a
  /// parameterization that one hidden layer in a scaling does not have, or takes its kernels from a file.
  var isAboutDeepNetwork: Bool {
    guard let network else { return false }
    return network.hiddenLayers > 1 || network.parameterization != .ntk
      || limit.kernelFile != nil
  }

  /// The scaling of several hidden layers around a network of reference width; `nil` where there is one hidden
  /// layer, a file of kernels, or the scaling of a parameterization (ntk) or one that several layers do not have.
  package var deepScalingName: DeepScaling.Name? {
    guard let network, network.hiddenLayers > 1, limit.kernelFile == nil,
      case .named(let name) = scaling
    else { return nil }
    switch name {
    case .meanField: return .meanField
    case .ntkPublished: return .ntkPublished
    case .default: return .default
    case .ntk, .symmetricDefault, .initialCorrectedMeanField, .intermediate: return nil
    }
  }
}
