import DataIO

/// The first screen: what to beware of, and what came out.
struct ReportSummary {
  let sources: [ReportSource]
  let remarks: [Remark]

  func markup(_ contents: inout PageContents) -> Markup {
    var result = element("h2", ["id": "summary"], "Summary") + "\n"
    result += box(.warning, "Warnings", "warning")
    let comparisons = sources.compactMap(ComparisonSection.init)
    let rankings = comparisons.compactMap { RankingSection($0.record) }
    let findings =
      rankings.flatMap(verdicts)
      + comparisons.flatMap { comparison in comparison.record.scalings.map(comparison.counts) }
      + sources.compactMap(RunSection.init).map(\.finding)
      + sources.compactMap(NetsSection.init).map(\.finding)
      + sources.compactMap(DensitySection.init).map(\.finding)
      + sources.compactMap(PredictionReport.init).map(\.finding)
      + sources.compactMap(StudyReport.init).map(\.finding)
    result +=
      element(
        "ul", ["class": "findings"], "\n",
        findings.map { element("li", [:], $0) + "\n" }.joined()) + "\n"
    for ranking in rankings {
      result += contents.table(ranking.summaryTable)
      result += contents.table(ranking.trainingTable)
    }
    for comparison in comparisons where !comparison.summaryTable.rows.isEmpty {
      result += contents.table(comparison.summaryTable)
    }
    result += box(.note, "Notes", "note")
    return element("section", ["aria-labelledby": "summary"], "\n", result) + "\n"
  }

  /// The verdict of each criterion at the last step.
  private func verdicts(_ section: RankingSection) -> [Markup] {
    guard let step = section.ranking.steps.indices.last else { return [] }
    return section.ranking.criteria.compactMap { criterion in
      let winners = section.ranking.winners(criterion, step)
      guard let best = winners.first else { return nil }
      let names = winners.map { section.titles[$0] }.joined(separator: ", ")
      let isTie = winners.count > 1
      let who = element("strong", [:], "\(names)\(isTie ? " (a tie)" : "")")
      let value = section.value(criterion, scaling: best, step: step)
      let alike = section.ranking.atFloor(criterion, step).filter(winners.contains)
        .map { section.titles[$0] }.joined(separator: ", ")
      let floor: Markup = alike.isEmpty ? "" : "; \(alike) cannot be told from the networks"
      return
        "\(who) \(isTie ? "describe" : "describes") the networks of width"
        + " \(section.record.referenceWidth) best at step \(section.ranking.steps[step]) by the"
        + " \(RankingSection.label(criterion)): \(value)\(floor)."
    }
  }

  private func box(_ kind: Remark.Kind, _ title: Markup, _ style: String) -> Markup {
    let shown = remarks.filter { $0.kind == kind }
    guard !shown.isEmpty else { return "" }
    let items = shown.map { remark in
      element("li", [:], element("code", [:], Markup(remark.path)), ": ", remark.text) + "\n"
    }
    return element(
      "div", ["class": "box \(style)", "role": "note", "aria-labelledby": "\(style)s"],
      element("h3", ["id": "\(style)s"], title), "\n",
      element("ul", [:], "\n", items.joined())) + "\n"
  }
}
