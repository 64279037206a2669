import Checkpoints
import DataIO
import Diagnostics
import FiniteWidth
import Networks
import ParticleSystems

/// What a study gave.
public struct StudyOutcome: Sendable {
  /// What the file holds.
  public let record: StudyRecord
  /// What the predictions leave out, in one sentence a kernel.
  public let warnings: [String]
}

extension StudyJob {
  /// Runs the study and writes `output`.
  ///
  /// Cost: for each network as `StudyCase.kernelScores(_:)`, and the training of its finite networks.
  ///
  /// - Parameter checkpoints: of this output; `nil` for none.
  /// - Throws: `Diagnostic` of kind `outputFailure` where the file cannot be written; nothing is left
  ///   behind then. Of kind `stoppedBySignal` where a run with checkpoints is asked to stop, of kind
  ///   `badInput` where the checkpoint is that of another run, or where a kernel is not finite.
  public func run(
    output: String, checkpoints: RunCheckpoints? = nil, progress: (RunProgress) -> Void = { _ in }
  ) throws -> StudyOutcome {
    try checkDestination(output, force: options.force)
    let runSettings = try runSettings
    try cases[0].experiment(learningRate: 1).begin(checkpoints, runSettings, options)
    let units = CheckpointUnits(checkpoints)
    let costs = try cases.map { try cost($0) }
    let total = costs.reduce(0, +)
    var done = 0.0
    var warnings: [String] = []
    var entries: [StudyRecord.Case] = []
    for (number, entry) in cases.enumerated() {
      progress(RunProgress(fraction: done / total, activity: "kernels of \(entry.text)"))
      let kernels = try entry.kernelScores(options)
      warnings += kernels.leftOut.filter { $0.directions > 0 }.map { warning(entry, $0) }
      let networks = DeepNetworksBesideLimit(
        experiment: try entry.experiment(learningRate: kernels.learningRate), options: options,
        seeds: seeds)
      var finite: [StudyRecord.Networks] = []
      for width in widths {
        let compared = try networks.train(
          width: width, units: units.part("network \(number + 1), width \(width)")
        ) { update in
          let part = (Double(finite.count) + update.fraction) / Double(widths.count)
          progress(
            RunProgress(
              fraction: (done + part * costs[number]) / total,
              activity: "\(entry.text): width \(width), \(update.activity)"))
        }
        finite.append(scores(of: compared.networks))
      }
      done += costs[number]
      entries.append(
        StudyRecord.Case(
          parameterization: entry.parameterization.rawValue, hiddenLayers: entry.hiddenLayers,
          widthRatio: entry.widthRatio, baseWidths: entry.baseWidths,
          learningRate: kernels.learningRate, bayesian: kernels.bayesian, trained: kernels.trained,
          end: kernels.end, networks: finite))
    }
    let record = StudyRecord(
      path: output, trainingPoints: problem.trainingCount, testPoints: problem.testCount,
      steps: section.steps,
      noiseDeviation: loaded.configuration.prediction?.noiseStandardDeviation ?? 0, widths: widths,
      seeds: seeds, cases: entries)
    let experiment = try cases[0].experiment(learningRate: 1)
    var metadata = loaded.metadata(
      options, problem, seed: Int(experiment.seed(options)), extra: runSettings.attributes)
    metadata.extra["loss"] = .text(Loss.squared.rawValue)
    metadata.extra.merge(DataFingerprint.attributes(problem, loaded.configuration.data)) { $1 }
    try StudyFile.write(record, metadata: metadata, force: options.force)
    checkpoints?.finish()
    return StudyOutcome(record: record, warnings: warnings)
  }

  /// In multiplications: of the kernels' eigenvectors, and of the finite networks' steps.
  private func cost(_ entry: StudyCase) throws -> Double {
    let n = Double(problem.trainingCount)
    let experiment = try entry.experiment(learningRate: 1)
    return widths.reduce(18 * n * n * n) { sum, width in
      let parameters = experiment.deepLayers(width: width).reduce(0) { $0 + $1.parameters }
      return sum + 3 * n * Double(parameters) * Double(seeds) * Double(section.steps)
    }
  }

  private func warning(
    _ entry: StudyCase, _ left: (kernel: String, directions: Int, targetShare: Double)
  ) -> String {
    let kernel = left.kernel == "nngp" ? "NNGP" : "tangent"
    return "\(entry.text): the \(kernel) kernel has \(left.directions)"
      + " eigenvalue\(left.directions == 1 ? "" : "s") within rounding of zero; predictions leave out these"
      + " directions, with \(ResultTable.text((1e4 * left.targetShare).rounded() / 100)) % of the labels'"
      + " sum of squares"
  }

  /// After the last step: of every network, and of the mean of those that did not diverge.
  private func scores(of networks: Trajectory) -> StudyRecord.Networks {
    let last = networks.steps.count - 1
    let alive = (0..<networks.members).filter { networks.divergedAtStep[$0] == nil }
    func value(_ all: [Double], _ member: Int) -> Double {
      all.isEmpty ? .nan : all[member * networks.steps.count + last]
    }
    let members = (0..<networks.members).map { member in
      alive.contains(member)
        ? StudyScores(
          trainingLoss: value(networks.trainingLoss, member),
          testLoss: value(networks.testLoss, member),
          trainingAccuracy: value(networks.trainingAccuracy, member),
          testAccuracy: value(networks.testAccuracy, member)) : .none
    }
    func mean(_ logits: [Double], points: Int) -> [Double] {
      let size = points * networks.outputs
      var sum = [Double](repeating: 0, count: size)
      for member in alive {
        let first = (member * networks.steps.count + last) * size
        for k in 0..<size { sum[k] += logits[first + k] }
      }
      return sum.map { $0 / Double(alive.count) }
    }
    guard !alive.isEmpty else { return StudyRecord.Networks(members: members, meanFunction: .none) }
    let training = mean(networks.trainingLogits, points: networks.trainingPoints)
    let test = mean(networks.testLogits, points: networks.testPoints)
    func loss(_ labels: [Double], _ logits: [Double]) -> Double {
      Loss.squared.mean(
        labels: labels, logits: logits, outputs: problem.outputs, magnitude: .staysFinite)
    }
    func accuracy(_ labels: [Double], _ logits: [Double]) -> Double {
      problem.task == .regression ? .nan : problem.accuracy(labels: labels, logits: logits)
    }
    return StudyRecord.Networks(
      members: members,
      meanFunction: StudyScores(
        trainingLoss: loss(problem.trainingLabels, training),
        testLoss: loss(problem.testLabels, test),
        trainingAccuracy: accuracy(problem.trainingLabels, training),
        testAccuracy: accuracy(problem.testLabels, test)))
  }
}
