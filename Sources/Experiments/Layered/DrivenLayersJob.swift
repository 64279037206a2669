import DataIO
import DeepMeanField
import Diagnostics
import Networks
import ParticleSystems

/// `infwidth limit --from` for several hidden layers: fresh particles that see the populations of a solved limit
/// (``DrivenLayers``), from a configuration and RUN.nc to a file of the same form.
///
/// The file has the loss gradients, which do not drive a particle of several layers. So the run's populations are made
/// again from its configuration and seed, checked to the bit against what it stores, and see the fresh ones pass.
/// Test points, recorded steps, seed and design may be others.
public struct DrivenLayersJob: Sendable {
  /// The fresh particles, as those of a limit: `particles` of the widest layer for each replicate of the run.
  public let job: LayeredLimitJob
  /// The run whose populations drive them.
  public var run: RunRecord { populations.run }
  let populations: PopulationsOfRun
  /// Numbers that fresh particles have in memory together, at most; no bit depends on it.
  public var largestGroup = DrivenLayers.largestGroup

  /// - Parameters:
  ///   - path: the file of the run.
  ///   - particles: replaces `limit.particles`.
  /// - Throws: `Diagnostic` where the run is not one of this experiment or cannot be made again, and where particles do
  ///   not move.
  public init(
    _ experiment: Experiment, from path: String, options: RunOptions, particles: Int? = nil
  ) throws {
    let option = "--from"
    let limit = experiment.configuration.limit
    if particles == nil, limit.particles == .automatic {
      throw experiment.loaded.locate(
        Diagnostic(
          .badInput, "received auto; accepted with --from: a number, such as 8192, or --particles",
          key: "limit.particles"))
    }
    var job = try LayeredLimitJob(
      experiment, options: options, particles: particles, tolerance: nil, isDriven: true)
    if let reason = job.zeroReason {
      throw Diagnostic(
        .badInput,
        "received \(path); accepted: none, since the limit is zero at every step, so that no particles move: \(reason)",
        key: option)
    }
    populations = try PopulationsOfRun(
      try DrivingRun.read(path, of: experiment, settings: job.settings, option), as: job, option)
    job.replicates = populations.simulations[0].replicates
    if let received = limit.replicates.number, received != job.replicates {
      throw experiment.loaded.locate(
        Diagnostic(
          .badInput,
          "received \(received); accepted with --from: \(job.replicates), fresh particles for each replicate of"
            + " \(path), or auto", key: "limit.replicates"))
    }
    self.job = job
    do {
      try checkMemory(key: LimitJob.key(particles))
    } catch let diagnostic as Diagnostic {
      throw experiment.loaded.locate(diagnostic)
    }
  }

  /// Remarks on settings that have no effect in this run.
  public var notes: [String] { job.notes }

  /// The run's last simulation, whose populations drive, on the points and records of this one.
  var driven: DrivenLayers {
    let simulations = populations.simulations
    let last = simulations.last!
    return DrivenLayers(
      solved: last.limit(
        job.settings, replicates: last.replicates, simulation: simulations.count - 1),
      sizes: job.sizes, design: job.design, seed: job.experiment.seed(job.options),
      largestGroup: largestGroup)
  }

  var runSettings: [RunSetting] {
    get throws {
      try job.runSettings + [
        RunSetting(
          key: "--from", value: DataFingerprint.text(values: [run.trajectory.lossGradient]))
      ]
    }
  }

  /// As `LimitJob.checkFinished(_:)`.
  public func checkFinished(_ output: String) throws {
    try Experiments.checkFinished(output, settings: runSettings) {
      job.experiment.loaded.locate($0)
    }
  }

  var fileName: String { DrivingRun.name(of: run) }

  var attributes: [String: AttributeValue] {
    var result: [String: AttributeValue] = [
      "driven_by": .text(fileName), "driven_by_particles": .int(run.particles),
      "comment": .text(
        "Fresh particles that see the populations of \(fileName), made again from its configuration and seed, and do not"
          + " act on them. Logits, losses and accuracies are those of the fresh particles of the last hidden layer above"
          + " the other layers of \(fileName). Each replicate drives particles of its own, so that standard errors have"
          + " all of the sampling error, that of the populations included (driven_by_error: the largest"
          + " test_logits_error of \(fileName); driving_gap: root mean square difference of the training logits from those"
          + " of \(fileName), the largest over common steps)."),
    ]
    let error = run.trajectory.largestError
    if !error.isNaN { result["driven_by_error"] = .double(error) }
    return result
  }
}
