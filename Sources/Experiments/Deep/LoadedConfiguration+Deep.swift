extension LoadedConfiguration {
  /// Whether the configuration is about a deep network: where it has several hidden layers, or a
  /// parameterization that one hidden layer in a scaling does not have, or takes its kernels from a file.
  var isAboutDeepNetwork: Bool {
    guard let network = configuration.network else { return false }
    return network.hiddenLayers > 1 || network.parameterization != .ntk
      || configuration.limit.kernelFile != nil
  }

  /// The configuration of a deep network, whose scaling is that of its parameterization: `ntk` where nothing
  /// else is said.
  var inDeepScaling: LoadedConfiguration {
    var result = self
    if !sets("scaling") { result.configuration.scaling = .named(.ntk) }
    return result
  }
}
