import DataIO

/// The class of a verdict on a fitted exponent: its first words.
enum VerdictWord: String, CaseIterable {
  case agrees
  case deviates
  case tooUncertain = "too uncertain"
  case floorReached = "floor reached"
  case unavailable
  case noPrediction = "no prediction"
  case notApplicable = "not applicable"

  /// `nil` for a verdict in words that this version does not know.
  init?(_ verdict: String) {
    guard let word = Self.allCases.first(where: { verdict.hasPrefix($0.rawValue) }) else {
      return nil
    }
    self = word
  }

  /// The class of its style.
  private var style: String {
    switch self {
    case .agrees: "good"
    case .deviates: "bad"
    case .tooUncertain, .floorReached, .unavailable, .noPrediction, .notApplicable: "open"
    }
  }

  /// Behind a number of exponents: "1 agrees", "2 agree".
  func markup(count: Int) -> Markup {
    let isVerb = self == .agrees || self == .deviates
    let word = isVerb && count != 1 ? String(rawValue.dropLast()) : rawValue
    return element("span", ["class": "verdict \(style)"], Markup(word))
  }

  var markup: Markup { element("span", ["class": "verdict \(style)"], Markup(rawValue)) }

  /// A verdict with its class marked.
  static func marked(_ verdict: String) -> Markup {
    guard let word = VerdictWord(verdict) else { return Markup(verdict) }
    return word.markup + Markup(String(verdict.dropFirst(word.rawValue.count)))
  }
}
