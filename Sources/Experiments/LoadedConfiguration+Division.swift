import Networks

extension LoadedConfiguration {
  /// What keeps the limit of this configuration from being divided among processes, as the beginning of a sentence;
  /// `nil` where its particles can be.
  package var undividedLimit: String? {
    if configuration.deepScalingName != nil { return "A limit of several hidden layers" }
    let stepSize = configuration.training.map { Optimizer($0).stepSize } ?? .proportional
    return Regime(configuration.scaling, stepSize).measure == .moves
      ? nil : "A limit whose measure is frozen"
  }
}
