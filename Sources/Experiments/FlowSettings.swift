import DataIO
import Diagnostics
import Networks
import ParticleSystems
import TimeIntegration

/// Gradient flow, `limit.dynamics: flow`.
enum FlowSettings {
  /// Numbers that are kept for each one of a particle: the state, that of a stage, and the slopes.
  static let copies = 2 + DormandPrince.slopes

  /// Evaluations of the right-hand side in one step of the integrator.
  static let slopesPerStep = Double(DormandPrince.slopes - 1)

  /// The largest tolerance that still controls an error.
  private static let largestTolerance = 0.01

  /// The tolerance of the integrator; `nil` for training steps as they are.
  ///
  /// - Throws: `Diagnostic` where the experiment has no gradient flow, or where the tolerance is too
  ///   large to mean anything or below the rounding errors of the particles.
  static func tolerance(
    _ experiment: Experiment, rule: TrainingRule, precision: Precision
  ) throws -> Double? {
    let limit = experiment.configuration.limit
    guard limit.dynamics == .flow else { return nil }
    func refusal(_ key: String, _ text: String) -> Diagnostic {
      Diagnostic(.badInput, text, key: key)
    }
    guard rule.allowsFlow else {
      throw refusal(
        "limit.dynamics",
        "received flow, but loss gradients of this limit are signs of its logits: the right-hand side"
          + " of its gradient flow is discontinuous; accepted: discrete, or a scaling of beta 0 or less")
    }
    let training = experiment.training
    guard training.optimizer == .gradientDescent else {
      throw refusal(
        "training.optimizer",
        "received \(training.optimizer.rawValue); accepted with limit.dynamics flow: gd")
    }
    let settings = experiment.settings(
      step: .meanFieldLimit(of: experiment.reference), snapshots: [], decomposes: false)
    // A shuffled batch of all points is one too: the order of sums would be another.
    if settings.batches != .full, case .points(let size) = training.batch {
      throw refusal(
        "training.batch", "received \(size); accepted with limit.dynamics flow: full")
    }
    let tolerance = limit.integratorTolerance
    // Below four units in the last place of the weights, error estimates are of rounding alone.
    let isDouble = precision == .double || experiment.regime.measure == .frozen
    let smallest = isDouble ? 4 * Double.ulpOfOne : 4 * Double(Float.ulpOfOne)
    guard (smallest...largestTolerance).contains(tolerance) else {
      throw refusal(
        "limit.integrator_tolerance",
        "received \(tolerance); accepted: \(smallest) to \(largestTolerance) in"
          + " \(isDouble ? "double" : "single") precision"
          + (isDouble || tolerance > largestTolerance ? "" : "; give --precision double for less"))
    }
    return tolerance
  }
}
