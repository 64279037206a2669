import Checkpoints
import ParticleSystems

/// Means over the particles of ``DrivenParticles`` that are done, replicate by replicate.
struct DrivenSums {
  /// Of the replicates that are done.
  private(set) var means: [[EvaluatedLogits]] = []
  /// Of the present one, over the groups that are done.
  private var mean: [EvaluatedLogits] = []
  /// The first particle of the present group.
  private(set) var first = 0

  /// The present replicate.
  var system: Int { means.count }

  /// Adds what a group made.
  ///
  /// - Parameter size: particles of a replicate.
  mutating func add(_ group: [EvaluatedLogits], particles: Int, of size: Int) {
    mean.add(group, share: Double(particles) / Double(size))
    first += particles
    guard first == size else { return }
    means.append(mean)
    mean = []
    first = 0
  }

  /// - Parameters:
  ///   - systems: replicates in all.
  ///   - size: particles of one.
  ///   - atOnce: particles of a group.
  mutating func exchange(
    _ state: RunState, systems: Int, size: Int, atOnce: Int, _ settings: TrainingSettings
  ) throws {
    let records = settings.recorded.list(upTo: settings.steps).count
    var done = means.count
    try state.exchange("systems", &done)
    try state.exchange("first", &first)
    guard (0..<systems).contains(done), (0..<size).contains(first), first % atOnce == 0 else {
      throw state.misfit("first", "particles that there are not")
    }
    if state.isRestoring { means = Array(repeating: [], count: done) }
    for index in means.indices {
      try means[index].exchange(state.part("mean.\(index)"), count: records, settings)
    }
    try mean.exchange(state.part("mean"), count: first == 0 ? 0 : records, settings)
  }
}

extension [EvaluatedLogits] {
  /// Adds a multiple of what one group made, step by step, to that of the groups before it.
  fileprivate mutating func add(_ group: [EvaluatedLogits], share: Double) {
    func add(_ values: KeyPath<EvaluatedLogits, [[Double]]>, _ index: Int) -> [Double] {
      let added = group[index][keyPath: values][0].map { share * $0 }
      return isEmpty ? added : zip(self[index][keyPath: values][0], added).map { $0 + $1 }
    }
    self = group.indices.map { index in
      var sum = EvaluatedLogits()
      sum.training = [add(\.training, index)]
      sum.test = [add(\.test, index)]
      sum.tangentKernels = [add(\.tangentKernels, index)]
      return sum
    }
  }
}
