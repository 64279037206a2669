import Networks
import ParticleSystems

extension TrainingSettings {
  /// Whether blocks of steps can be taken as one: gradient descent on the full batch.
  package var allowsMultirate: Bool { step.update == .gradient && batches == .full }

  /// Whether recorded steps are so close to each other, less than four steps on average, that blocks do
  /// not end at them: test logits are then put together within blocks as training logits are.
  var recordsWithinBlocks: Bool { steps < 4 * (recorded.list(upTo: steps).count - 1) }

  /// Steps at which a block must end: the particles are handed out, or the step is recorded and that is
  /// not done within blocks.
  var blockStops: [Int] {
    var stops = Set(snapshots)
    if !recordsWithinBlocks { stops.formUnion(recorded.list(upTo: steps)) }
    stops.insert(steps)
    return stops.filter { $0 <= steps }.sorted()
  }
}
