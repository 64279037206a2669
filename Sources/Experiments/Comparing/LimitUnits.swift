import Foundation
import Networks
import ParticleSystems

/// The units of a limit's logits: those of networks of width d divided by (d/d*)^q, q being the exponent of
/// the initial logits at step 0, where they are not negligible, and beta later.
struct LimitUnits {
  let referenceWidth: Int
  let regime: Regime
  let rule: TrainingRule

  func exponent(step: Int) -> Double {
    step == 0 && rule.offset != .never ? regime.initialLogitExponent.value : regime.beta.value
  }

  private func unit(_ width: Int, _ exponent: Double) -> Double {
    pow(Double(width) / Double(referenceWidth), exponent)
  }

  func initialUnit(width: Int) -> Double {
    unit(width, regime.initialLogitExponent.value)
  }

  /// Networks of a width in the limit's units: logits, losses where they diverge, tangent kernels. The
  /// driving field and standard errors, which comparisons do not use, are dropped.
  func rescaled(_ trajectory: Trajectory, width: Int) -> Trajectory {
    var result = trajectory
    result.lossGradient = []
    let steps = trajectory.steps
    let rows = trajectory.members * steps.count
    func scale(_ values: inout [Double], _ unit: (Int) -> Double) {
      guard rows > 0, !values.isEmpty else { return }
      let size = values.count / rows
      for row in 0..<rows {
        let divisor = unit(steps[row % steps.count])
        if divisor == 1 { continue }
        for i in (row * size)..<((row + 1) * size) { values[i] /= divisor }
      }
    }
    let logits = { (step: Int) in self.unit(width, exponent(step: step)) }
    let losses = { (step: Int) in self.unit(width, max(exponent(step: step), 0)) }
    scale(&result.trainingLogits, logits)
    scale(&result.testLogits, logits)
    scale(&result.trainingLoss, losses)
    scale(&result.testLoss, losses)
    scale(&result.tangentKernelDiagonal) { _ in unit(width, regime.beta.value) }
    scale(&result.tangentKernel) { _ in unit(width, regime.beta.value) }
    return result
  }
}
