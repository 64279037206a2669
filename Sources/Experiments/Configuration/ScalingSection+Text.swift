extension ScalingSection {
  /// What ``init(text:)`` accepts, for messages.
  package static let acceptedText =
    "\(ScalingName.allCases.map(\.rawValue).joined(separator: ", ")), or q_sigma,q_eta (or"
    + " q_sigma,q_a,q_w) as decimal numbers from -100 to 100, such as -0.75,0.5"

  /// The scaling on one line: its name, or its exponents with commas between them, as they were
  /// written: q_sigma,q_eta or q_sigma,q_a,q_w.
  package var text: String {
    switch self {
    case .named(let name): name.rawValue
    case .exponents(let sigma, let eta): "\(sigma.text),\(eta.text)"
    case .layerwise(let sigma, let a, let w): "\(sigma.text),\(a.text),\(w.text)"
    }
  }

  /// The scaling that a ``text`` stands for, or `nil` where it stands for none.
  package init?(text: String) {
    if let name = ScalingName(rawValue: text) {
      self = .named(name)
      return
    }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let exponents = parts.compactMap { DecimalExponent(text: String($0)) }
    guard exponents.count == parts.count else { return nil }
    switch exponents.count {
    case 2: self = .exponents(sigma: exponents[0], eta: exponents[1])
    case 3: self = .layerwise(sigma: exponents[0], a: exponents[1], w: exponents[2])
    default: return nil
    }
  }
}
