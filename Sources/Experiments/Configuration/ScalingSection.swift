/// The entry `scaling`: how the output factor and the learning rates depend on the width d,
/// sigma ~ d^q_sigma, eta_a ~ d^q_a and eta_w ~ d^q_w.
public enum ScalingSection: Sendable, Equatable {
  /// A scaling that has a name.
  case named(ScalingName)
  /// One exponent for both learning rates, q_a = q_w = q_eta.
  case exponents(sigma: DecimalExponent, eta: DecimalExponent)
  /// The exponents of the output and of the input weights' learning rates apart.
  case layerwise(sigma: DecimalExponent, a: DecimalExponent, w: DecimalExponent)
}

extension ScalingSection: Codable {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case sigma = "q_sigma"
    case eta = "q_eta"
    case a = "q_a"
    case w = "q_w"
  }

  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(ScalingName.self) {
      self = .named(name)
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let sigma = try container.decode(DecimalExponent.self, forKey: .sigma)
    if let eta = try container.decodeIfPresent(DecimalExponent.self, forKey: .eta) {
      self = .exponents(sigma: sigma, eta: eta)
    } else {
      self = .layerwise(
        sigma: sigma, a: try container.decode(DecimalExponent.self, forKey: .a),
        w: try container.decode(DecimalExponent.self, forKey: .w))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if case .named(let name) = self {
      var container = encoder.singleValueContainer()
      try container.encode(name)
      return
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .named: break
    case .exponents(let sigma, let eta):
      try container.encode(sigma, forKey: .sigma)
      try container.encode(eta, forKey: .eta)
    case .layerwise(let sigma, let a, let w):
      try container.encode(sigma, forKey: .sigma)
      try container.encode(a, forKey: .a)
      try container.encode(w, forKey: .w)
    }
  }
}

extension ScalingSection {
  init(_ value: ValueReader) throws {
    guard value.isMapping else {
      self = .named(try value.word(ScalingName.self, or: "a mapping {q_sigma: X, q_eta: Y}"))
      return
    }
    let section = try MappingReader<CodingKeys>(value)
    let give = "a decimal number"
    let sigma = try section.required(.sigma, give: give).decimalExponent()
    if let a = section[.a] ?? section[.w] {
      if section[.eta] != nil {
        throw a.failure("q_eta sets both rates; give q_eta, or q_a and q_w")
      }
      self = .layerwise(
        sigma: sigma, a: try section.required(.a, give: give).decimalExponent(),
        w: try section.required(.w, give: give).decimalExponent())
    } else {
      self = .exponents(
        sigma: sigma,
        eta: try section.required(.eta, give: "a decimal number, or q_a and q_w")
          .decimalExponent())
    }
  }
}
