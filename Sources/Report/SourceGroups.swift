import DataIO
import ParticleSystems

/// Which of the files are drawn in common axes.
struct SourceGroups {
  /// A limit, networks of its experiment and scaling, or both.
  struct Pair {
    var run: ReportSource?
    var nets: ReportSource?

    var sources: [ReportSource] { [run, nets].compactMap(\.self) }
  }

  /// Limits of one experiment in different scalings, with networks of it that have the reference
  /// width.
  struct Limits {
    var runs: [ReportSource]
    var reference: ReportSource?

    var sources: [ReportSource] { runs + [reference].compactMap(\.self) }
  }

  private(set) var pairs: [Pair] = []
  private(set) var limits: [Limits] = []

  init(_ sources: [ReportSource]) {
    let nets = sources.filter { $0.nets != nil }
    var used: Set<String> = []
    for run in sources where run.run != nil {
      let partner = nets.first { $0.limit == run.limit && Self.belong($0, run) }
      if let partner { used.insert(partner.path) }
      pairs.append(Pair(run: run, nets: partner))
      if let place = limits.firstIndex(where: { Self.belong(run, $0.runs[0]) }) {
        limits[place].runs.append(run)
      } else {
        limits.append(Limits(runs: [run]))
      }
    }
    for single in nets where !used.contains(single.path) { pairs.append(Pair(nets: single)) }
    limits.removeAll { $0.runs.count < 2 }
    for index in limits.indices {
      let first = limits[index].runs[0]
      limits[index].reference = nets.first { candidate in
        Self.belong(candidate, first)
          && first.run!.referenceWidth.map(candidate.nets!.widths.contains) == true
      }
    }
  }

  /// Whether both are of one experiment, with the same outputs and the same reference network.
  private static func belong(_ a: ReportSource, _ b: ReportSource) -> Bool {
    guard SourceDifference(a, from: b) == nil, a.outputs == b.outputs else { return false }
    guard let x = a.referenceWidth, let y = b.referenceWidth else { return true }
    return x == y
  }
}

extension ReportSource {
  fileprivate var referenceWidth: Int? { run?.referenceWidth ?? nets?.referenceWidth }
  fileprivate var outputs: Int? {
    run?.trajectory.outputs ?? nets?.trajectories.first?.outputs
  }
}
