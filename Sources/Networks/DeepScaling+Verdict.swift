/// By the powers of d of signals and gradients. In the mean-field scaling each layer above the first takes a factor
/// d^{-1/2} forward and each layer below the last one backward as long as weights are independent of what they
/// multiply, at step 0; once increments are of order one sums over them are means, and no power is left.
extension DeepScaling {
  /// Whether there is a limit, and what moves in it.
  public var verdict: Verdict {
    switch name {
    case .meanField: meanFieldVerdict
    case .ntk: kernelVerdict
    case .ntkPublished:
      hiddenLayers == 1 || optimizer.stepSize == .normalized
        ? kernelVerdict
        : .none(
          reason:
            "the part of the tangent kernel that belongs to the hidden layers grows as d^(1/2), and"
            + " features move")
    case .default:
      .none(
        reason: optimizer.stepSize == .proportional
          ? "the tangent kernel grows as d" : "increments of the logits grow with d")
    }
  }

  /// Why there is no limit but zero, or none, and what has one, in a clause; `nil` where there is one.
  public var reasonWithoutLimit: String? {
    switch verdict {
    case .moving, .kernel: return nil
    case .zero(let reason): return reason
    case .none(let reason):
      guard optimizer.stepSize == .proportional else {
        return "\(reason); with rmsprop mean_field has a limit, with three hidden layers or more"
          + " where epsilon is 0"
      }
      return "\(reason); with gradient descent ntk has a limit, and mean_field with one or two"
        + " hidden layers"
    }
  }

  /// Exponent of the initial logits: -L/2 in the mean-field scaling, else 0.
  public var initialLogitExponent: ExactDecimal {
    (0..<hiddenLayers).reduce(0) { sum, _ in sum + weightExponent }
  }

  /// Exponent of the logits' increments; `nil` where it depends on the step.
  public var logitIncrementExponent: ExactDecimal? {
    switch (verdict, name) {
    case (.moving, _), (.kernel, _): 0
    case (.zero, _): ExactDecimal(integerLiteral: 2 - hiddenLayers)
    case (.none, .default) where optimizer.stepSize == .proportional || hiddenLayers == 1: 1
    case (.none, .default): nil
    case (.none, _): hiddenLayers == 1 ? 0 : 0.5
    }
  }

  /// Exponent of the increments of hatted weights, of the layer in which they are largest; `nil` where it depends on
  /// the step.
  public var weightIncrementExponent: ExactDecimal? {
    switch (verdict, name) {
    case (.moving, _): 0
    case (.zero, _): (2..<hiddenLayers).reduce(0) { sum, _ in sum - 0.5 }
    case (.none, .default) where optimizer.stepSize == .proportional || hiddenLayers == 1: 0.5
    case (.none, .default): nil
    case (.kernel, _), (.none, _): -0.5
    }
  }

  /// *Gradient descent.* At step 0 gradients of the hidden weights are of order d^{-(L-2)/2}, those of first and
  /// last layer of order d^{-(L-1)/2}. With L = 2 hidden weights move at once and all others from the next step on;
  /// with more layers nothing moves, and so never.
  ///
  /// *RMSProp* takes the common power of d out of every coordinate, so that all layers move at once; an epsilon in
  /// proportion to later gradients does not, and with L >= 3 exceeds those of step 0.
  private var meanFieldVerdict: Verdict {
    if hiddenLayers <= 2 { return .moving(layers: hiddenLayers + 1) }
    switch optimizer {
    case .rmsProp(_, epsilon: 0): return .moving(layers: hiddenLayers + 1)
    case .rmsProp:
      return .zero(
        reason: "RMSProp with epsilon > 0 and \(hiddenLayers) hidden layers has no non-trivial"
          + " mean-field limit: gradients vanish as d^(\(halves(2 - hiddenLayers))) at step 0, epsilon exceeds"
          + " them and nothing moves; RMSProp with epsilon = 0 has one")
    case .gradientDescent, .momentum:
      let logits = max(-hiddenLayers, 2 * (2 - hiddenLayers))
      return .zero(
        reason:
          "gradient descent with \(hiddenLayers) hidden layers has no non-trivial mean-field limit:"
          + " logits vanish as d^(\(halves(logits))) (initial function d^(\(halves(-hiddenLayers)))), hidden"
          + " increments as d^(\(halves(2 - hiddenLayers))); RMSProp with epsilon = 0 has one")
    }
  }

  /// K = eta x.x' B^1 D^1 + eta d* sum_{l=2..L} K^{l-1} B^l D^l + eta d* K^L with the covariances of signals: the
  /// rates keep every part of order one. Normalized steps are not linear in the loss gradient: with one hidden layer
  /// no kernel describes them; with more, the increments of a hidden layer add up over its d inputs, and so do those
  /// of its d outputs that they push in the direction of the next weights.
  private var kernelVerdict: Verdict {
    if optimizer.stepSize == .proportional { return .kernel }
    return .none(
      reason: hiddenLayers == 1
        ? "rmsprop has no limit of constant kernel, since its steps are not linear in the loss gradient"
        : "with rmsprop increments of hidden layers are of order one and increments of the logits grow as"
          + " d^(1/2)")
  }

  /// The number of halves as people write it: -3 is -3/2, -2 is -1.
  private func halves(_ count: Int) -> String {
    count.isMultiple(of: 2) ? "\(count / 2)" : "\(count)/2"
  }
}
