/// The parts of a comparison's progress: the limit, about as much work as the networks, and then width by width.
struct WidthShares {
  static let limit = 0.3
  private let costs: [Double]

  /// - Parameter costs: of the networks of each width, in any unit.
  init(costs: [Double]) { self.costs = costs }

  /// Reports the part from `from` to `to` of the work on a width.
  func report(
    _ width: Int, name: Int, from: Double = 0, to: Double = 1,
    _ progress: @escaping (RunProgress) -> Void
  ) -> (RunProgress) -> Void {
    let total = costs.reduce(0, +)
    let done = costs[..<width].reduce(0, +)
    let share = (1 - Self.limit) / total
    return {
      progress(
        RunProgress(
          fraction: Self.limit + share * (done + costs[width] * (from + (to - from) * $0.fraction)),
          activity: "width \(name), \($0.activity)"))
    }
  }
}
