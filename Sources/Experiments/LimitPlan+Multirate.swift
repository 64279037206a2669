import Dynamics
import Measures

extension LimitJob {
  /// Particles of the small sets, of one realization; 0 without any.
  var smallParticles: Int {
    multirateChoice.multirate.map {
      replicates * $0.smallParticles(beside: particles / replicates, group: design.groupSize)
    } ?? 0
  }

  /// For people: what two step sizes are, or why there are none although they are wanted.
  var multirateLine: String? {
    guard let multirate = multirateChoice.multirate else {
      return multirateChoice.reason.map { "off: \($0)" }
    }
    let small = "\(smallParticles) more take every step"
    switch multirate.blocks {
    case .automatic:
      return "blocks of as many steps as the error allows, \(small); operations are those"
        + " of blocks of one step, the most there can be"
    case .fixed(let steps): return "blocks of \(steps) steps, \(small)"
    }
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
    return sweeps * (1 + share) + share
  }
}
