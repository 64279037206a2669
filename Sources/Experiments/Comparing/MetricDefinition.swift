import Comparison
import DataIO
import Execution

/// A number that is compared over widths, as a function of seeds and realizations, so that one piece of
/// code makes values, errors, floors and rates of all metrics.
struct MetricDefinition: Sendable {
  let name: String
  let longName: String
  var units = "1"
  /// What it depends on beside the width.
  let dimensions: [ComparisonDimension]
  /// Entries of those dimensions: of the number `index` below.
  let count: Int
  /// The metric of some seeds (with repetitions) and realizations of the limit.
  let value: @Sendable (_ width: Int, _ index: Int, _ seeds: [Int], _ realizations: [Int]) -> Double
  /// Whether realizations of the limit matter: their choice is then a part of the error.
  var dependsOnRealizations = false
  /// The same between independent networks of the width.
  var floor: @Sendable (_ width: Int, _ index: Int) -> Double = { _, _ in .nan }
  /// What these networks have in common, for the floor's name.
  var floorName = "between independent networks of the width"
  /// What is to be expected where networks and limit have the same law, at these numbers of seeds and
  /// realizations and with the limit's own error: what the best limit of several is told from. NaN where it is
  /// not known.
  var equalLawFloor: @Sendable (_ width: Int, _ index: Int) -> Double = { _, _ in .nan }
  /// What the limit's own error makes of it: zero of a limit without simulation; `nil` where it is not
  /// estimated.
  var limitError: (@Sendable (_ width: Int, _ index: Int) -> Double)?
  /// What a fit takes off; by default the limit's error.
  var fitFloor: (@Sendable (_ width: Int, _ index: Int) -> Double)?
  /// What that is, for verdicts.
  var fitFloorName = "the limit's simulation error"
  var correction = FloorRule.Correction.squares
  /// The exponent that theory predicts.
  var predicted: Double?
  var source = ""
  /// Where it is not the same for all entries.
  var predictedOfEntry: (@Sendable (_ index: Int) -> Double?)?
  /// What a deviation from it may come from.
  var caveat: Caveat?
  /// Why there are no values.
  var comment: String?
  /// Whether a rate is fitted.
  var isFitted = true

  func predicted(_ index: Int) -> Double? { predictedOfEntry.map { $0(index) } ?? predicted }

  /// What is known against a prediction.
  struct Caveat: Sendable {
    enum Scope: Sendable {
      /// Any deviation may come from it.
      case anyDeviation
      /// It makes the metric fall more slowly.
      case slowerOnly
      /// The prediction is of widths beyond those of most networks.
      case wideNetworksOnly
    }

    let text: String
    let scope: Scope
  }

  /// The metric over all widths.
  struct Evaluated: Sendable {
    /// (width, index)
    var values: [Double]
    var standardErrors: [Double]
    var floors: [Double]
    /// (width, index): values without each seed, for errors of differences; empty with one seed.
    var withoutSeed: [[Double]]
    /// (width, index): the part of the standard error that comes from realizations.
    var realizationErrors: [Double]
  }

  private struct Entry: Sendable {
    let value: Double
    let left: [Double]
    let fromRealizations: Double
    let floor: Double
  }

  /// Values, errors (the jackknife over seeds, and over realizations where they matter) and floors.
  func evaluated(widths: Int, seeds: Int, realizations: Int, workers: Workers) -> Evaluated {
    let allSeeds = Array(0..<seeds)
    let allRealizations = Array(0..<realizations)
    let total = widths * count
    let all = workers.results(total) { item in
      let (w, i) = item.quotientAndRemainder(dividingBy: count)
      let left = Jackknife.leavingOneOut(units: seeds) { value(w, i, $0, allRealizations) } ?? []
      var fromRealizations = 0.0
      if dependsOnRealizations,
        let values = Jackknife.leavingOneOut(
          units: realizations, { value(w, i, allSeeds, $0) })
      {
        fromRealizations = Jackknife.standardError(values)
      }
      return Entry(
        value: value(w, i, allSeeds, allRealizations), left: left,
        fromRealizations: fromRealizations, floor: floor(w, i))
    }
    return Evaluated(
      values: all.map(\.value),
      standardErrors: all.map {
        guard !$0.left.isEmpty else { return .nan }
        let error = Jackknife.standardError($0.left)
        return (error * error + $0.fromRealizations * $0.fromRealizations).squareRoot()
      }, floors: all.map(\.floor), withoutSeed: all.map(\.left),
      realizationErrors: all.map(\.fromRealizations))
  }
}
