extension ExperimentConfiguration {
  /// Whether the configuration is about a deep network: where it has several hidden layers, or a
  /// parameterization that one hidden layer in a scaling does not have, or takes its kernels from a file.
  public var isAboutDeepNetwork: Bool {
    guard let network else { return false }
    return network.hiddenLayers > 1 || network.parameterization != .ntk
      || limit.kernelFile != nil
  }
}
