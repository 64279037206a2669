/// What wide networks are predicted to follow, by the powers of d of signals and gradients (``verdict``), at steps from
/// the second on.
extension DeepScaling {
  /// Of the increments of hatted weights, layer by layer from the inputs; `nil` where they depend on the step.
  public var incrementExponents: [ExactDecimal?] {
    func layers(
      _ first: ExactDecimal, _ hidden: ExactDecimal, _ last: ExactDecimal
    ) -> [ExactDecimal?] {
      [first] + Array(repeating: hidden, count: hiddenLayers - 1) + [last]
    }
    switch (verdict, name) {
    case (.moving, _): return layers(0, 0, 0)
    case (.zero, _):
      // Gradients of step 0: b^l h^{l-1} is of order d^{-(L-2)/2} between hidden layers, of order d^{-(L-1)/2} in
      // first and last layer.
      let hidden = (2..<hiddenLayers).reduce(0 as ExactDecimal) { sum, _ in sum - 0.5 }
      return layers(hidden - 0.5, hidden, hidden - 0.5)
    case (.kernel, _): return layers(-0.5, -1, -0.5)
    case (.none, .default):
      return optimizer.stepSize == .proportional
        ? layers(-0.5, 0, 0.5) : Array(repeating: nil, count: hiddenLayers + 1)
    case (.none, _): return layers(-0.5, -0.5, -0.5)
    }
  }

  /// Of the logits, initial function and increments together; `nil` where they depend on the step.
  public var logitExponent: ExactDecimal? {
    logitIncrementExponent.map { max($0, initialLogitExponent) }
  }

  /// Of the standard deviations of the terms of the logits (``LogitTerms`` of several layers), where there is a limit of
  /// moving weights; else `nil`. Initial hidden weights meet masks that remember them: d^{-1/2} for each layer of them.
  ///
  /// - Parameter letters: of the increments in the term: a, v, w.
  package func termExponent(letters: Set<Character>) -> ExactDecimal? {
    guard case .moving = verdict else { return nil }
    return letters.contains("v") ? 0 : (1..<hiddenLayers).reduce(0) { sum, _ in sum - 0.5 }
  }

  /// The same of a term by its name (``LogitTerms``), with `mixedTermExponent` for that of mixed products.
  package func termExponent(named name: String) -> ExactDecimal? {
    name == "f_mixed" ? mixedTermExponent : termExponent(letters: Set(name.dropFirst(2)))
  }

  /// The same of the term of mixed products, whose largest have the initial weights of one hidden layer; with two hidden
  /// layers there is none.
  package var mixedTermExponent: ExactDecimal? {
    guard case .moving = verdict, hiddenLayers > 2 else { return nil }
    return -0.5
  }
}
