import Checkpoints
import DataIO
import DeepMeanField
import Diagnostics
import Dynamics
import Foundation
import ParticleSystems

extension LayeredLimitJob {
  /// Runs the limit: one simulation, or with a tolerance larger and larger ones, whose mean is the result.
  ///
  /// - Parameter makeSink: of a simulation, by the job with its particles and its units.
  /// - Returns: what the limit is, and the sink of the last simulation.
  func simulate<Sink: LayeredSink>(
    _ settings: TrainingSettings, _ units: CheckpointUnits, _ progress: (RunProgress) -> Void,
    makeSink: (LayeredLimitJob, CheckpointUnits) throws -> Sink
  ) throws -> (outcome: LimitOutcome, sink: Sink) {
    var job = self
    var parts: [Trajectory] = []
    var simulations: [LimitOutcome.Simulation] = []
    while true {
      let units = units.part("simulation \(parts.count + 1)")
      let sink = try makeSink(job, units)
      let trajectory = try job.simulation(
        settings, number: parts.count, units, progress, sink)
      parts.append(trajectory)
      simulations.append(.init(particles: job.particles, error: trajectory.largestError))
      switch try job.next(after: parts, simulations, settings) {
      case .finished(let outcome): return (outcome, sink)
      case .simulates(let particles): job.particles = particles
      }
    }
  }

  private func simulation<Sink: LayeredSink>(
    _ settings: TrainingSettings, number: Int, _ units: CheckpointUnits,
    _ progress: (RunProgress) -> Void, _ sink: Sink
  ) throws -> Trajectory {
    let empty = Trajectory(members: 1, settings: settings, hasError: false)
    let activity = number == 0 ? "limit" : "limit, \(particles) particles"
    return try units.training(empty) { action in
      guard zeroReason == nil else { return zeroTrajectory(settings) }
      return try limit(settings, replicates: replicates, simulation: number).run(
        in: Sink.Scalar.self, workers: options.workers,
        progress: { update in
          progress(
            RunProgress(
              fraction: Double(update) / Double(settings.steps),
              activity: "\(activity), step \(update)"))
        }, atBoundary: action, probes: sink.probes,
        snapshot: { step, snapshot in try sink.write(snapshot, step: step) })
    }
  }

  private enum Next {
    case finished(LimitOutcome)
    case simulates(particles: Int)
  }

  private func next(
    after parts: [Trajectory], _ simulations: [LimitOutcome.Simulation],
    _ settings: TrainingSettings
  ) throws -> Next {
    // What diverged does not get better with more particles, and has no mean.
    let hasDiverged = parts.contains { $0.divergedAtStep.contains { $0 != nil } }
    let mean = hasDiverged ? parts.last! : Self.mean(parts, simulations.map(\.particles), settings)
    func finished(_ reason: String?) -> Next {
      .finished(
        LimitOutcome(
          trajectory: mean, tolerance: tolerance, simulations: simulations,
          stoppedBecause: reason))
    }
    guard let tolerance, !hasDiverged, !(mean.largestError <= tolerance) else {
      return finished(nil)
    }
    // One simulation has no rate; the second is as small as it can be.
    guard simulations.count > 1 else {
      return try excess(2 * particles, beside: simulations).map(finished)
        ?? .simulates(particles: 2 * particles)
    }
    let rate = LayeredLevels.rate(simulations)
    func need(atRate rate: Double) throws -> (needed: Int, text: String?) {
      let needed = LayeredLevels.needed(after: simulations, tolerance: tolerance, rate: rate)
      return (needed, try excess(needed, beside: simulations))
    }
    let (needed, text) = try need(atRate: rate)
    guard let text else {
      return .simulates(particles: LayeredLevels.next(after: particles, needed: needed))
    }
    // Rates of two or three simulations are noisy: it is tried as long as the best of rates gives hope.
    if try need(atRate: LayeredLevels.bestRate).text == nil,
      try excess(2 * particles, beside: simulations) == nil
    {
      return .simulates(particles: 2 * particles)
    }
    // The largest simulation that there is room for, at the measured rate, with half of the error to spare: the rate is noisy.
    var largest = particles
    while try excess(2 * largest, beside: simulations) == nil { largest *= 2 }
    let error = simulations.last!.error * pow(Double(particles) / Double(largest), rate)
    return finished(
      "errors fall as particles^-\(String(format: "%.2f", rate)), and \(text)"
        + (largest > particles
          ? String(format: "; a tolerance of %.1g is within reach", 1.5 * error) : ""))
  }

  /// The mean of simulations by so many particles, weighed by ``LayeredLevels``.
  static func mean(
    _ parts: [Trajectory], _ particles: [Int], _ settings: TrainingSettings
  ) -> Trajectory {
    parts.count == 1
      ? parts[0]
      : Trajectory(
        averaging: parts, weights: particles.map(LayeredLevels.weight), settings: settings,
        rule: .plain)
  }

  /// Why there can be no simulation by so many particles; `nil` where there can.
  private func excess(
    _ particles: Int, beside simulations: [LimitOutcome.Simulation]
  ) throws -> String? {
    var larger = self
    larger.particles = particles
    let weights = (simulations.map(\.particles) + [particles]).reduce(0.0) {
      $0 + limit.costInReplicates * sizes(particles: $1).weights
    }
    if weights > LayeredLevels.budget {
      return
        "\(larger.sizes.text) particles would exceed the budget of \(Int(LayeredLevels.budget)) weights"
    }
    do {
      try larger.checkMemory(key: "limit.tolerance")
      return nil
    } catch let diagnostic as Diagnostic {
      return diagnostic.message
    }
  }
}
