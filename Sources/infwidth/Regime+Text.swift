import InfiniteWidth

extension Regime {
  /// The regime for reading.
  var text: String {
    var parts = [exponentText, outcomeText, propertyText]
    if limit == nil {
      let nearest = ScalingName.nearestStable(to: scaling, stepSize)
      let scaling = nearest.regime(stepSize).scaling
      parts.append(
        "The nearest named scaling with a limit: \(nearest.rawValue) (q_sigma \(scaling.qSigma),"
          + " q_eta \(scaling.qA)).")
    }
    return parts.joined(separator: "\n\n")
  }

  private var exponentText: String {
    let rates = qEta.map { "q_eta \($0)" } ?? "q_a \(scaling.qA), q_w \(scaling.qW)"
    let layer = qEta == nil ? ", of the layer with the larger rate" : ""
    let uncorrected = isInitializationCorrected ? ", without the reference network's function" : ""
    let optimizer = stepSize == .normalized ? ", rmsprop" : ""
    return "Scaling: q_sigma \(qSigma), \(rates)\(optimizer)\n"
      + Self.columns([
        ("alpha", "\(alpha)", "exponent in the width of the initial logits\(uncorrected)"),
        ("beta", "\(beta)", "of the tangent kernel, and so of the logits' increments\(layer)"),
        ("gamma", "\(gamma)", "of the weights' relative increments\(layer)"),
      ])
  }

  private var outcomeText: String {
    guard let limit, let measure, let lossGradientAtStart, let lossGradientLater else {
      return "\(isStable ? "Dynamically stable, without a limit" : "Not dynamically stable"):"
        + " \(reasonWithoutLimit ?? "")"
    }
    let name =
      isInitializationCorrected
      ? "Limit: IC-MF (ic_mean_field), mean field with the reference network's initial function.\n"
        + "The law of the weights moves, driven by finite logits, which start from a Gaussian process."
      : "Limit: \(limit.title) (\(limit.rawValue)).\n"
        + (stepSize == .normalized && measure == .frozen
          ? "The law of the weights is frozen; the steps of rmsprop are not linear in the loss gradient,"
            + " so that no constant kernel makes them." : limit.summary)
    return "Dynamically stable: -1/2 <= gamma <= 0.\n\(name)\n"
      + Self.columns([
        ("law of the weights", "", measure.rawValue),
        ("loss gradient at step 0", "", "at \(lossGradientAtStart.words)"),
        ("loss gradient from step 1 on", "", "at \(lossGradientLater.words)"),
      ])
  }

  private var propertyText: String {
    func word(_ holds: Bool) -> String { holds ? "yes" : "no" }
    return "Properties of finite networks\n"
      + Self.columns(
        [
          ("initial logits finite", word(properties.initialLogitsAreFinite), "alpha = 0"),
          ("tangent kernel finite", word(properties.kernelIsFinite), "beta = 0"),
          (
            "logits and kernel of one order", word(properties.logitsAndKernelAreOfOneOrder),
            "gamma = -1/2"
          ),
          ("kernel evolves by a finite factor", word(properties.kernelEvolves), "gamma = 0"),
        ].map { ($0.0, $0.1, isInitializationCorrected ? "" : "needs \($0.2)") })
  }

  /// Indented lines of a name, a value and a remark, each in its column; columns without entries take
  /// no space.
  private static func columns(_ rows: [(String, String, String)]) -> String {
    func padded(_ texts: [String]) -> [String] {
      let width = texts.map(\.count).max() ?? 0
      return texts.map {
        width == 0 ? "" : "  " + $0 + String(repeating: " ", count: width - $0.count)
      }
    }
    return zip(padded(rows.map(\.0)), zip(padded(rows.map(\.1)), rows.map(\.2))).map {
      let line = $0 + $1.0 + ($1.1.isEmpty ? "" : "  " + $1.1)
      return String(line.reversed().drop { $0 == " " }.reversed())
    }.joined(separator: "\n")
  }
}

extension LossGradientPoint {
  /// The place for reading, after "at".
  fileprivate var words: String {
    switch self {
    case .zero: "zero logits"
    case .finite: "the logits f_k, finite"
    case .sign: "infinity, with the sign of the rescaled logits"
    case .gaussianProcess: "the initial logits f_0, a Gaussian process"
    case .signOfGaussianProcess:
      "infinity, with the sign of the rescaled initial logits, a Gaussian process"
    }
  }
}
