/// Takes out of the replicates' functions what their initial samples explain.
///
/// The exact initial logits of a deterministic limit are zero, those of a sample f_0^r are not, and for a
/// while the same error stays in its later logits f_k^r: f_0 is a control variate of mean zero at every
/// step. The result is f_k^r - beta_k f_0^r with the coefficient of the regression over replicates and
/// points of the deviations from the replicates' means,
///
///     beta_k = sum (f_k^r - mean f_k) (f_0^r - mean f_0) / sum (f_0^r - mean f_0)^2,
///
/// one at step 0, whose logits then vanish. Particles are independent, so that a correction afterwards
/// is as good as one during the run (``ControlledTransport`` must feed it back).
struct InitialLogitControl {
  /// One row a replicate, all points.
  private let initial: [[Double]]
  private let regression: ReplicateRegression
  private let deviations: [Double]
  /// Zero where there is nothing to correct: symmetric designs, or one replicate.
  private let square: Double

  /// - Parameter initial: logits of every replicate at step 0 on all points, training points first.
  init(_ initial: [[Double]]) {
    self.initial = initial
    regression = ReplicateRegression(replicates: initial.count)
    deviations = regression.deviations(initial)
    square = ReplicateRegression.product(deviations, deviations)
  }

  /// - Parameter logits: of every replicate at one step, on the points of the initial ones.
  func corrected(_ logits: [[Double]]) -> [[Double]] {
    guard square > 0 else { return logits }
    let coefficient =
      ReplicateRegression.product(regression.deviations(logits), deviations) / square
    return zip(logits, initial).map { row, first in
      row.indices.map { row[$0] - coefficient * first[$0] }
    }
  }
}
