import Comparison
import DataIO
import DeepMeanField
import Diagnostics
import FiniteWidth
import Measures
import Networks
import ParticleSystems

/// The comparison of networks of several hidden layers with their mean-field limit.
struct LayersComparisonRun {
  let job: LayeredLimitJob
  let subject: ComparisonSubject

  private var experiment: Experiment { subject.experiment }

  /// As ``ComparedLimit/compare(_:units:progress:)``.
  func run(
    units: CheckpointUnits, progress: @escaping (RunProgress) -> Void
  ) throws -> ScalingOutcome {
    let limit = try solvedLimit(units.part("limit")) { update in
      progress(
        RunProgress(fraction: WidthShares.limit * update.fraction, activity: update.activity))
    }
    let beside = DeepNetworksBesideLimit(
      experiment: experiment, options: subject.options, seeds: subject.seeds,
      projector: subject.projections.projector(experiment))
    var laws = subject.lawsBesideNetworks(limit.laws)
    let shares = WidthShares(
      costs: subject.widths.map { width in
        Double(experiment.deepLayers(width: width).reduce(0) { $0 + $1.parameters })
      })
    var results: [ComparedNetworks] = []
    for (number, width) in subject.widths.enumerated() {
      if let nets = subject.nets {
        let place = nets.widths.firstIndex(of: width)!
        var result = ComparedNetworks(width: width, networks: nets.trajectories[place])
        if subject.lawComment == nil {
          try laws.compare(
            StoredLayers.networkLaws(
              path: nets.path, hiddenLayers: job.scaling.hiddenLayers, width: width,
              seeds: subject.seeds, steps: laws.steps,
              projector: subject.projections.projector(experiment), hasHalves: laws.areOwn),
            into: &result)
        }
        results.append(result)
        continue
      }
      var result = try beside.train(
        width: width, laws: laws, units: units.part("width \(width)").part("networks"),
        progress: shares.report(number, name: width, progress))
      result.limitFloors = try laws.limitFloors()
      results.append(result)
    }
    return try ComparisonTables(
      subject: subject, limit: limit, results: results, exponents: exponents,
      comments: comments, laws: laws
    ).outcome()
  }

  private func solvedLimit(
    _ units: CheckpointUnits, _ progress: (RunProgress) -> Void
  ) throws -> SolvedLimit {
    let projector = subject.lawComment == nil ? subject.projections.projector(experiment) : nil
    var limit: SolvedLimit
    if let run = subject.run {
      limit = SolvedLimit(trajectory: run.trajectory, particles: run.particles, laws: [:])
      if let projector, job.zeroReason == nil {
        limit.laws = try StoredLayers.limitLaws(
          path: run.path, hiddenLayers: job.scaling.hiddenLayers, projector: projector)
      }
    } else {
      limit = try job.solve(projector: projector, units: units, progress: progress)
    }
    if let reason = job.zeroReason {
      if let projector { try addInitialLaws(&limit, projector) }
      limit.notes.append(
        "The limit is zero at every step: \(reason). Gaps are the networks' own functions.")
    } else if subject.run == nil {
      limit.notes.append(
        "The limit is of \(job.sizes(particles: limit.particles).text) particles in each of"
          + " \(job.replicates) replicate\(job.replicates == 1 ? "" : "s").")
    }
    return limit
  }

  /// Of a limit in which nothing moves.
  private func addInitialLaws(_ limit: inout SolvedLimit, _ projector: ParticleProjector) throws {
    let law = try WeightLaw.initial(
      experiment, options: subject.options, projector: projector
    ).withoutClouds
    for step in experiment.configuration.record.snapshots { limit.laws[step] = law }
  }

  private var comments: WeightComments {
    WeightComments(
      laws: subject.lawComment, clouds: "a and w belong to different neurons",
      coupling: "the coupling belongs to networks of one hidden layer")
  }
}

extension WeightLaw {
  /// Laws along the axes alone.
  fileprivate var withoutClouds: WeightLaw {
    func lines(_ sample: Sample) -> Sample { Sample(lines: sample.lines, cloud: nil) }
    return WeightLaw(all: lines(all), halves: halves?.map(lines))
  }
}
