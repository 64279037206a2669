import Checkpoints
import DataIO
import Measures

/// What gathers the weights of a network or of a limit into a law.
protocol LawCollector {
  /// All that was added, into a collector of the same weights.
  func exchange(_ state: RunState) throws
  /// - Throws: `Diagnostic` where weights are not finite.
  func law() throws -> WeightLaw
}

extension WeightLawCollector: LawCollector {}

/// Puts the laws of networks beside the limit's while they train, some seeds at a time. The networks of the next
/// seeds are compared with the last of these.
struct LawGathering<Collector: LawCollector> {
  /// Of the limit, by step.
  let laws: [Int: LimitLaws]
  /// A collector of one network.
  let collector: (_ hasHalves: Bool) -> Collector
  let units: CheckpointUnits
  /// Whether there are further seeds.
  let keepsLast: Bool

  /// Takes back the last networks from a run that was interrupted.
  func restore(into gathered: inout GatheredMetrics) throws {
    for (step, law) in laws where keepsLast {
      let own = collector(law.areOwn)
      if try units.restore(Self.name(step), { try own.exchange($0) }) {
        gathered.distances[step]?.take(previous: try own.law())
      }
    }
  }

  /// - Parameters:
  ///   - first: number of the first network.
  ///   - collect: the networks' weights, one collector a network.
  func add(
    step: Int, first: Int, into gathered: inout GatheredMetrics,
    _ collect: (_ hasHalves: Bool) -> [Collector]
  ) throws {
    guard let law = laws[step] else { return }
    // Weights that are not finite have no laws.
    let collectors = collect(law.areOwn)
    if keepsLast, let last = collectors.last {
      try units.put(Self.name(step)) { try last.exchange($0) }
    }
    if let own = try? collectors.map({ try $0.law() }) {
      try? gathered.distances[step]?.add(own, law, first: first)
    }
  }

  private static func name(_ step: Int) -> String { "last law at step \(step)" }
}
