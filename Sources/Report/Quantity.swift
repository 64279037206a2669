import ParticleSystems

/// A quantity of a trajectory at one recorded step: the mean over the members that have not diverged
/// by then, and how far it is from being exact or the same for all.
struct Quantity {
  var mean: Double
  /// Sample standard deviation over members; of one member the standard error of its simulation; NaN
  /// where there is neither.
  var spread: Double

  /// - Parameters:
  ///   - values: (member, step); empty where it is not recorded.
  ///   - errors: standard errors, in the same shape; empty where there are none.
  init(_ values: [Double], errors: [Double] = [], of trajectory: Trajectory, index: Int) {
    let steps = trajectory.steps.count
    (mean, spread) = (.nan, .nan)
    guard !values.isEmpty else { return }
    let places = (0..<trajectory.members).map { $0 * steps + index }
      .filter { values[$0].isFinite }
    guard !places.isEmpty else { return }
    let center = places.reduce(0) { $0 + values[$1] } / Double(places.count)
    mean = center
    if places.count > 1 {
      let squares = places.reduce(0) { $0 + (values[$1] - center) * (values[$1] - center) }
      spread = (squares / Double(places.count - 1)).squareRoot()
    } else if trajectory.members == 1, !errors.isEmpty {
      spread = errors[places[0]]
    }
  }

  var cell: Markup { Cell.uncertain(mean, spread) }

  /// In per cent, without the unit.
  var percentCell: Markup {
    mean.isNaN
      ? Cell.missing
      : spread.isNaN ? Cell.percent(mean) : Cell.uncertain(100 * mean, 100 * spread)
  }
}

extension Trajectory {
  func trainingLoss(at index: Int) -> Quantity {
    Quantity(trainingLoss, errors: trainingLossStandardError, of: self, index: index)
  }

  func testLoss(at index: Int) -> Quantity {
    Quantity(testLoss, errors: testLossStandardError, of: self, index: index)
  }

  func trainingAccuracy(at index: Int) -> Quantity {
    Quantity(trainingAccuracy, of: self, index: index)
  }

  func testAccuracy(at index: Int) -> Quantity { Quantity(testAccuracy, of: self, index: index) }

  /// Members that diverged, and the first step at which one did.
  var divergence: (count: Int, step: Int)? {
    let steps = divergedAtStep.compactMap(\.self)
    return steps.min().map { (steps.count, $0) }
  }
}
