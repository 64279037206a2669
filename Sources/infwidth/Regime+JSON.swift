import InfiniteWidth

extension Regime {
  /// The limit's name in files and JSON: one of the thirteen, or `ic_mean_field`.
  var limitName: String? {
    isInitializationCorrected
      ? ScalingName.initialCorrectedMeanField.rawValue : limit?.rawValue
  }

  /// The regime as one JSON object. Without a limit its entries are null and `reason` says why; where
  /// q_a and q_w differ, `q_eta` is null and they are given apart.
  var json: JSONValue {
    var entries: [String: JSONValue] = [
      "q_sigma": .number(qSigma.value), "q_eta": qEta.map { .number($0.value) } ?? .null,
      "alpha": .number(alpha.value), "beta": .number(beta.value), "gamma": .number(gamma.value),
      "stable": .flag(isStable), "limit": JSONValue(limitName),
      "measure": JSONValue(measure?.rawValue),
      "loss_gradient_at_start": JSONValue(lossGradientAtStart?.rawValue),
      "loss_gradient_later": JSONValue(lossGradientLater?.rawValue),
      "properties": .object([
        "initial_logits_finite": .flag(properties.initialLogitsAreFinite),
        "kernel_finite": .flag(properties.kernelIsFinite),
        "logits_and_kernel_same_order": .flag(properties.logitsAndKernelAreOfOneOrder),
        "kernel_evolves": .flag(properties.kernelEvolves),
      ]),
    ]
    if qEta == nil {
      entries["q_a"] = .number(scaling.qA.value)
      entries["q_w"] = .number(scaling.qW.value)
    }
    if let reasonWithoutLimit { entries["reason"] = .text(reasonWithoutLimit) }
    return .object(entries)
  }
}
