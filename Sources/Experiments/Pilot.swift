import DataIO
import Diagnostics
import Dynamics
import Foundation
import Measures
import ParticleSystems

/// What a run will take in time and memory, from a pilot of the same job with fewer particles and steps on this machine.
///
/// Times of arithmetic counted in operations differ by the shapes of the products, by how much of a step is no
/// product, and by the machine; a pilot has all three. What it cannot know: how many steps an adaptive integrator or
/// automatic blocks take, and how many particles a tolerance needs.
public struct Pilot: Sendable, Equatable {
  /// Of the whole (first) simulation, without the files.
  public let seconds: Double
  /// Particles and steps of the pilot.
  public let particles: Int
  /// Training steps of the pilot.
  public let steps: Int
  /// The most memory that the process had, and how much of it the pilot's particles took by the plan's account.
  let peakBytes: Double
  let particleBytes: Double

  /// The same of a run that takes another time.
  func taking(_ seconds: Double) -> Pilot {
    Pilot(
      seconds: seconds, particles: particles, steps: steps, peakBytes: peakBytes,
      particleBytes: particleBytes)
  }

  /// For people.
  var text: String {
    let size = particles == 0 ? "" : " of \(particles) particles"
    return
      "about \(Self.words(seconds)), from a pilot\(size) over \(steps) step\(steps == 1 ? "" : "s")"
  }

  /// Two digits of a duration.
  static func words(_ seconds: Double) -> String {
    let units: [(size: Double, name: String)] = [
      (86_400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"),
    ]
    let (size, name) = units.first { seconds >= 2 * $0.size } ?? units.last!
    let value = max(seconds / size, 0.01)
    return String(format: value < 1 ? "%.2f" : value < 10 ? "%.1f" : "%.0f", value) + " \(name)"
  }
}

extension LimitJob {
  /// Particles of a pilot: enough for full blocks on every thread.
  private static let pilotParticles = 4096
  /// Of a replicate, at least: what is done once for a replicate must not pass for work of its particles.
  private static let pilotReplicate = 128
  /// A pilot that is shorter is made again with more steps.
  private static let pilotSeconds = 0.4

  /// Runs a pilot, which takes a second or as long as the kernels at initialization do, if that is longer.
  ///
  /// - Throws: as ``run(output:checkpoints:progress:)``.
  public func runPilot() throws -> Pilot {
    var pilot = self
    let unit = replicates * design.groupSize
    let enough = max(Self.pilotParticles, Self.pilotReplicate * replicates)
    if particles > enough { pilot.particles = (enough + unit - 1) / unit * unit }
    let clock = ContinuousClock()
    func timed<Result>(_ body: () throws -> Result) rethrows -> (result: Result, seconds: Double) {
      let start = clock.now
      let result = try body()
      return (result, (clock.now - start) / .seconds(1))
    }
    let (kernels, preparation) = try timed { try LimitKernels(pilot) }
    func run(_ steps: Int) -> (seconds: Double, operations: Double) {
      let settings = pilot.settings(steps: steps)
      let seconds = timed { pilot.simulate(settings, kernels) }.seconds
      return (seconds, pilot.operations(settings: settings))
    }
    let share = Double(max(1, particles)) / Double(max(1, pilot.particles))
    // Without steps: the initial sample, and what is recorded of it.
    let start = run(0)
    let whole = operations(settings: settings) - operations(settings: settings(steps: 0))
    var steps = min(pilotSteps, settings.steps)
    while true {
      let end = run(steps)
      let seconds = max(0, end.seconds - start.seconds)
      if steps == settings.steps || seconds >= Self.pilotSeconds {
        let rate = steps == 0 ? 0 : whole / (end.operations - start.operations)
        // Kernels that are means over particles take as long as those are many.
        return Pilot(
          seconds: preparation * (movesMeasure ? 1 : share) + start.seconds * share
            + seconds * rate,
          particles: pilot.particles, steps: steps, peakBytes: MachineMemory.peak,
          particleBytes: pilot.particleBytes)
      }
      let factor = min(16, 1.2 * Self.pilotSeconds / max(seconds, 1e-6))
      steps = min(settings.steps, max(steps + 1, Int(Double(steps) * factor)))
    }
  }

  /// Enough for the longest moves, which are as short as steps at first.
  private var pilotSteps: Int {
    if let rank { return 4 * rank.slowSteps }
    if case .fixed(let steps) = multirateChoice.multirate?.blocks { return 4 * steps }
    return 2
  }

  private func settings(steps: Int) -> TrainingSettings {
    var result = settings
    result.steps = steps
    result.snapshots = []
    return result
  }

  private func simulate(_ settings: TrainingSettings, _ kernels: LimitKernels) {
    switch options.precision {
    case .single: _ = simulation(in: Float.self, settings, kernels)
    case .double: _ = simulation(in: Double.self, settings, kernels)
    }
  }

  private func simulation<Scalar: ParticleScalar>(
    in precision: Scalar.Type, _ settings: TrainingSettings, _ kernels: LimitKernels
  ) -> Trajectory {
    guard let basis else { return kernelLimit(settings, kernels).run() }
    return measureLimit(settings, basis, kernels, firstRandomization: 0)
      .run(in: Scalar.self, workers: options.workers)
  }
}
