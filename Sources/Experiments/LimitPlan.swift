import DataIO
import Dynamics
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
  /// Bytes of the particles and of the record.
  public let bytes: Double
}

extension LimitJob {
  /// The plan of the (first) simulation.
  public var plan: LimitPlan {
    let settings = settings
    var lines: [(name: String, text: String)] = []
    let regime = experiment.regime
    lines.append(
      (
        "limit",
        "\(experiment.limitTitle), alpha \(regime.alpha), beta \(regime.beta), gamma \(regime.gamma)"
      )
    )
    let record = settings.recordBytes(members: realizations)
    guard let basis, let representation else {
      lines.append(("measure", "frozen: a constant kernel in function space"))
      lines.append(
        (
          "kernel",
          kernelSource.map { "from \($0.record.path)" }
            ?? (particles == 0 ? "from its formula" : "mean over \(particles) particles")
        ))
      let n = Double(experiment.problem.trainingCount)
      let all = n + Double(experiment.problem.testCount)
      let operations =
        2 * n * all * Double(settings.steps) * Double(realizations * max(1, replicates))
        * (flowTolerance == nil ? 1 : FlowSettings.slopesPerStep)
      if let line = flowLine { lines.append(line) }
      return LimitPlan(
        lines: lines + [("operations", operations.scientific)], operations: operations,
        bytes: record + 32 * all * all)
    }
    lines.append(("measure", "moves"))
    if let line = flowLine { lines.append(line) }
    lines.append(
      (
        "particles",
        tolerance.map { "\(particles) at first, then more until the error is below \($0)" }
          ?? "\(particles)" + (realizations > 1 ? " for each of \(realizations) realizations" : "")
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
    lines.append(contentsOf: reductions(basis).map { ("exact", $0) })
    let operations = operations(basis, representation, settings)
    lines.append(("operations", operations.scientific))
    lines.append(
      (
        "memory",
        String(format: "%.2f GB of particles, %.2f GB of record", particleBytes / 1e9, record / 1e9)
      ))
    return LimitPlan(
      lines: lines, operations: operations, bytes: particleBytes + record)
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
  private func operations(
    _ basis: InputBasis, _ representation: MeasureLimit.Representation,
    _ settings: TrainingSettings
  ) -> Double {
    let n = Double(settings.problem.trainingCount)
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
  public var text: String {
    switch self {
    case .direct: "weights of every particle"
    case .preactivations: "preactivations on the training points, through their Gram matrix"
    }
  }
}

extension Double {
  fileprivate var scientific: String { String(format: "%.1e", self) }
}
