import Foundation

/// A measured gap of networks of one width.
public struct WidthGap: Sendable, Equatable {
  /// The width d of the networks.
  public let width: Int
  /// The gap, not negative, in any unit.
  public let gap: Double
  /// Its standard error over seeds; `nil` with one seed.
  public let standardError: Double?
  /// The limit's own simulation error in the same measure; zero where the limit is exact.
  public let floor: Double

  /// Gap, standard error and floor are in the units of the metric.
  public init(width: Int, gap: Double, standardError: Double?, floor: Double = 0) {
    precondition(width >= 1 && !(floor < 0), "a width of \(width), a floor of \(floor)")
    self.width = width
    self.gap = gap
    self.standardError = standardError
    self.floor = floor
  }
}

/// The exponent in the width d of a gap ~ d^slope: weighted least squares of log gap on log d, floors
/// taken off (``FloorRule``).
public struct RateFit: Sendable, Equatable {
  /// The fitted exponent.
  public let slope: Double
  /// Its standard error over seeds.
  public let statisticalError: Double
  /// What the uncertainty of the floors does to it.
  public let floorError: Double
  /// log of the fitted gap at width 1.
  public let intercept: Double
  /// Weighted sum of squared residuals, sum of ((y - intercept - slope log d) / e)^2 with ``logarithms`` y and
  /// ``errors`` e: large against ``degreesOfFreedom`` where gaps are no power of the width. Counts widths as
  /// independent.
  public let chiSquare: Double
  /// Widths that were fitted, ascending.
  public let widths: [Int]
  /// log of the gaps that were fitted, their floors taken off: one for each of ``widths``.
  public let logarithms: [Double]
  /// The errors of ``logarithms`` that weights are made of, 1/e^2: over seeds, and what the uncertainty of
  /// the floors adds, in squares.
  public let errors: [Double]
  /// Widths whose gaps are at the floor, ascending.
  public let widthsAtFloor: [Int]

  /// Widths that a fit needs: two make a line that nothing tests.
  public static let minimumWidths = 3

  /// The standard error of ``slope``: both parts together.
  public var standardError: Double {
    (statisticalError * statisticalError + floorError * floorError).squareRoot()
  }

  /// Of the fit: its widths less the two parameters of the line.
  public var degreesOfFreedom: Int { widths.count - 2 }

  /// The fitted gap, its floor taken off, at a width.
  public func gap(at width: Int) -> Double { exp(intercept + slope * log(Double(width))) }

  /// The fit where gaps and their standard errors are known, of widths that are independent of each
  /// other. The error is that of weighted least squares, exact for normal errors of log gap that are as
  /// large as stated.
  ///
  /// - Parameter gaps: distinct widths in any order.
  public static func analytic(_ gaps: [WidthGap], rule: FloorRule = FloorRule()) -> Result<
    RateFit, RateUnavailable
  > {
    RateSample.select(gaps, rule: rule).flatMap { sample in
      var errors: [Double] = []
      for gap in sample.kept {
        guard let error = gap.standardError, !error.isNaN else { return .failure(.oneSeed) }
        guard error > 0 else { return .failure(.noVariation(width: gap.width)) }
        errors.append(rule.gapSensitivity(gap.gap, gap.floor) * error / gap.gap)
      }
      let line = sample.line(errors: errors, rule: rule)
      var variance = 0.0
      for (c, error) in zip(line.coefficients, errors) { variance += c * c * error * error }
      return .success(sample.fit(line, statisticalError: variance.squareRoot()))
    }
  }
}

/// The gaps that a fit is made of.
struct RateSample {
  let kept: [WidthGap]
  let atFloor: [Int]
  /// log of the corrected gaps.
  let logarithms: [Double]

  static func select(_ gaps: [WidthGap], rule: FloorRule) -> Result<RateSample, RateUnavailable> {
    precondition(Set(gaps.map(\.width)).count == gaps.count, "each width once")
    let sorted = gaps.sorted { $0.width < $1.width }
    guard sorted.count >= RateFit.minimumWidths else {
      return .failure(.tooFewWidths(sorted.count))
    }
    for gap in sorted where !(gap.gap.isFinite && gap.floor.isFinite) {
      return .failure(.notFinite(width: gap.width))
    }
    var kept: [WidthGap] = []
    var logarithms: [Double] = []
    for gap in sorted where !rule.isAtFloor(gap.gap, gap.floor) {
      guard let corrected = rule.corrected(gap.gap, floor: gap.floor) else { continue }
      kept.append(gap)
      logarithms.append(log(corrected))
    }
    guard kept.count >= RateFit.minimumWidths else {
      return .failure(.floorReached(above: kept.count, of: sorted.count))
    }
    let used = Set(kept.map(\.width))
    return .success(
      RateSample(
        kept: kept, atFloor: sorted.map(\.width).filter { !used.contains($0) },
        logarithms: logarithms))
  }

  /// Weighted least squares, with `errors` of the logarithms over seeds, to which the floors' add.
  func line(errors: [Double], rule: FloorRule) -> WeightedLine {
    let effects = kept.map { rule.floorEffect($0.gap, $0.floor) }
    return WeightedLine(
      x: kept.map { log(Double($0.width)) },
      errors: zip(errors, effects).map { ($0 * $0 + $1 * $1).squareRoot() },
      commonEffects: effects)
  }

  func fit(_ line: WeightedLine, statisticalError: Double) -> RateFit {
    let slope = line.slope(logarithms)
    let intercept = line.intercept(logarithms, slope: slope)
    return RateFit(
      slope: slope, statisticalError: statisticalError, floorError: line.commonError,
      intercept: intercept, chiSquare: line.chiSquare(logarithms, slope, intercept),
      widths: kept.map(\.width), logarithms: logarithms, errors: line.errors,
      widthsAtFloor: atFloor)
  }
}
