import DataIO
import DeepMeanField
import Dynamics
import Foundation
import Networks
import ParticleSystems

extension LayeredLimitJob {
  /// What a run would do. Operations are those of the matrix products.
  public func plan(pilot: Pilot? = nil) -> LimitPlan {
    let layers = scaling.hiddenLayers
    var lines: [(name: String, text: String)] = [
      ("limit", "mean field, \(layers) hidden layers")
    ]
    guard zeroReason == nil else {
      lines.append(("measure", "frozen: \(zeroReason!)"))
      lines.append(("representation", "none: logits are zero at every step"))
      return LimitPlan(lines: lines, operations: 0, bytes: MachineMemory.resident, seconds: 0)
    }
    let limit = limit
    lines.append(("measure", "moves in all \(layers + 1) layers of weights"))
    lines.append(
      (
        "particles",
        sizes.text + " in each replicate"
          + (tolerance.map { " at first, then more until the error is below \($0)" } ?? "")
      ))
    lines.append(
      (
        "design",
        "\(designName), \(replicates) replicate\(replicates == 1 ? "" : "s")"
          + (limit.estimatesBias ? ", and halves of two for the bias" : "")
      ))
    lines.append(("representation", "matrices of hidden increments, in means over particles"))
    if design.isControlled {
      lines.append(("exact", "the first layer's kernel at step 0: control variate"))
    }
    let operations = operations(settings)
    let rest =
      pilot.map { max(0, $0.peakBytes - $0.particleBytes) } ?? MachineMemory.resident
    let record = settings.recordBytes(members: 1)
    let bytes = bytes + rest + record
    lines.append(("operations", String(format: "%.1e", operations)))
    lines.append(
      (
        "memory",
        String(
          format: "%.2f GB of %.2f GB: particles %.2f GB, program and data %.2f GB", bytes / 1e9,
          MachineMemory.limit / 1e9, self.bytes / 1e9, (rest + record) / 1e9)
      ))
    if !settings.snapshots.isEmpty {
      lines.append(
        ("snapshots", String(format: "%.3g MB on the disk", measure.bytes / 1e6)))
    }
    if let pilot { lines.append(("time", pilot.text)) }
    if tolerance != nil {
      lines.append(
        (
          "all of these",
          "for the first particles alone; the next take four to sixteen times as much"
        ))
    }
    return LimitPlan(
      lines: lines, operations: operations, bytes: bytes, seconds: pilot?.seconds)
  }

  /// Operations of the matrix products of all simulations.
  func operations(_ settings: TrainingSettings) -> Double {
    let n = Double(settings.problem.trainingCount)
    let t = Double(settings.problem.testCount)
    let b = Double(settings.batches.largestBatch(points: settings.problem.trainingCount))
    let hidden = sizes.increments.reduce(0.0) { $0 + Double($1.rows) * Double($1.columns) }
    let first = Double(sizes.layers[0]) * Double(sizes.features)
    let control = design.isControlled ? Double(sizes.layers[1]) * n : 0
    let recorded = Double(settings.recorded.list(upTo: settings.steps).count)
    let evaluated = t + (b < n ? n : 0)
    let step = b * (6 * hidden + 4 * first + 2 * control)
    return limit.costInReplicates
      * (Double(settings.steps) * step
        + recorded * 2 * evaluated * (hidden + first + control))
  }

  /// Bytes of the simulations: weights and what the optimizer remembers, values of a batch, control
  /// variates, and at the start the covariances of the processes.
  var bytes: Double {
    guard zeroReason == nil else { return 0 }
    let problem = experiment.problem
    let n = Double(problem.trainingCount)
    let all = n + Double(problem.testCount)
    let b = Double(settings.batches.largestBatch(points: problem.trainingCount))
    let atOnce = max(b, min(512, all))
    let remembers = scaling.optimizer == .gradientDescent ? 1.0 : 2
    let particles = Double(sizes.layers.reduce(0, +))
    // Halves have half of the layers' values and a quarter of their weights, and there are four.
    let halves = limit.estimatesBias
    let systems = Double(replicates)
    var numbers = (systems + (halves ? 1 : 0)) * remembers * sizes.weights
    numbers += (systems + (halves ? 2 : 0)) * particles * (2 * atOnce + b)
    if design.isControlled {
      let factors = remembers * Double(sizes.layers[1]) * n
      numbers += (systems + (halves ? 4 : 0)) * n * all + (systems + (halves ? 2 : 0)) * factors
      numbers += n * all
    }
    let covariances = 8 * b * b * Double(4 * scaling.hiddenLayers)
    return numbers * Double(options.precision.bytes) + covariances
  }

  /// Refuses snapshots that the disk has no room for.
  func checkSnapshotSpace(_ output: String, drivenBy: String? = nil) throws {
    let count = settings.snapshots.count
    var measure = measure
    measure.drivenBy = drivenBy
    try checkSpace(
      bytes: measure.bytes, for: output,
      what: "\(count) snapshot\(count == 1 ? "" : "s") of \(replicates) replicate"
        + "\(replicates == 1 ? "" : "s") need\(count == 1 ? "s" : "")",
      advice: "lower the number of record.snapshots, limit.particles or limit.replicates")
  }

  func checkMemory(key: String) throws {
    try settings.checkRecord(members: 1, of: "realizations")
    guard zeroReason == nil else { return }
    try Experiments.checkMemory(
      bytes: bytes, beside: settings.recordBytes(members: 1),
      what: "\(replicates) replicates of \(sizes.text)"
        + " particles need",
      key: key, advice: "lower the number of particles or limit.replicates")
  }

  /// Runs a pilot of the first steps by one replicate.
  public func runPilot() -> Pilot? {
    guard zeroReason == nil else { return nil }
    func seconds(_ steps: Int) -> Double {
      var settings = settings
      settings.steps = min(steps, self.settings.steps)
      settings.snapshots = []
      let clock = ContinuousClock()
      let start = clock.now
      let limit = self.limit(settings, replicates: 1)
      switch options.precision {
      case .single: _ = limit.run(in: Float.self, workers: options.workers)
      case .double: _ = limit.run(in: Double.self, workers: options.workers)
      }
      return (clock.now - start) / .seconds(1)
    }
    let start = seconds(1)
    let steps = min(settings.steps, 4)
    let each = steps > 1 ? max(0, seconds(steps) - start) / Double(steps - 1) : 0
    let share = limit.costInReplicates
    return Pilot(
      seconds: share * (start + each * Double(settings.steps - 1)), particles: particles,
      steps: steps, peakBytes: MachineMemory.peak, particleBytes: bytes / Double(replicates))
  }
}
