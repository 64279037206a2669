import DataIO
import ParticleSystems

/// Which limit describes the reference network best, by each criterion and over training.
struct RankingSection {
  let record: ComparisonRecord
  let ranking: ReferenceRanking
  /// Of the limits, by number of the scaling.
  let titles: [String]

  init?(_ record: ComparisonRecord) {
    guard let ranking = record.ranking else { return nil }
    self.record = record
    self.ranking = ranking
    titles = ranking.scalings.map { name in
      record.scalings.first { $0.name == name }?.title ?? name
    }
  }

  /// What each criterion says at the last step, criterion by criterion.
  var summaryTable: ReportTable {
    let step = ranking.steps.count - 1
    var table = ReportTable(
      caption:
        "Which limit describes the networks of width \(record.referenceWidth) best at step"
        + " \(ranking.steps.last ?? 0), by \(element("code", [:], Markup(record.path)))? Values ± standard"
        + " error, the smaller the better. Ties are within two standard errors of the difference."
        + " \(Self.floorRemark) \(legend)",
      columns: [.text("criterion"), .text("best")] + titles.map { .number("\($0)") })
    guard step >= 0 else { return table }
    for criterion in ranking.criteria {
      table.append(
        [
          Markup(Self.label(criterion)),
          element("span", ["class": "best"], verdict(criterion, step)),
        ] + titles.indices.map { cell(criterion, scaling: $0, step: step) })
    }
    return table
  }

  /// The verdicts over training in a few words.
  var trainingTable: ReportTable {
    var table = ReportTable(
      caption:
        "Which limit describes the networks of width \(record.referenceWidth) best at which recorded steps,"
        + " by \(element("code", [:], Markup(record.path)))? The sign = stands between ties. Criteria are"
        + " those of the table before.",
      columns: [.text("criterion"), .words("best, over training")])
    guard !ranking.steps.isEmpty else { return table }
    for criterion in ranking.criteria {
      table.append([Markup(Self.label(criterion)), overTraining(criterion)])
    }
    return table
  }

  /// Rows have room for a few words.
  private static let labels = [
    "logit_gap": "logit gap", "logit_law_distance": "distance of logit laws",
    "logit_kl": "divergence of logit laws",
    "widest_logit_kl": "divergence of logit laws, widest networks",
  ]

  static func label(_ criterion: ReferenceRanking.Criterion) -> String {
    labels[criterion.name] ?? criterion.longName
  }

  private var legend: Markup {
    ranking.criteria.filter { Self.label($0) != $0.longName }.map { criterion in
      let units: Markup = criterion.units == "1" ? "" : " (\(criterion.units))"
      return
        "\(element("b", [:], Markup(Self.sentence(Self.label(criterion))))): \(criterion.longName)\(units)."
    }.joined(separator: " ")
  }

  func table(_ criterion: ReferenceRanking.Criterion) -> ReportTable {
    let unit: Markup = criterion.units == "1" ? "" : " (\(criterion.units))"
    let shown = spacedRows(ranking.steps.count)
    let part: Markup =
      shown.count < ranking.steps.count
      ? " \(shown.count) of \(ranking.steps.count) recorded steps." : ""
    var table = ReportTable(
      caption:
        "\(Self.sentence(criterion.longName)), networks of width \(record.referenceWidth)\(unit):"
        + " value ± standard error. \(Self.floorRemark)\(part)",
      columns: [.text("step"), .text("best")] + titles.map { .number("\($0)") })
    for step in shown {
      table.append(
        ["\(ranking.steps[step])", verdict(criterion, step)]
          + titles.indices.map { cell(criterion, scaling: $0, step: step) })
    }
    return table
  }

  private static let floorRemark: Markup =
    "In brackets: the floor, the value to expect where networks and limit have the same law."

  private func verdict(_ criterion: ReferenceRanking.Criterion, _ step: Int) -> Markup {
    ranking.verdict(criterion, step, titles: titles).map { Markup($0) } ?? "none can be told"
  }

  /// Stretches of recorded steps with one verdict, whichever of a tie is ahead.
  private func overTraining(_ criterion: ReferenceRanking.Criterion) -> Markup {
    var stretches: [(winners: Set<Int>, first: Int, last: Int)] = []
    for step in ranking.steps.indices {
      let winners = Set(ranking.winners(criterion, step))
      if stretches.last?.winners == winners {
        stretches[stretches.count - 1].last = step
      } else {
        stretches.append((winners, step, step))
      }
    }
    // The first changes and the last verdict tell most.
    let most = 12
    let hidden = stretches.count > most ? (most - 1)..<(stretches.count - 1) : 0..<0
    var lines = stretches.indices.filter { !hidden.contains($0) }.map { index -> Markup in
      let stretch = stretches[index]
      let (first, last) = (ranking.steps[stretch.first], ranking.steps[stretch.last])
      let span: Markup = first == last ? "step \(first)" : "steps \(first)–\(last)"
      let names = stretch.winners.sorted().map { titles[$0] }
      let words = names.isEmpty ? "none" : names.joined(separator: " = ")
      return element("span", ["class": "stretch"], "\(span): \(words)")
    }
    if !hidden.isEmpty {
      lines.insert(
        "\(counted(hidden.count, "more stretch", plural: "more stretches"))", at: most - 1)
    }
    return lines.joined(separator: "; ")
  }

  func value(
    _ criterion: ReferenceRanking.Criterion, scaling: Int, step: Int
  ) -> Markup {
    let place = scaling * ranking.steps.count + step
    let (value, error) = (criterion.values[place], criterion.standardErrors[place])
    return error.isFinite ? Cell.uncertain(value, error) : Cell.significant(value)
  }

  /// The value with its floor.
  private func cell(
    _ criterion: ReferenceRanking.Criterion, scaling: Int, step: Int
  ) -> Markup {
    let floor = criterion.floors[scaling * ranking.steps.count + step]
    let value = value(criterion, scaling: scaling, step: step)
    guard floor.isFinite, criterion.values[scaling * ranking.steps.count + step].isFinite else {
      return value
    }
    return "\(value) \(element("span", ["class": "floor"], "(\(Cell.significant(floor, 2)))"))"
  }

  private static func sentence(_ name: String) -> String {
    name.prefix(1).uppercased() + name.dropFirst()
  }
}
