/// What a fitted exponent says of the predicted one.
///
/// The rule, in this order:
/// 1. No fit as too few widths have gaps above the limit's simulation error: ``floorReached(above:of:)``.
/// 2. No fit for another reason: ``unavailable(_:)``.
/// 3. More than ``tolerance`` standard errors from the prediction: ``deviates(standardErrors:)``.
/// 4. Within, but with a standard error above ``largestError``: ``tooUncertain(standardError:)``.
///    Exponents a half apart could then both agree, and agreement would say little.
/// 5. Else ``agrees(standardErrors:)``.
///
/// With correct errors a true prediction is said to deviate once in 22 times. Gaps that are no power of
/// the width yet (narrow nets) deviate as wrong predictions do; ``RateFit/chiSquare`` tells of them.
public enum RateVerdict: Sendable, Equatable {
  /// Fitted minus predicted exponent, in standard errors.
  case agrees(standardErrors: Double)
  case deviates(standardErrors: Double)
  case tooUncertain(standardError: Double)
  case floorReached(above: Int, of: Int)
  case unavailable(RateUnavailable)
  /// There is a fit, but theory predicts no exponent.
  case noPrediction

  /// Standard errors up to which a fit agrees.
  public static let tolerance = 2.0
  /// The largest standard error with which a fit can agree: an eighth, with which intervals of
  /// ``tolerance`` standard errors to both sides do not hold both -1/2 and -1.
  public static let largestError = 0.125

  /// What the fit says of the predicted exponent; `nil` where theory has none.
  public init(_ fit: Result<RateFit, RateUnavailable>, predicted: Double?) {
    switch fit {
    case .failure(.floorReached(let above, let all)):
      self = .floorReached(above: above, of: all)
    case .failure(let reason): self = .unavailable(reason)
    case .success(let fit):
      guard let predicted else {
        self = .noPrediction
        return
      }
      let deviation = (fit.slope - predicted) / fit.standardError
      if !(abs(deviation) <= Self.tolerance) {
        self = .deviates(standardErrors: deviation)
      } else if fit.standardError > Self.largestError {
        self = .tooUncertain(standardError: fit.standardError)
      } else {
        self = .agrees(standardErrors: deviation)
      }
    }
  }
}
