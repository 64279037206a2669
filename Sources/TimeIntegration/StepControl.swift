import Foundation

/// Chooses step sizes by the estimated errors of the last two steps, a proportional-integral
/// controller: h_{n+1} = h_n 0.9 err_n^(-0.17) err_{n-1}^0.04 for a method of order 5 with an error
/// estimate of order 4 (Gustafsson; Hairer, Nørsett, Wanner, *Solving Ordinary Differential Equations
/// II*, section IV.2, and the program DOPRI5, whose constants these are).
struct StepControl {
  private static let integral = 0.04
  private static let exponent = 0.2 - 0.75 * integral
  private static let safety = 0.9
  private static let largestDecrease = 5.0
  private static let largestIncrease = 10.0

  private(set) var previousError = 1e-4
  private(set) var wasRejected = false

  /// The factor of the next step size after a step of this error in units of the tolerance, which is
  /// accepted where it is at most one.
  mutating func factor(error: Double) -> Double {
    guard error <= 1 else {
      wasRejected = true
      // Not finite: nothing is known but that the step was too long.
      guard error.isFinite else { return 1 / Self.largestDecrease }
      return 1
        / min(Self.largestDecrease, pow(error, Self.exponent) / Self.safety)
    }
    let divisor =
      pow(error, Self.exponent) / (pow(previousError, Self.integral) * Self.safety)
    var factor = 1 / min(max(divisor, 1 / Self.largestIncrease), Self.largestDecrease)
    if wasRejected { factor = min(factor, 1) }
    previousError = max(error, 1e-4)
    wasRejected = false
    return factor
  }
}
