import Checkpoints
import ParticleSystems
import TimeIntegration

/// A limit whose measure is frozen at its initial law: gradient descent with a constant tangent
/// kernel (Jacot, Gabriel, Hongler 2018, arXiv 1806.07572, for the NTK scaling; Golikov 2020, arXiv
/// 2006.06574, for the others, which take loss gradients elsewhere).
///
/// With several outputs E[a a^T] is a multiple of the identity, so that the kernel between two outputs
/// vanishes and every output follows the same kernel by itself.
public struct KernelLimit: Sendable {
  /// One kernel, or independent estimates of it, whose spread is the error.
  public let kernels: [TangentKernelMatrices]
  /// Of the random initial function; 1 where there is none.
  public let realizations: Int
  /// Data, loss, steps and what is recorded.
  public let settings: TrainingSettings
  /// Where loss gradients are taken.
  public let rule: TrainingRule
  /// Of the error of one integrator step of gradient flow (`KernelFlow`); `nil` for training steps as
  /// they are.
  public let flowTolerance: Double?
  private let initialFunctions: (training: [[Double]], test: [[Double]])?

  /// - Parameter initialFunctions: one row a realization, on the training and on the test points,
  ///   flat: (point, output), independent functions of the outputs; `nil` where the rule adds none.
  ///   - flowTolerance: follows gradient flow instead; settings and rule as `FlowField` has them.
  public init(
    kernels: [TangentKernelMatrices], settings: TrainingSettings, rule: TrainingRule,
    initialFunctions: (training: [[Double]], test: [[Double]])? = nil,
    flowTolerance: Double? = nil
  ) {
    precondition(!kernels.isEmpty)
    precondition((initialFunctions == nil) == (rule.offset == .never))
    self.kernels = kernels
    self.settings = settings
    self.rule = rule
    self.initialFunctions = initialFunctions
    self.flowTolerance = flowTolerance
    realizations = initialFunctions?.training.count ?? 1
  }

  /// Runs the limit, all realizations side by side.
  ///
  /// - Parameters:
  ///   - progress: called with the updates made so far, of `settings.steps`.
  ///   - atBoundary: called where the run could be interrupted and continued.
  /// - Returns: one member a realization; with one kernel the simulation error is zero.
  /// - Throws: what `atBoundary` throws.
  public func run(
    progress: (Int) -> Void = { _ in }, atBoundary: BoundaryAction? = nil
  ) rethrows -> Trajectory {
    let estimates = kernels.count
    let recorder = ReplicateRecorder(
      realizations: realizations, replicates: estimates, settings: settings)
    let offset: InitialFunction =
      if let initialFunctions {
        .values(
          training: initialFunctions.training.flatMap { Array(repeating: $0, count: estimates) },
          test: initialFunctions.test.flatMap { Array(repeating: $0, count: estimates) })
      } else { .none }
    var integration: IntegrationRecord?
    if let flowTolerance {
      let field = FlowField(
        settings, rule: rule, offset: offset, systems: realizations * estimates)
      integration = try runFlow(
        KernelFlow(kernels, systemsOfKernel: realizations, settings: settings, field: field),
        field: field, settings: settings, rule: rule, tolerance: flowTolerance,
        recorder: recorder, progress: progress, atBoundary: atBoundary, atStep: { _ in })
    } else {
      try runTraining(
        KernelTransport(kernels, systemsOfKernel: realizations, settings: settings),
        settings: settings, rule: rule, offset: offset, recorder: recorder, progress: progress,
        atBoundary: atBoundary, atStep: { _ in })
    }
    var trajectory = recorder.trajectory
    trajectory.integration = integration
    if estimates == 1 {
      trajectory.testLogitsError = Array(repeating: 0, count: trajectory.steps.count)
    }
    return trajectory
  }
}
