/// Which of several limits describes the net of the reference width best, step by step.
public struct ReferenceRanking: Sendable, Equatable {
  /// One way to tell: a metric at the reference width.
  public struct Criterion: Sendable, Equatable {
    /// Such as `logit_gap`.
    public var name: String
    /// What the metric is, in words.
    public var longName: String
    /// Of the metric; "1" for numbers without.
    public var units: String
    /// (scaling, step)
    public var values: [Double]
    /// (scaling, step): of ``values``, over seeds.
    public var standardErrors: [Double]
    /// (step): number of the scaling of the smallest value; -1 where fewer than two have one, where
    /// differences have no errors, and where its error is larger than it and than its floor.
    public var best: [Int]
    /// (scaling, step): whether the scaling is the best or tells nothing worse within errors.
    public var ties: [Bool]
    /// (scaling, step): what is to be expected of the value where limit and networks have the same law, from
    /// so few seeds and realizations and with the limit's own error; NaN where it is not known.
    public var floors: [Double]
    /// (scaling, step): whether the value is not above its floor by more than two standard errors.
    public var atFloor: [Bool]

    package init(
      name: String, longName: String, units: String, values: [Double],
      standardErrors: [Double], best: [Int], ties: [Bool], floors: [Double], atFloor: [Bool]
    ) {
      self.floors = floors
      self.atFloor = atFloor
      self.name = name
      self.longName = longName
      self.units = units
      self.values = values
      self.standardErrors = standardErrors
      self.best = best
      self.ties = ties
    }
  }

  /// Names of the scalings, in the order of the record.
  public var scalings: [String]
  /// Recorded training steps, increasing.
  public var steps: [Int]
  /// The metrics that scalings are ranked by.
  public var criteria: [Criterion]

  package init(scalings: [String], steps: [Int], criteria: [Criterion]) {
    self.scalings = scalings
    self.steps = steps
    self.criteria = criteria
  }
}

extension ReferenceRanking {
  /// Numbers of the scalings: the best, then those that tie with it; none where none can be told.
  public func winners(_ criterion: Criterion, _ step: Int) -> [Int] {
    let best = criterion.best[step]
    guard best >= 0 else { return [] }
    return [best]
      + scalings.indices.filter { $0 != best && criterion.ties[$0 * steps.count + step] }
  }

  /// Those of the scalings whose values are at their floors.
  public func atFloor(_ criterion: Criterion, _ step: Int) -> [Int] {
    scalings.indices.filter { criterion.atFloor[$0 * steps.count + step] }
  }

  /// Which limits are the best, in words: such as "tie: NTK; IC-MF (cannot be told from the networks: IC-MF)".
  ///
  /// - Parameter titles: of the limits, by number of the scaling.
  /// - Returns: `nil` where none can be told.
  public func verdict(_ criterion: Criterion, _ step: Int, titles: [String]) -> String? {
    let winners = winners(criterion, step)
    guard !winners.isEmpty else { return nil }
    let names = (winners.count > 1 ? "tie: " : "") + Self.list(winners, titles)
    let atFloor = winners.filter { criterion.atFloor[$0 * steps.count + step] }
    if atFloor.isEmpty { return names }
    return names
      + (atFloor == winners
        ? ", \(["which cannot", "neither of which can", "none of which can"][min(winners.count, 3) - 1])"
          + " be told from the networks"
        : " (cannot be told from the networks: \(Self.list(atFloor, titles)))")
  }

  private static func list(_ scalings: [Int], _ titles: [String]) -> String {
    scalings.map { titles[$0] }.joined(separator: "; ")
  }
}
