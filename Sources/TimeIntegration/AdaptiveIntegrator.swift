import Foundation

/// Integrates from time zero to an end, in steps whose estimated error is at most a tolerance:
/// `DormandPrince` with local extrapolation, FSAL and PI step control.
///
///     var integrator = AdaptiveIntegrator(system, end: 10, tolerance: 1e-6)
///     while let step = integrator.findStep(system) {
///       // y(t) for step.start <= t <= step.end is y + sum_j step.weights(at: t)[j] k_j
///       integrator.finish(step, system)
///     }
///     // integrator.isAtEnd, or the step size collapsed
///
/// Six evaluations of slopes a step, rejected ones included, and two to begin with.
public struct AdaptiveIntegrator {
  /// Tolerance and steps so far.
  public private(set) var record: IntegrationRecord
  /// Where the system is.
  public private(set) var time = 0.0
  /// Where integration ends.
  public let end: Double
  private var stepSize: Double
  private var control = StepControl()

  /// An accepted step, at whose start the system still is.
  public struct Step: Sendable {
    /// The time at its start.
    public let start: Double
    /// The time at its end.
    public let end: Double
    let size: Double

    /// The factors of the slopes that lead from the start of the step to a time in it.
    public func weights(at time: Double) -> [Double] {
      precondition(start <= time && time <= end)
      let theta = time == end ? 1 : (time - start) / size
      return DormandPrince.solution(at: theta).map { size * $0 }
    }
  }

  /// Whether ``time`` has come to ``end``.
  public var isAtEnd: Bool { time == end }

  /// Shorter steps are lost in the rounding of the time: the solution has no continuation, or rounding
  /// errors are above the tolerance.
  private var shortestStep: Double { 16 * end.ulp }

  /// All that it keeps between two steps, beside the system's own state and slope 0.
  package struct State: Sendable, Equatable {
    package var time = 0.0
    package var stepSize = 0.0
    package var previousError = 0.0
    package var wasRejected = false
    package var accepted = 0
    package var rejected = 0

    package init() {}
  }

  package var state: State {
    var state = State()
    state.time = time
    state.stepSize = stepSize
    state.previousError = control.previousError
    state.wasRejected = control.wasRejected
    state.accepted = record.accepted
    state.rejected = record.rejected
    return state
  }

  /// Continues an integration, with a system whose state and slope 0 are those of then.
  package init(_ state: State, end: Double, tolerance: Double) {
    precondition(end > 0 && end.isFinite && tolerance > 0)
    self.end = end
    time = state.time
    stepSize = state.stepSize
    control = StepControl(previousError: state.previousError, wasRejected: state.wasRejected)
    record = IntegrationRecord(
      tolerance: tolerance, accepted: state.accepted, rejected: state.rejected)
  }

  /// Evaluates the first slope and guesses the first step size.
  public init(_ system: any IntegratedSystem, end: Double, tolerance: Double) {
    precondition(end > 0 && end.isFinite && tolerance > 0)
    self.end = end
    record = IntegrationRecord(tolerance: tolerance, accepted: 0, rejected: 0)
    system.evaluateSlope(0, at: [])
    stepSize = Self.firstStep(system, end: end, tolerance: tolerance)
  }

  /// Hairer, Nørsett, Wanner I, section II.4, "starting step size": an Euler step that changes y by a
  /// hundredth of its scale tells the second derivative; the step then is where a Taylor term of order
  /// five with these derivatives is a hundredth of the tolerance.
  private static func firstStep(
    _ system: any IntegratedSystem, end: Double, tolerance: Double
  ) -> Double {
    let slope = system.norm([1])
    guard slope.isFinite else { return 0 }
    let euler = slope > 0 ? min(0.01 / slope, end) : end
    system.evaluateSlope(1, at: [euler])
    let curvature = system.norm([-1 / euler, 1 / euler])
    let largest = max(slope, curvature.isFinite ? curvature : 0) / tolerance
    let guess = largest > 0 ? pow(0.01 / largest, 0.2) : end
    return min(100 * euler, guess, end)
  }

  /// Tries steps until one is accepted; `nil` at the end, or where the step size collapses.
  public mutating func findStep(_ system: any IntegratedSystem) -> Step? {
    while time < end, stepSize > shortestStep {
      // A last step a little longer than asked for spares a tiny one.
      let isLast = time + 1.01 * stepSize >= end
      let size = isLast ? end - time : stepSize
      DormandPrince.evaluateStages(system, step: size)
      let error = system.norm(DormandPrince.error.map { size * $0 }) / record.tolerance
      stepSize = size * control.factor(error: error)
      if error <= 1 {
        return Step(start: time, end: isLast ? end : time + size, size: size)
      }
      record.rejected += 1
    }
    return nil
  }

  /// Goes to the end of the step found.
  public mutating func finish(_ step: Step, _ system: any IntegratedSystem) {
    precondition(step.start == time, "a step is finished once")
    DormandPrince.finishStep(system, step: step.size)
    time = step.end
    record.accepted += 1
  }
}
