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

  /// The verdicts over training in a few words, criterion by criterion.
  var summaryTable: ReportTable {
    let last = ranking.steps.count - 1
    var table = ReportTable(
      caption:
        "Which limit describes the networks of width \(record.referenceWidth) best, by"
        + " \(element("code", [:], Markup(record.path)))? Values ± standard"
        + " error at step \(ranking.steps.last ?? 0), the smaller the better. Ties are within two"
        + " standard errors of the difference. \(Self.floorRemark)",
      columns: [
        .words("criterion"), .text("best at step \(ranking.steps.last ?? 0)"),
        .words("best over training"),
      ] + titles.map { .number("\($0)") })
    guard last >= 0 else { return table }
    for criterion in ranking.criteria {
      table.append(
        [
          Markup(Self.sentence(criterion.longName)),
          element("span", ["class": "best"], verdict(criterion, last)), overTraining(criterion),
        ] + titles.indices.map { cell(criterion, scaling: $0, step: last) })
    }
    return table
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
    let most = 6
    let lines = stretches.prefix(most).map { stretch -> Markup in
      let (first, last) = (ranking.steps[stretch.first], ranking.steps[stretch.last])
      let span: Markup = first == last ? "step \(first)" : "steps \(first)–\(last)"
      let names = stretch.winners.sorted().map { titles[$0] }
      let words = names.isEmpty ? "none" : names.joined(separator: " = ")
      return element("span", ["class": "stretch"], "\(span): \(words)")
    }
    let rest = stretches.count - lines.count
    return lines.joined(separator: "; ") + (rest > 0 ? "; \(counted(rest, "more change"))" : "")
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
