import Checkpoints

/// What is gathered of networks of one width while they train.
struct GatheredMetrics {
  /// (seed, recorded step so far): mean squared distance of neurons from their twins.
  var coupling: [[Double]]
  /// By snapshot step: (seed so far): root mean square increments of a neuron's a and w.
  var increments: [Int: [Double]]
  /// By snapshot step.
  var distances: [Int: WeightLawDistances]

  init(seeds: Int, distances: [Int: WeightLawDistances]) {
    coupling = Array(repeating: [], count: seeds)
    increments = distances.mapValues { _ in [] }
    self.distances = distances
  }

  /// All of it but the last networks' laws, of networks with the same snapshots.
  mutating func exchange(_ state: RunState) throws {
    let seeds = coupling.count
    try state.exchange("coupling", &coupling)
    guard coupling.count == seeds else {
      throw state.misfit("coupling", "\(coupling.count) rows, not \(seeds)")
    }
    for step in distances.keys.sorted() {
      let state = state.part("step \(step)")
      try state.exchange("increments", &increments[step]!)
      try distances[step]!.exchange(state)
    }
  }
}

extension WeightLawDistances {
  /// What was added, but for the law of the last network.
  mutating func exchange(_ state: RunState) throws {
    try Self.exchange(state.part("values"), &values)
    try Self.exchange(state.part("floors"), &floors)
    try state.exchange("densities", &densities)
  }

  /// One row of numbers for each metric and place; all places have the same metrics.
  private static func exchange(_ state: RunState, _ all: inout [Values]) throws {
    var names = all.first.map { $0.keys.sorted().joined(separator: " ") } ?? ""
    var count = all.count
    try state.exchange("metrics", &names)
    try state.exchange("count", &count)
    let metrics = names.split(separator: " ").map(String.init)
    if !state.isRestoring {
      precondition(all.allSatisfy { $0.count == metrics.count }, "the same metrics at all places")
    }
    guard !metrics.isEmpty || count == 0 else { throw state.misfit("metrics", "no names") }
    for (number, metric) in metrics.enumerated() {
      var rows = all.map { $0[metric] ?? [] }
      try state.exchange(metric, &rows)
      guard rows.count == count else {
        throw state.misfit(metric, "\(rows.count) rows, not \(count)")
      }
      if state.isRestoring, number == 0 { all = rows.map { _ in [:] } }
      for (place, row) in rows.enumerated() { all[place][metric] = row }
    }
  }
}
