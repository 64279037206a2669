import Comparison
import Execution

/// The law of the weights of a limit at one snapshot, as networks of one width are compared with it.
struct LimitLaws: Sendable {
  /// One for all networks, or one for each of them.
  let laws: [WeightLaw]
  /// Whether each network has its own: the measure of a limit with a random initial function is random with
  /// it, and that of a network's limit belongs to the network's own initial function.
  let areOwn: Bool
  /// E|X - X'| of each law's cloud.
  let meanDistances: [Double?]

  init(shared law: WeightLaw, workers: Workers) {
    self.init([law], areOwn: false, workers: workers)
  }

  init(own laws: [WeightLaw], workers: Workers) {
    self.init(laws, areOwn: true, workers: workers)
  }

  private init(_ laws: [WeightLaw], areOwn: Bool, workers: Workers) {
    self.laws = laws
    self.areOwn = areOwn
    meanDistances = laws.map { law in
      law.all.cloud.map { EnergyDistance.meanDistance(within: $0, workers: workers) }
    }
  }

  /// Bandwidths of smoothed laws, one an axis: for so many points.
  func bandwidths(points: Int) -> [Double] {
    laws[0].all.lines.indices.map { axis in
      SmoothedLines.bandwidth(laws.map { $0.all.lines[axis] }, points: points)
    }
  }
}
