import Checkpoints

/// Some particles at all snapshots, projected.
struct ParticleGroup {
  var masses: [Double]
  /// Snapshot, axis, particle.
  var columns: [[[Double]]]

  var count: Int { masses.count }

  /// The group of some of a run's particles, as it is or was.
  ///
  /// - Parameter columns: by snapshot, their numbers.
  mutating func exchange(_ state: RunState) throws {
    try state.exchange("masses", &masses)
    for snapshot in columns.indices {
      try state.exchange(
        "snapshot \(snapshot)", &columns[snapshot],
        lengths: Array(repeating: masses.count, count: columns[snapshot].count))
    }
  }

  mutating func append(_ other: ParticleGroup) {
    masses += other.masses
    for (s, snapshot) in other.columns.enumerated() {
      for (a, column) in snapshot.enumerated() { columns[s][a] += column }
    }
  }
}

/// A law's particles, projected group after group, each at all snapshots.
protocol ParticleGroups {
  /// Training steps of the snapshots.
  var steps: [Int] { get }
  var particles: Int { get }
  /// Calls `body` once for every group; always the same groups in the same order.
  func forEachGroup(_ body: (ParticleGroup) throws -> Void) throws
}
