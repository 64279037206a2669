import Diagnostics
import Foundation
import Networks

/// Refuses scalings that have no limit, and losses that have none in a regime.
enum LimitExistence {
  static func check(_ regime: Regime, loss: Loss, outputs: Int) throws {
    let exponents = "alpha \(regime.alpha), beta \(regime.beta), gamma \(regime.gamma)"
    if regime.limit == nil {
      throw Diagnostic(
        .badInput,
        "the scaling has no limit (\(exponents)): \(regime.reasonWithoutLimit ?? "it is unstable.")"
          + " The nearest scaling by name that has one: "
          + ScalingName.nearestStable(to: regime.scaling, regime.stepSize).rawValue,
        key: "scaling")
    }
    if regime.stepSize == .normalized, regime.measure == .frozen {
      throw Diagnostic(
        .badInput,
        "rmsprop has no limit of constant kernel (\(exponents)), since its steps are not linear in the"
          + " loss gradient; accepted in this scaling: gd or momentum, or with rmsprop a scaling of"
          + " gamma 0, the nearest by name being "
          + ScalingName.nearestStable(to: regime.scaling, .normalized).rawValue,
        key: "training.optimizer")
    }
    let diverging = max(regime.initialLogitExponent, regime.beta)
    if diverging > 0, !loss.hasBoundedDerivative {
      let bounded: Loss = outputs == 1 ? .logistic : .softmax
      throw Diagnostic(
        .badInput,
        "the \(loss.rawValue) loss has no limit in this scaling (\(exponents)): logits diverge like"
          + " d^\(diverging), and its gradient with them; accepted: the \(bounded.rawValue) loss, or a scaling of"
          + " finite logits, the nearest being \(nearestWithFiniteLogits(to: regime))",
        key: "training.loss")
    }
  }

  /// The nearest point of the segment from the mean-field to the NTK scaling, 2 q_sigma + q_eta + 1
  /// = 0, which bounds the stable scalings whose logits do not diverge, with q_sigma to two digits.
  /// With normalized steps and a measure that moves there is one, the mean-field scaling.
  private static func nearestWithFiniteLogits(to regime: Regime) -> String {
    if regime.stepSize == .normalized { return "{q_sigma: -1, q_eta: 0}" }
    let scaling = regime.scaling
    let (x, y) = (scaling.outputScaleExponent, scaling.outputRateExponent)
    let t = (0.5 * (x + 1) - (y - 1)) / 1.25
    let qSigma = ((min(max(t, 0), 1) / 2 - 1) * 100).rounded() / 100
    return String(format: "{q_sigma: %g, q_eta: %g}", qSigma, -1 - 2 * qSigma)
  }
}
