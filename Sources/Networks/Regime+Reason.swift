extension Regime {
  /// Why the scaling has none of the thirteen limits, in one sentence; `nil` where it has one.
  public var reasonWithoutLimit: String? {
    if limit != nil { return nil }
    if gamma > 0 {
      return "\(gammaName) = \(gamma) > 0: relative increments of the \(weightsName) grow with the"
        + " width as d^\(gamma), and the dynamics diverges."
    }
    if gamma < -0.5 {
      return "\(gammaName) = \(gamma) < -1/2: increments of the logits, of order d^\(beta), are"
        + " negligible against the initial logits, of order d^\(alpha), and the dynamics stagnates."
    }
    return "q_a = \(scaling.qA) and q_w = \(scaling.qW) differ: the dynamics is stable, but the"
      + " thirteen limits are defined for one exponent of both learning rates."
  }

  /// gamma by the exponents it is the sum of.
  private var gammaName: String {
    if qEta != nil { return "gamma" }
    return (stepSize == .proportional ? "q_sigma + " : "")
      + (outputWeightGamma == gamma ? "q_a" : "q_w")
  }

  private var weightsName: String {
    if qEta != nil { return "weights" }
    return outputWeightGamma == gamma ? "output weights" : "input weights"
  }
}
