import Comparison
import DataIO
import Foundation

/// A criterion's values at the reference width, of one scaling.
struct ReferenceValues {
  /// By step.
  var values: [Double]
  var standardErrors: [Double]
  /// By step: without each seed; the same seeds in all scalings.
  var withoutSeed: [[Double]]
  /// By step: errors that the scalings do not share: of realizations and of the limit's simulation.
  var ownErrors: [Double]
  /// By step: what is to be expected where networks and limit have the same law; NaN where it is not known.
  var floors: [Double]
}

extension ReferenceRanking.Criterion {
  /// Standard errors of a difference up to which scalings tie with the best.
  static let tolerance = 2.0

  /// - Parameter scalings: in the order of the record.
  init(name: String, longName: String, units: String, _ scalings: [ReferenceValues]) {
    let steps = scalings[0].values.count
    var best: [Int] = []
    var ties = Array(repeating: false, count: scalings.count * steps)
    for step in 0..<steps {
      let finite = scalings.indices.filter { scalings[$0].values[step].isFinite }
      // One alone is not the best of several.
      guard finite.count > 1,
        let first = finite.min(by: { scalings[$0].values[step] < scalings[$1].values[step] })
      else {
        best.append(-1)
        continue
      }
      // Functions that are equal but for rounding are a tie.
      let rounding = 1e-12 * (finite.map { abs(scalings[$0].values[step]) }.max() ?? 0)
      let gaps = finite.map { scalings[$0].values[step] - scalings[first].values[step] }
      let errors = finite.map {
        $0 == first ? 0 : Self.error(scalings[$0], scalings[first], step)
      }
      // Without an error nothing can be told apart, but for functions that are equal.
      guard zip(gaps, errors).allSatisfy({ $0 <= rounding || $1.isFinite }),
        !Self.isTooUncertain(scalings[first], step)
      else {
        best.append(-1)
        continue
      }
      best.append(first)
      for (place, other) in finite.enumerated() {
        let isTold =
          gaps[place] > rounding
          && (Self.isRatioTold(scalings[other], scalings[first], step)
            ?? (gaps[place] > Self.tolerance * errors[place] + rounding))
        ties[other * steps + step] = !isTold
      }
    }
    self.init(
      name: name, longName: longName, units: units, values: scalings.flatMap(\.values),
      standardErrors: scalings.flatMap(\.standardErrors), best: best, ties: ties,
      floors: scalings.flatMap(\.floors),
      atFloor: scalings.flatMap { scaling in
        (0..<steps).map { step in
          // Values of a step that are equal but for rounding are equal.
          let most = scalings.map { abs($0.values[step]) }.filter(\.isFinite).max() ?? 0
          return Self.isAtFloor(scaling, step, rounding: 1e-12 * most)
        }
      })
  }

  /// Whether a value is not above its floor by more than the tolerance: the same networks could have it if
  /// they had the limit's law. Without an error only where it is not above the floor at all.
  private static func isAtFloor(_ scaling: ReferenceValues, _ step: Int, rounding: Double) -> Bool {
    let (value, floor) = (scaling.values[step], scaling.floors[step])
    guard value.isFinite, floor.isFinite else { return false }
    let error = scaling.standardErrors[step]
    return value - floor <= (error.isFinite ? Self.tolerance * error : 0) + rounding
  }

  /// Whether the standard error is larger than the value and than its floor: divergences of fits to few seeds have
  /// heavy tails, and neither a small one nor one near the floor says anything then.
  private static func isTooUncertain(_ scaling: ReferenceValues, _ step: Int) -> Bool {
    let (value, floor, error) = (
      scaling.values[step], scaling.floors[step], scaling.standardErrors[step]
    )
    return floor.isFinite && error > max(value, floor)
  }

  /// Whether the logarithm of a ratio is above its error by more than the tolerance; `nil` where some number is not
  /// above zero. Errors of divergences grow with them: beside 1.3 +- 0.6 the difference to 160 +- 220 says nothing,
  /// and the ratio does.
  private static func isRatioTold(
    _ a: ReferenceValues, _ b: ReferenceValues, _ step: Int
  ) -> Bool? {
    let (x, y) = (a.values[step], b.values[step])
    let left = zip(a.withoutSeed[step], b.withoutSeed[step])
    guard x > 0, y > 0, left.allSatisfy({ $0 > 0 && $1 > 0 }) else { return nil }
    let shared = Jackknife.standardError(left.map { log($0 / $1) })
    let own = (a.ownErrors[step] / x, b.ownErrors[step] / y)
    let error = (shared * shared + own.0 * own.0 + own.1 * own.1).squareRoot()
    return log(x / y) > tolerance * error
  }

  /// The standard error of a difference: what seeds do to both alike cancels.
  private static func error(_ a: ReferenceValues, _ b: ReferenceValues, _ step: Int) -> Double {
    guard !a.withoutSeed[step].isEmpty, a.withoutSeed[step].count == b.withoutSeed[step].count
    else { return .infinity }
    let shared = Jackknife.standardError(
      zip(a.withoutSeed[step], b.withoutSeed[step]).map { $0 - $1 })
    let (x, y) = (a.ownErrors[step], b.ownErrors[step])
    return (shared * shared + x * x + y * y).squareRoot()
  }
}
