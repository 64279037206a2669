import DataIO
import Dynamics
import Execution
import Foundation
import Measures
import Networks
import ParticleSystems

/// What a limit's run will do, before it does it.
public struct LimitPlan: Sendable {
  /// One line each: a name and a sentence.
  public let lines: [(name: String, text: String)]
  /// Floating-point operations of one simulation, of the matrix products alone.
  public let operations: Double
  /// Bytes of the process.
  public let bytes: Double
  /// About how long; `nil` without a pilot.
  public let seconds: Double?
}

extension LimitJob {
  /// The plan of the (first) simulation.
  ///
  /// - Parameter pilot: for time, and memory besides that of the particles.
  public func plan(pilot: Pilot? = nil) -> LimitPlan {
    let settings = settings
    var lines: [(name: String, text: String)] = []
    let regime = experiment.regime
    lines.append(
      (
        "limit",
        "\(experiment.limitTitle), alpha \(regime.alpha), beta \(regime.beta), gamma \(regime.gamma)"
      )
    )
    guard let basis, let representation else {
      lines.append(("measure", "frozen: a constant kernel in function space"))
      lines.append(
        (
          "kernel",
          kernelSource?.text
            ?? (particles == 0 ? "from its formula" : "mean over particles, \(particleText)")
        ))
      let operations = operations(settings: settings)
      if let line = flowLine { lines.append(line) }
      return plan(lines, operations, pilot)
    }
    lines.append(("measure", "moves"))
    if let line = flowLine { lines.append(line) }
    lines.append(
      (
        "particles",
        particleText
          + (tolerance == nil && realizations > 1
            ? " for each of \(realizations) realizations" : "")
      ))
    lines.append(("design", "\(design.name), \(replicates) replicate\(replicates == 1 ? "" : "s")"))
    lines.append(("representation", representation.text))
    if let line = multirateLine { lines.append(("two kinds", line)) }
    if isDriven {
      let numbers = representation.numbers(settings: settings, coordinates: basis.coordinates)
      let group = min(particles, DrivenParticles.particlesAtOnce(numbersEach: numbers))
      lines.append(
        ("driven", "by the loss gradients of a solved limit, up to \(group) particles at a time"))
    }
    lines.append(("blocks", blocksLine(basis)))
    lines.append(contentsOf: reductions(basis).map { ("exact", $0) })
    let operations = operations(settings: settings)
    return plan(lines, operations, pilot)
  }

  private var particleText: String {
    tolerance.map { "\(particles) at first, then more until the error is below \($0)" }
      ?? "\(particles)"
  }

  private func plan(
    _ first: [(name: String, text: String)], _ operations: Double, _ pilot: Pilot?
  ) -> LimitPlan {
    let memory = memory(pilot)
    var lines = first
    lines.append(("operations", operations.scientific))
    lines.append(("memory", memory.text))
    if let pilot {
      // How many simulations a tolerance takes is not known before.
      let part =
        tolerance != nil && particles > 0 ? "; for the first \(particles) particles alone" : ""
      lines.append(("time", pilot.text + part))
    }
    return LimitPlan(
      lines: lines, operations: operations, bytes: memory.bytes, seconds: pilot?.seconds)
  }

  /// What the process will have, and of what. What it has already are the program, the data and their basis; a pilot
  /// had work space too.
  private func memory(_ pilot: Pilot?) -> (bytes: Double, text: String) {
    let rest =
      pilot.map {
        max(0, $0.peakBytes - $0.particleBytes - (movesMeasure ? controlBytes : kernelBytes))
      }
      ?? MachineMemory.resident
    let parts =
      (movesMeasure
        ? [(particleBytes, "particles"), (controlBytes, "control variates")]
        : [(kernelBytes, "kernels")])
      + [
        (settings.recordBytes(members: realizations), "record"),
        (rest, pilot == nil ? "program and data" : "program, data and work space"),
      ]
    let bytes = parts.reduce(0) { $0 + $1.0 }
    func gigabytes(_ bytes: Double) -> String { String(format: "%.2f GB", bytes / 1e9) }
    let list = parts.filter { $0.0 >= 5e6 }.map { "\($0.1) \(gigabytes($0.0))" }
    return (
      bytes,
      "\(gigabytes(bytes)) of \(gigabytes(MachineMemory.limit)): " + list.joined(separator: ", ")
    )
  }

  /// The pieces of work, which are the same for any number of threads.
  private func blocksLine(_ basis: InputBasis) -> String {
    let layout = ParticleLayout(
      systems: replicates * realizations, particles: particles / replicates,
      features: basis.coordinates, outputs: experiment.problem.outputs)
    let threads = options.workers.count
    return "\(layout.blockCount) of up to \(layout.largestBlock) particles, on \(threads)"
      + " thread\(threads == 1 ? "" : "s")"
  }

  private var flowLine: (name: String, text: String)? {
    flowTolerance.map {
      (
        "dynamics",
        "gradient flow, tolerance \($0); operations are those of one integrator step a training step"
      )
    }
  }

  private func reductions(_ basis: InputBasis) -> [String] {
    var result: [String] = []
    if basis.vectors != nil {
      result.append(
        "\(basis.movingCoordinates) of \(basis.inputFeatures) directions of w move,"
          + " \(basis.coordinates) are simulated")
    }
    if basis.testResiduals.contains(where: { $0 > 0 }) {
      result.append("test points' components outside the span of the training inputs: integrated")
    }
    if design.removesRadius { result.append("the radius of the Gaussian (a, w): integrated") }
    if design.matchesMoments { result.append("means and second moments of the sample: matched") }
    if replicates > 1, flowTolerance == nil, isDriven || design.takesControlVariates {
      result.append(
        !isDriven && experiment.law.shape == .gaussian && experiment.training.optimizer != .rmsprop
          ? "initial logits and initial kernel: control variates"
          : "initial logits: control variate")
    }
    return result
  }

  /// Operations of the matrix products: steps, and what recorded steps add.
  func operations(settings: TrainingSettings) -> Double {
    let n = Double(settings.problem.trainingCount)
    guard let basis, let representation else {
      let all = n + Double(settings.problem.testCount)
      return 2 * n * all * Double(settings.steps) * Double(realizations * max(1, replicates))
        * (flowTolerance == nil ? 1 : FlowSettings.slopesPerStep)
    }
    let b = Double(settings.batches.largestBatch(points: settings.problem.trainingCount))
    let t = Double(settings.problem.testCount)
    let m = Double(basis.coordinates)
    let keepsSigns =
      settings.architecture.activation.negativeSlope != nil && settings.outputs == 1
    let halves = replicates >= 4 && !isDriven ? 1 + 2 / Double(replicates) : 1
    let count = Double(particles) * Double(realizations) * halves
    let recorded = Double(settings.recorded.list(upTo: settings.steps).count)
    let work = count * sweepsPerStep
    if flowTolerance != nil {
      let steps = Double(settings.steps) * (FlowSettings.slopesPerStep * 6 + 2)
      return count * (steps * n + recorded * 2 * t) * m
    }
    switch representation {
    case .direct:
      return work * Double(settings.steps) * (keepsSigns ? 4 : 6) * b * m
        + count * recorded * 2 * t * m
    case .preactivations:
      return work * Double(settings.steps) * 2 * n * b + count * recorded * 2 * m * (n + t)
    }
  }
}

extension MeasureLimit.Representation {
  /// For people.
  package var text: String {
    switch self {
    case .direct: "weights of every particle"
    case .preactivations: "preactivations on the training points, through their Gram matrix"
    }
  }
}

extension Double {
  fileprivate var scientific: String { String(format: "%.1e", self) }
}
