import Comparison
import DataIO
import Foundation
import Measures

/// Fits the exponents of metrics, and puts verdicts into words.
struct RateTable {
  let widths: [Int]
  let seeds: Int
  let realizations: Int
  let resamples: Int
  let seed: UInt64

  /// - Parameters:
  ///   - index: of the step (and axis) among the metric's entries.
  ///   - name: of the row.
  func rate(
    _ metric: MetricDefinition, _ evaluated: MetricDefinition.Evaluated, index: Int, name: String,
    step: Int
  ) -> ComparedRate {
    let places = widths.indices.map { $0 * metric.count + index }
    let values = places.map { evaluated.values[$0] }
    let fit = fit(metric, values, index)
    let predicted = metric.predicted(index)
    let verdict = RateVerdict(fit, predicted: predicted)
    let known = try? fit.get()
    func atWidths(_ numbers: [Double]?) -> [Double] {
      widths.map { width in
        known?.widths.firstIndex(of: width).flatMap { numbers?[$0] } ?? .nan
      }
    }
    return ComparedRate(
      metric: name, step: step, values: values,
      standardErrors: places.map { evaluated.standardErrors[$0] },
      floors: places.map { evaluated.floors[$0] },
      limitError: widths.indices.map { metric.limitError?($0, index) ?? .nan }.max() ?? .nan,
      rate: known?.slope ?? .nan, rateStandardError: known?.standardError ?? .nan,
      intercept: known?.intercept ?? .nan, chiSquare: known?.chiSquare ?? .nan,
      fittedWidths: known?.widths.count ?? 0, predicted: predicted ?? .nan,
      predictionSource: predicted == nil ? "" : metric.source,
      verdict: metric.comment.map { "unavailable: \($0)" }
        ?? verdict.text(
          floor: metric.fitFloorName, predicted: predicted ?? .nan, caveat: metric.caveat),
      fittedLogarithms: atWidths(known?.logarithms), fittedErrors: atWidths(known?.errors))
  }

  private func fit(_ metric: MetricDefinition, _ values: [Double], _ index: Int)
    -> Result<RateFit, RateUnavailable>
  {
    guard metric.comment == nil else {
      return .failure(seeds < 2 ? .oneSeed : .notFinite(width: widths[0]))
    }
    guard seeds > 1 else { return .failure(.oneSeed) }
    let all = Array(0..<realizations)
    let floor = metric.fitFloor ?? metric.limitError ?? { _, _ in 0 }
    return RateFit.bootstrap(
      SeedDesign(widths: widths, sharedSeeds: seeds),
      floors: widths.indices.map { floor($0, index) }, rule: FloorRule(metric.correction),
      replicates: resamples, stream: RandomStream(seed: seed, stream: .seedResampling)
    ) { width, seeds in abs(metric.value(width, index, seeds, all)) }
  }
}

extension RateVerdict {
  /// One sentence.
  ///
  /// - Parameters:
  ///   - floor: what gaps have to be above.
  ///   - predicted: the exponent; what should not fall has a larger or smaller one, not a slower or faster.
  func text(
    floor: String, predicted: Double, caveat: MetricDefinition.Caveat? = nil
  ) -> String {
    func number(_ value: Double) -> String { String(format: "%.1f", abs(value)) }
    func count(_ value: Double) -> String {
      "\(number(value)) standard error\(number(value) == "1.0" ? "" : "s")"
    }
    switch self {
    case .agrees(let deviation): return "agrees (\(count(deviation)) off)"
    case .deviates(let deviation):
      if let caveat, caveat.scope == .wideNetworksOnly {
        return "not applicable at these widths: \(count(deviation)) off (\(caveat.text))"
      }
      let isSlower = deviation > 0
      let way = predicted < 0 ? (isSlower ? "slower" : "faster") : (isSlower ? "larger" : "smaller")
      let remark = caveat.flatMap { $0.scope == .anyDeviation || isSlower ? $0.text : nil }
      return "deviates by \(count(deviation)), \(way)" + (remark.map { " (\($0))" } ?? "")
    case .tooUncertain(let error):
      return String(format: "too uncertain (standard error %.2g)", error)
    case .floorReached(let above, let all):
      return "floor reached: \(above) of \(all) widths are clearly above \(floor)"
    case .unavailable(let reason): return "unavailable: \(reason)"
    case .noPrediction: return "no prediction"
    }
  }
}
