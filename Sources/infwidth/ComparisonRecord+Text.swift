import Foundation
import InfiniteWidth

extension ComparisonRecord {
  /// For people.
  func text(output: String, elapsed: String) -> String {
    var lines: [String] = []
    for scaling in scalings {
      if !lines.isEmpty { lines.append("") }
      lines += scaling.text
    }
    if let ranking { lines += [""] + ranking.text(titles: scalings.map(\.title), referenceWidth) }
    lines += notes
    lines += ["", "Written: \(output) (\(elapsed))"]
    return lines.joined(separator: "\n")
  }
}

extension ScalingComparison {
  /// Headline and table of metrics at the step of the fits.
  var text: [String] {
    let step = rates.first?.step ?? steps.last ?? 0
    let exponents = "alpha \(limit.alpha), beta \(limit.beta), gamma \(limit.gamma)"
    let made = particles > 0 ? ", \(particles) particles" : ""
    let random = realizations > 1 ? ", \(realizations) realizations" : ""
    var lines = [
      "Networks beside the limit \(title) (\(exponents)\(made)\(random)): \(seeds.count)"
        + " seed\(seeds.count == 1 ? "" : "s") at each width, step \(step).", "",
    ]
    let divergences = notes.filter { $0.contains("diverged") }
    if !divergences.isEmpty { lines += divergences.map { "Warning: \($0)" } + [""] }
    let header =
      ["metric"] + widths.map { "d=\($0)" } + [
        "floor", "limit", "exponent", "predicted", "verdict",
      ]
    let rows = rates.map { rate -> [String] in
      [rate.metric + (rate.step == step ? "" : " @\(rate.step)")]
        + rate.values.map { short($0) }
        + [
          short(rate.floors.last ?? .nan), short(rate.limitError),
          rate.rate.isNaN
            ? "-" : String(format: "%.3f ± %.3f", rate.rate, rate.rateStandardError),
          rate.predicted.isNaN ? "-" : String(format: "%g", rate.predicted),
          rate.verdict,
        ]
    }
    lines += aligned([header] + rows.filter { row in row[1...widths.count].contains { $0 != "-" } })
    // Metrics without a number are named with the reason, once for each reason.
    var reasons: [(reason: String, metrics: [String])] = []
    for array in arrays {
      guard let comment = array.comment, ComparisonRecord.isMetric(array.name, in: self) else {
        continue
      }
      if let place = reasons.firstIndex(where: { $0.reason == comment }) {
        reasons[place].metrics.append(array.name)
      } else {
        reasons.append((comment, [array.name]))
      }
    }
    for entry in reasons {
      lines.append("Not available: \(entry.metrics.joined(separator: ", ")) (\(entry.reason)).")
    }
    lines.append(
      "floor: between independent networks of the largest width; limit: the limit's own error.")
    if let remark = exactLimitRemark { lines.append(remark) }
    return lines
  }

  private func short(_ value: Double) -> String {
    value.isNaN ? "-" : String(format: "%.2g", value)
  }
}

extension ComparisonRecord {
  /// Whether an array is a metric and not its error or floor.
  static func isMetric(_ name: String, in scaling: ScalingComparison) -> Bool {
    scaling.array("\(name)_stderr") != nil
  }
}

extension ReferenceRanking {
  func text(titles: [String], _ width: Int) -> [String] {
    var lines: [String] = []
    for criterion in criteria {
      lines += [
        "Which limit describes the networks of width \(width) best? \(criterion.longName.prefix(1).uppercased())\(criterion.longName.dropFirst()):",
        "",
      ]
      let shown = spacedRows(steps.count)
      let rows = shown.map { step -> [String] in
        let cells = titles.indices.map { scaling -> String in
          let place = scaling * steps.count + step
          let value = criterion.values[place]
          guard value.isFinite else { return value == .infinity ? "infinite" : "-" }
          let floor = criterion.floors[place]
          let error = criterion.standardErrors[place]
          return uncertain(value, error) + (floor.isFinite ? String(format: " (%.2g)", floor) : "")
        }
        return ["\(steps[step])"] + cells + [verdict(criterion, step, titles: titles) ?? "-"]
      }
      lines += aligned([["step"] + titles + ["best"]] + rows)
      lines.append("")
    }
    lines.append(
      "Ties are within two standard errors of the difference; no best is named (-) of fewer than two values,"
        + " without errors, or where the standard error of the smallest is larger than it and than its floor."
    )
    lines.append(
      "In brackets: the floor, which is to be expected where networks and limit have the same law, from so many"
        + " seeds and realizations and with the limit's own error. A limit whose value is within two standard"
        + " errors of it cannot be told from the networks.")
    return lines
  }
}

/// A number to two digits of its error, where it has one.
private func uncertain(_ value: Double, _ error: Double) -> String {
  guard error.isFinite else { return String(format: "%.3g", value) }
  guard error > 1e-12 * abs(value) else { return String(format: "%.3g ± 0", value) }
  let digits = max(0, 1 - Int(log10(error).rounded(.down)))
  guard digits <= 6, max(abs(value), error) < 1e6 else {
    return String(format: "%.3g ± %.1g", value, error)
  }
  return String(format: "%.\(digits)f ± %.\(digits)f", value, error)
}

/// Columns side by side: the first and the last from the left, the others from the right.
func aligned(_ rows: [[String]]) -> [String] {
  guard let columns = rows.first?.count else { return [] }
  let widths = (0..<columns).map { column in rows.map { $0[column].count }.max() ?? 0 }
  return rows.map { row in
    row.enumerated().map { column, cell in
      let space = String(repeating: " ", count: widths[column] - cell.count)
      return column == columns - 1 ? cell : column == 0 ? cell + space : space + cell
    }.joined(separator: "  ")
  }
}
