import DataIO
import DeepMeanField
import Foundation
import Networks
import ParticleSystems

extension DrivenLayersJob {
  /// What a run would do. Operations are those of the matrix products.
  ///
  /// - Parameter pilot: of the populations alone (``runPilot()``).
  public func plan(pilot: Pilot? = nil) -> LimitPlan {
    let driven = driven
    let last = populations.simulations.last!
    let groups = driven.groupCount
    let operations = operations(driven)
    let bytes = bytes(driven)
    let record = job.settings.recordBytes(members: job.replicates)
    let rest = pilot.map { max(0, $0.peakBytes - $0.particleBytes) } ?? MachineMemory.resident
    let all = bytes + record + rest
    var lines: [(name: String, text: String)] = [
      ("limit", "mean field, \(job.scaling.hiddenLayers) hidden layers"),
      ("measure", "moves in all \(job.scaling.hiddenLayers + 1) layers of weights"),
      ("particles", "\(job.sizes.text) fresh ones for each of \(job.replicates) replicates"),
      ("design", job.designName),
      (
        "driven",
        "by the populations of a solved limit, \(last.sizes.text) particles, made again"
          + " \(groups == 1 ? "once" : "\(groups) times")"
      ),
      ("operations", String(format: "%.1e", operations)),
      (
        "memory",
        String(
          format: "%.2f GB of %.2f GB: particles %.2f GB, program and data %.2f GB", all / 1e9,
          MachineMemory.limit / 1e9, bytes / 1e9, (rest + record) / 1e9)
      ),
    ]
    if !job.settings.snapshots.isEmpty {
      var measure = job.measure
      measure.drivenBy = fileName
      lines.append(("snapshots", String(format: "%.3g MB on the disk", measure.bytes / 1e6)))
    }
    if let pilot { lines.append(("time", pilot.text)) }
    return LimitPlan(lines: lines, operations: operations, bytes: all, seconds: pilot?.seconds)
  }

  /// Runs a pilot of the populations, and takes the fresh particles to be as fast in operations.
  public func runPilot() -> Pilot? {
    let last = populations.simulations.last!
    return last.runPilot().map {
      $0.taking($0.seconds * operations(driven) / last.operations(job.settings))
    }
  }

  private func operations(_ driven: DrivenLayers) -> Double {
    let settings = job.settings
    let problem = settings.problem
    let solved = driven.solved.sizes
    let batch = Double(settings.batches.largestBatch(points: problem.trainingCount))
    var each = 0.0
    for (place, count) in driven.sizes.layers.enumerated() {
      let below = place == 0 ? solved.features : solved.layers[place - 1]
      let above = place == solved.hiddenLayers - 1 ? solved.outputs : solved.layers[place + 1]
      each += Double(settings.steps) * 4 * batch * Double(count) * Double(below + above)
    }
    let recorded = Double(settings.recorded.list(upTo: settings.steps).count)
    let points = Double(problem.trainingCount + problem.testCount)
    let below = solved.layers[solved.hiddenLayers - 2]
    each += recorded * 2 * points * Double(driven.sizes.layers.last!) * Double(below)
    return populations.simulations.dropLast().reduce(0) { $0 + $1.operations(settings) }
      + Double(driven.groupCount) * populations.simulations.last!.operations(settings)
      + Double(job.replicates) * each
  }

  /// Of the populations and of a group of fresh particles.
  private func bytes(_ driven: DrivenLayers) -> Double {
    populations.simulations.map(\.bytes).max()!
      + Double(driven.numbersOfGroup) * Double(job.options.precision.bytes)
  }

  func checkMemory(key: String) throws {
    let driven = driven
    try Experiments.checkMemory(
      bytes: bytes(driven), beside: job.settings.recordBytes(members: job.replicates),
      what:
        "populations of \(driven.solved.sizes.text) particles in each of \(job.replicates) replicates and a group"
        + " of fresh ones need", key: key,
      advice: "drive by a run of fewer particles or replicates")
  }
}
