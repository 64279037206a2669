import DataIO
import ParticleSystems

/// What a limit's run gave.
public struct LimitOutcome: Sendable {
  /// One simulation by a number of particles.
  public struct Simulation: Sendable {
    /// Particles of all replicates together.
    public let particles: Int
    /// Largest estimated RMS error of the test logits over the recorded steps.
    public let error: Double
  }

  /// The mean of the simulations.
  public let trajectory: Trajectory
  /// The error to reach; `nil` where the number of particles was given.
  public let tolerance: Double?
  /// In the order they were made; one where the number of particles was given.
  public let simulations: [Simulation]
  /// Why there are no more particles although the tolerance is not reached.
  public let stoppedBecause: String?
  /// Of particles driven by another run: root mean square of the difference between their training logits
  /// and those of the run, the largest over the steps that both record; `nil` where there is none.
  public var drivingGap: Double?
  /// The same difference by the stated errors of both, of test logits, where both state one.
  public var expectedDrivingGap: Double?
  /// What a simulation by two kinds of particles came to, where it was made again with one; else `nil`.
  public var multirateFailure: String?

  /// The largest RMS error of the test logits at any recorded step; NaN where there is no estimate.
  public var error: Double { trajectory.largestError }
  /// True where none was asked for, too.
  public var reachesTolerance: Bool { tolerance.map { error <= $0 } ?? true }
  /// Particles of the last simulation.
  public var particles: Int { simulations.last?.particles ?? 0 }
}

extension LimitOutcome {
  /// What a file says of the tolerance, where there is one.
  var toleranceAttributes: [(name: String, value: AttributeValue)] {
    guard let tolerance else { return [] }
    return [
      ("tolerance", .double(tolerance)), ("tolerance_reached", .int(reachesTolerance ? 1 : 0)),
      (
        "particles_of_simulations",
        .text(simulations.map { "\($0.particles)" }.joined(separator: ", "))
      ),
    ]
  }
}

extension Trajectory {
  /// Largest estimated error over the recorded steps; NaN where there is no estimate.
  var largestError: Double {
    let known = testLogitsError.filter { !$0.isNaN }
    return known.max() ?? .nan
  }
}
