import DataIO

/// Finite networks beside their limits: gaps with their fitted exponents, one table a scaling.
struct ComparisonSection {
  let source: ReportSource
  let record: ComparisonRecord

  init?(_ source: ReportSource) {
    guard let record = source.comparison else { return nil }
    (self.source, self.record) = (source, record)
  }

  /// What one scaling's comparison is made of.
  func making(_ scaling: ScalingComparison) -> Markup {
    let limit = scaling.limit
    let particles = scaling.particles > 0 ? ", \(counted(scaling.particles, "particle"))" : ""
    let random =
      scaling.realizations > 1 ? ", \(counted(scaling.realizations, "realization"))" : ""
    let range =
      scaling.widths.count > 1
      ? "widths \(scaling.widths[0]) to \(scaling.widths[scaling.widths.count - 1])"
      : "width \(scaling.widths.first ?? 0)"
    let sample =
      "\(counted(scaling.seeds.count, "seed")) each; "
      + counted(scaling.testPoints, "test point")
    return element(
      "p", [:],
      "Limit \(scaling.title) (\(Cell.exponents(limit))\(particles)\(random)); networks of"
        + " \(range), \(sample).")
  }

  func table(_ scaling: ScalingComparison) -> ReportTable {
    let step = scaling.rates.first?.step ?? scaling.steps.last ?? 0
    var table = ReportTable(
      caption:
        "Networks beside the limit \(scaling.title) at step \(step), of \(source.name): metrics ± standard error over"
        + " seeds, and their exponents in the width. Floor: the same metric between independent"
        + " networks of the largest width. Limit’s own error: what the simulation of the limit"
        + " contributes.",
      columns: [.text("metric")]
        + [.number("fitted exponent"), .number("predicted"), .words("verdict")]
        + scaling.widths.map { .number("d = \($0)") }
        + [.number("floor"), .number("limit’s own error")])
    for rate in scaling.rates where rate.values.contains(where: { !$0.isNaN }) {
      table.append(
        [
          element("code", [:], Markup(rate.metric))
            + (rate.step == step ? "" : " at step \(rate.step)")
        ]
          + [
            Self.fitted(rate), Cell.exponent(rate.predicted),
            VerdictWord.marked(Self.verdictParts(rate).short),
          ]
          + zip(rate.values, rate.standardErrors).map(Self.measured)
          + [Cell.significant(rate.floors.last ?? .nan, 2), Cell.significant(rate.limitError, 2)])
    }
    return table
  }

  /// What the table has no room for: what gaps are to be above, and metrics without a number, once for
  /// each reason.
  func footnotes(_ scaling: ScalingComparison) -> [Markup] {
    var bounds: [String] = []
    for bound in scaling.rates.compactMap({ Self.verdictParts($0).bound })
    where !bounds.contains(bound) {
      bounds.append(bound)
    }
    var reasons: [(reason: String, metrics: [String])] = []
    for array in scaling.arrays {
      guard let comment = array.comment, scaling.array("\(array.name)_stderr") != nil else {
        continue
      }
      if let place = reasons.firstIndex(where: { $0.reason == comment }) {
        reasons[place].metrics.append(array.name)
      } else {
        reasons.append((comment, [array.name]))
      }
    }
    return [scaling.exactLimitRemark].compactMap { $0.map { Markup($0) } }
      + bounds.map { "Floor reached: counted are the widths clearly above \($0)." }
      + reasons.map { entry in
        let names = entry.metrics.map { element("code", [:], Markup($0)) }.joined(separator: ", ")
        return "Not available: \(names) (\(entry.reason))."
      }
  }

  /// A verdict without what gaps have to be above, and that.
  private static func verdictParts(_ rate: ComparedRate) -> (short: String, bound: String?) {
    guard let middle = rate.verdict.firstRange(of: " are clearly above ") else {
      return (rate.verdict, nil)
    }
    return (
      String(rate.verdict[..<middle.lowerBound]) + " clear",
      String(rate.verdict[middle.upperBound...])
    )
  }

  /// Fitted exponents beside predicted ones, of metrics of one number a network: those along
  /// projections, and those with the limit's own initial function, are in the tables of the scalings.
  var summaryTable: ReportTable {
    let isSingle = record.scalings.count == 1
    var table = ReportTable(
      caption:
        "Exponents in the width, fitted ± standard error beside those that theory predicts, of"
        + " \(source.name). Those along projections and those of paired limits, which are counted above too, are"
        + " in the table of each scaling.",
      columns: [.text("metric")]
        + record.scalings.flatMap { scaling -> [ReportTable.Column] in
          let group: Markup? = isSingle ? nil : "\(scaling.title)"
          return [
            .number("fitted", group: group), .number("predicted", group: group),
            ReportTable.Column(heading: "verdict", isNumeric: false, group: group),
          ]
        })
    var metrics: [String] = []
    for rate in record.scalings.flatMap(\.rates)
    where !rate.metric.contains("[") && !rate.metric.hasPrefix("paired_")
      && !rate.predicted.isNaN && !metrics.contains(rate.metric)
    {
      metrics.append(rate.metric)
    }
    for metric in metrics {
      let cells = record.scalings.flatMap { scaling -> [Markup] in
        guard let rate = scaling.rates.first(where: { $0.metric == metric }) else {
          return [Cell.missing, Cell.missing, Cell.missing]
        }
        return [
          Self.fitted(rate), Cell.exponent(rate.predicted),
          rate.predicted.isNaN
            ? Cell.missing : VerdictWord(rate.verdict)?.markup ?? Markup(rate.verdict),
        ]
      }
      table.append([element("code", [:], Markup(metric))] + cells)
    }
    return table
  }

  /// How many exponents got which verdict.
  func counts(_ scaling: ScalingComparison) -> Markup {
    let predicted = scaling.rates.filter { !$0.predicted.isNaN }
    let words = VerdictWord.allCases.compactMap { word -> Markup? in
      let count = predicted.count { VerdictWord($0.verdict) == word }
      return count == 0 ? nil : "\(count) \(word.markup(count: count))"
    }
    let step = scaling.rates.first?.step ?? scaling.steps.last ?? 0
    let what = element("strong", [:], "Networks beside the limit \(scaling.title)")
    let verdicts: Markup =
      predicted.isEmpty
      ? "no exponent is predicted"
      : "of \(counted(predicted.count, "predicted exponent")) \(words.joined(separator: ", "))"
    return "\(what), step \(step), \(source.name): \(verdicts)."
  }

  private static func fitted(_ rate: ComparedRate) -> Markup {
    rate.rate.isNaN ? Cell.missing : Cell.uncertain(rate.rate, rate.rateStandardError)
  }

  private static func measured(_ value: Double, _ error: Double) -> Markup {
    value.isNaN
      ? Cell.missing
      : error.isFinite ? Cell.uncertain(value, error) : Cell.significant(value, 3)
  }
}
