import Dynamics
import Measures
import ParticleSystems

extension LimitJob {
  /// Particles of the small sets, of one realization; 0 without any.
  var smallParticles: Int {
    multirateChoice.multirate.map {
      replicates * $0.smallParticles(beside: particles / replicates, group: design.groupSize)
    } ?? 0
  }

  /// For people: what two step sizes and ranks are, or why there are none although they are wanted.
  var multirateLine: String? {
    let none = multirateChoice.reason.map { "off: \($0)" }
    guard let multirate = multirateChoice.multirate else { return none }
    var parts: [String] = []
    switch multirate.blocks {
    case .automatic:
      parts.append(
        "blocks of as many steps as the error allows (operations are those of blocks of one step, the"
          + " most there can be)")
    case .fixed(let steps):
      parts.append(
        rank.map {
          "\($0.count) of \(basis?.movingCoordinates ?? 0) principal components move at every step,"
            + " the others once in up to \($0.slowSteps)"
        } ?? "blocks of \(steps) steps")
    }
    parts.append(
      "\(smallParticles) more take every step" + (rank == nil ? "" : " in all directions"))
    return (parts + [none].compactMap { $0 }).joined(separator: ", ")
  }

  /// Steps of single particles that advance the simulation by one training step, for each particle of the
  /// large sets. Automatic blocks may have one step each.
  var sweepsPerStep: Double {
    guard let multirate = multirateChoice.multirate else { return 1 }
    let share = Double(smallParticles) / Double(particles)
    var sweeps = 1.0
    if case .fixed(let steps) = multirate.blocks, steps > 1, let representation {
      sweeps = representation.blockCost(settings: settings) / Double(steps)
    }
    if let rank {
      sweeps *= MeasureLimit.Representation.stepCost(of: rank, settings: settings)
    }
    return sweeps * (1 + share) + share
  }
}
