public import Networks

extension ScalingName {
  /// What the name stands for.
  public var regime: Regime {
    switch self {
    case .meanField: Scaling.meanField.regime
    case .ntk: Scaling.ntk.regime
    case .symmetricDefault: Scaling.symmetricDefault.regime
    case .initialCorrectedMeanField: .initializationCorrectedMeanField
    case .intermediate: Scaling.intermediate.regime
    case .default: Scaling.standard.regime
    }
  }

  /// The named scaling nearest to `scaling` that has one of the thirteen limits: by Euclidean distance
  /// of (q_sigma, q_a, q_w); of two equally near ones the first in the order of `allCases`.
  public static func nearestStable(to scaling: Scaling) -> ScalingName {
    func squaredDistance(_ other: Scaling) -> Double {
      [scaling.qSigma - other.qSigma, scaling.qA - other.qA, scaling.qW - other.qW]
        .reduce(0) { $0 + $1.value * $1.value }
    }
    let candidates = allCases.filter {
      $0.regime.limit != nil && !$0.regime.isInitializationCorrected
    }
    guard
      let nearest = candidates.min(by: {
        squaredDistance($0.regime.scaling) < squaredDistance($1.regime.scaling)
      })
    else { preconditionFailure("no named scaling has a limit") }
    return nearest
  }
}
