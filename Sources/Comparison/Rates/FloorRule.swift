/// What becomes of gaps that are not far above the limit's own simulation error, their *floor*.
///
/// A net's gap to a simulated limit is its gap to the true one plus the simulation's error. The two are
/// independent, so root mean squares add in squares, `gap^2 = true^2 + floor^2` (up to their cross term,
/// which is small where one of the two fluctuates over seeds or they are vectors of many points), and
/// numbers that are means of squares themselves, or divergences, add as they are. The rule:
///
/// 1. A gap below ``minimumRatio`` times its floor (or of exactly zero) is *at the floor* and left out.
/// 2. From others the floor is taken off, in squares or plainly.
/// 3. Floors are known to within ``relativeUncertainty`` only, all of one simulation in the same
///    direction. What that does to the logarithm of each gap adds to its error, which down-weights gaps
///    near the floor; what it does to the slope adds to the slope's error, without averaging over widths.
///
/// Where the true gap falls below the floor, leaving out what is at the floor keeps by preference
/// those that chance made larger: at the default ratio, a gap needs to be wrong by its own size for
/// that.
public struct FloorRule: Sendable, Equatable {
  /// How a floor is taken off a gap.
  public enum Correction: Sendable, Equatable {
    /// For root mean squares and distances: sqrt(gap^2 - floor^2).
    case squares
    /// For mean squares (squared coupling or energy distances) and divergences: gap - floor.
    case plain
  }

  /// How the floor is taken off.
  public let correction: Correction
  /// The ratio of gap and floor, above 1, below which a gap is left out.
  public let minimumRatio: Double
  /// The relative standard error of floors.
  public let relativeUncertainty: Double

  /// - Parameters:
  ///   - minimumRatio: above 1; 2 by default, where sqrt(3)/2 of a root mean square is signal.
  ///   - relativeUncertainty: of the floors, 1/4 by default (that of a standard deviation from nine
  ///     replicates); below `minimumRatio - 1`.
  public init(
    _ correction: Correction = .squares, minimumRatio: Double = 2,
    relativeUncertainty: Double = 0.25
  ) {
    precondition(minimumRatio > 1, "a gap at its floor says nothing")
    precondition((0..<(minimumRatio - 1)).contains(relativeUncertainty), "floors of any size")
    self.correction = correction
    self.minimumRatio = minimumRatio
    self.relativeUncertainty = relativeUncertainty
  }

  func isAtFloor(_ gap: Double, _ floor: Double) -> Bool {
    gap <= 0 || gap < minimumRatio * floor
  }

  /// The gap without its floor; `nil` where nothing is left.
  func corrected(_ gap: Double, floor: Double) -> Double? {
    let rest = correction == .squares ? gap * gap - floor * floor : gap - floor
    guard rest > 0 else { return nil }
    return correction == .squares ? rest.squareRoot() : rest
  }

  /// d log(corrected) / d log(gap), above 1 where there is a floor.
  func gapSensitivity(_ gap: Double, _ floor: Double) -> Double {
    correction == .squares ? gap * gap / (gap * gap - floor * floor) : gap / (gap - floor)
  }

  /// What `relativeUncertainty` of the floor is in log(corrected): of one sign for all widths.
  func floorEffect(_ gap: Double, _ floor: Double) -> Double {
    relativeUncertainty * (gapSensitivity(gap, floor) - 1)
  }
}
