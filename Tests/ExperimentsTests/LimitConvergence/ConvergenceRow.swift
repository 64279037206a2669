import Foundation
import Networks

/// One row of the table of convergence: what is run, what is expected, what was measured.
struct ConvergenceRow {
  /// What the fitted exponent must be.
  enum Criterion {
    /// The predicted one, within ``tolerance``.
    case rate
    /// Between the predicted one and half of it, within ``tolerance``: signs of random logits.
    case betweenManyAndFewPoints
    /// At most the predicted one plus ``tolerance``, gaps falling from each width to the next: the
    /// asymptotic rate is not reached.
    case trend
  }

  /// Three standard errors of most fits (0.03 to 0.07); also what a second correction, with an
  /// exponent lower by 1/4 and a coefficient like the first one's, makes of a slope.
  static let tolerance = 0.15

  let regime: Regime
  let learningRate: Double
  /// The step compared, the last.
  let step: Int
  let criterion: Criterion
  let remark: String
  let gaps: [Double]
  let fit: (value: Double, error: Double)
  let prediction: CorrectionExponents

  init(
    _ regime: Regime, learningRate: Double, step: Int, _ criterion: Criterion, _ remark: String
  ) throws {
    self.regime = regime
    self.learningRate = learningRate
    self.step = step
    self.criterion = criterion
    self.remark = remark
    let convergence = LimitConvergence(
      regime, in: try ConvergenceSetting(learningRate: learningRate, steps: step))
    gaps = convergence.relativeGaps(step: step)
    fit = convergence.exponent(step: step)
    prediction = CorrectionExponents(regime)
  }

  var name: String {
    regime.isInitializationCorrected ? "IC-MF" : regime.limit?.title ?? "no limit"
  }

  /// Exponents that the criterion accepts.
  var accepted: ClosedRange<Double> {
    switch criterion {
    case .rate:
      prediction.slowest - Self.tolerance...prediction.slowest + Self.tolerance
    case .betweenManyAndFewPoints:
      prediction.slowest - Self.tolerance...prediction.slowestForFewPoints + Self.tolerance
    case .trend: -Double.infinity...prediction.slowest + Self.tolerance
    }
  }

  var gapsFall: Bool {
    switch criterion {
    case .trend: zip(gaps, gaps.dropFirst()).allSatisfy { $0 > $1 }
    case .rate, .betweenManyAndFewPoints: gaps[gaps.count - 1] < gaps[0]
    }
  }

  static let header = """
    | q_sigma, q_eta | limit | alpha | beta | gamma | eta | step | 2^8 | 2^10 | 2^12 | 2^14 \
    | fitted | predicted | remark |
    |---|---|---|---|---|---|---|---|---|---|---|---|---|---|
    """

  /// The row in Markdown.
  var line: String {
    let scaling = "\(regime.scaling.qSigma), \(regime.scaling.qA)"
    let exponents = [regime.alpha, regime.beta, regime.gamma].map { "\($0)" }
    let predicted =
      criterion == .betweenManyAndFewPoints
      ? String(format: "%.2f to %.2f", prediction.slowest, prediction.slowestForFewPoints)
      : String(format: "%.2f", prediction.slowest)
    let cells =
      [scaling, name] + exponents + ["\(learningRate)", "\(step)"]
      + gaps.map { String(format: "%.4f", $0) }
      + [String(format: "%.2f +- %.2f", fit.value, fit.error), predicted, remark]
    return "| " + cells.joined(separator: " | ") + " |"
  }
}
