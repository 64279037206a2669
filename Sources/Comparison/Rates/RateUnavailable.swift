/// Why there is no fitted exponent.
public enum RateUnavailable: Error, Sendable, Equatable {
  /// Fewer than ``RateFit/minimumWidths`` widths were measured.
  case tooFewWidths(Int)
  /// So many widths were measured, but too few of them have gaps above the floor.
  case floorReached(above: Int, of: Int)
  /// Gaps without errors: one seed only.
  case oneSeed
  /// So many seeds at some width, fewer than ``RateFit/minimumSeeds``.
  case tooFewSeeds(Int)
  /// Gaps do not vary over seeds at this width, so that they have no errors.
  case noVariation(width: Int)
  /// More than a tenth of the resamples have no gap above zero at some width: too few seeds.
  case degenerateResamples(share: Double)
  /// The gap at this width is not a number or not finite: networks diverged.
  case notFinite(width: Int)
}

extension RateUnavailable: CustomStringConvertible {
  public var description: String {
    switch self {
    case .tooFewWidths(let count):
      "\(count) width\(count == 1 ? "" : "s"); a rate needs \(RateFit.minimumWidths)"
    case .floorReached(let above, let all):
      "\(above) of \(all) widths have gaps above the limit's own simulation error; "
        + "a rate needs \(RateFit.minimumWidths)"
    case .oneSeed, .tooFewSeeds(1): "one seed; a rate needs several, for its error"
    case .tooFewSeeds(let count):
      "\(count) seeds; the error of a rate needs \(RateFit.minimumSeeds)"
    case .noVariation(let width): "gaps at width \(width) do not vary over seeds"
    case .degenerateResamples(let share):
      "gaps vanish in \(Int((100 * share).rounded())) % of the resamples of seeds; "
        + "a rate needs more seeds"
    case .notFinite(let width): "gaps at width \(width) are not finite"
    }
  }
}
