public import Networks

extension ScalingName {
  /// What the name stands for, with gradient descent.
  public var regime: Regime { regime(.proportional) }

  /// What the name stands for, with an optimizer of such steps.
  public func regime(_ stepSize: StepSize) -> Regime {
    switch self {
    case .meanField: Regime(.meanField(stepSize), stepSize)
    case .ntk, .ntkPublished: Regime(.ntk(stepSize), stepSize)
    case .symmetricDefault: Regime(.symmetricDefault(stepSize), stepSize)
    case .initialCorrectedMeanField: .initializationCorrectedMeanField(stepSize)
    case .intermediate: Regime(.intermediate(stepSize), stepSize)
    case .default: Regime(.standard(stepSize), stepSize)
    }
  }

  /// The named scaling nearest to `scaling` that has one of the thirteen limits: by Euclidean distance
  /// of (q_sigma, q_a, q_w); of two equally near ones the first in the order of `allCases`. With
  /// normalized steps only those whose measure moves count: the others have no constant kernel.
  package static func nearestStable(
    to scaling: Scaling, _ stepSize: StepSize = .proportional
  ) -> ScalingName {
    func squaredDistance(_ name: ScalingName) -> Double {
      let other = name.regime(stepSize).scaling
      return [scaling.qSigma - other.qSigma, scaling.qA - other.qA, scaling.qW - other.qW]
        .reduce(0) { $0 + $1.value * $1.value }
    }
    let candidates = allCases.filter {
      let regime = $0.regime(stepSize)
      return regime.limit != nil && !regime.isInitializationCorrected
        && (stepSize == .proportional || regime.measure == .moves)
    }
    guard let nearest = candidates.min(by: { squaredDistance($0) < squaredDistance($1) }) else {
      preconditionFailure("no named scaling has a limit")
    }
    return nearest
  }
}
