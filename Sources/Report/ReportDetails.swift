import DataIO
import Plotting

/// Figures and tables, what is drawn in common axes together.
struct ReportDetails {
  let sources: [ReportSource]

  func markup(_ contents: inout PageContents) throws -> Markup {
    var result: Markup = ""
    var number = 0
    func section(_ title: Markup, _ body: Markup) {
      number += 1
      result +=
        element(
          "section", ["aria-labelledby": "section-\(number)"],
          element("h2", ["id": "section-\(number)"], title), "\n", body) + "\n"
    }
    for source in sources {
      guard let comparison = ComparisonSection(source) else { continue }
      section("Networks beside their limits", body(of: comparison, &contents))
    }
    let groups = SourceGroups(sources)
    for limits in groups.limits {
      let drawn = try figures(
        runs: limits.runs.compactMap(\.run), nets: limits.reference?.nets,
        labels: FigureLabels(ofFile: limits.runs[0].path, namesLimit: false))
      section(
        "Limits compared", contents.figures(drawn, remark: origin(limits.sources)))
    }
    for pair in groups.pairs {
      section(title(of: pair), try body(of: pair, &contents))
    }
    for source in sources {
      guard let density = DensitySection(source) else { continue }
      section("Densities of the weights", try body(of: density, &contents))
    }
    for source in sources {
      guard let prediction = PredictionReport(source) else { continue }
      let drawn = figures(
        prediction.record, labels: try FigureLabels(ofFile: source.path, namesLimit: false))
      section(
        "Predictions of kernels",
        contents.table(prediction.table) + contents.figures(drawn, remark: origin([source])))
    }
    for source in sources {
      guard let study = StudyReport(source) else { continue }
      let drawn = figures(
        study.record, labels: try FigureLabels(ofFile: source.path, namesLimit: false))
      section(
        "Deep networks side by side",
        study.tables.map { contents.table($0) }.joined()
          + contents.figures(drawn, remark: origin([source])))
    }
    return result
  }

  private func title(of pair: SourceGroups.Pair) -> Markup {
    guard let run = pair.run.flatMap(RunSection.init) else { return "Finite networks" }
    return pair.nets == nil ? "Limit \(run.title)" : "Limit \(run.title) and finite networks"
  }

  private func body(
    of pair: SourceGroups.Pair, _ contents: inout PageContents
  ) throws -> Markup {
    var result: Markup = ""
    if let run = pair.run.flatMap(RunSection.init) {
      result += run.making + "\n" + contents.table(run.table)
    }
    if let nets = pair.nets.flatMap(NetsSection.init) { result += contents.table(nets.table) }
    let drawn = try figures(
      run: pair.run?.run, nets: pair.nets?.nets, labels: FigureLabels(ofFile: pair.sources[0].path))
    for figure in drawn {
      result += contents.figure(
        figure, remark: reading(pair, figure) + origin(pair.sources))
    }
    return result
  }

  /// How to read curves of limits and networks.
  private func reading(_ pair: SourceGroups.Pair, _ figure: CurveFigure) -> Markup {
    guard let nets = pair.nets?.nets else { return "" }
    let isGap = figure.name == "logit_gap"
    let limit: Markup = pair.run == nil || isGap ? "" : "the limit in black, "
    let bands: Markup =
      nets.seeds.count > 1 && !isGap
      ? "; lines are means over \(nets.seeds.count) seeds and bands one standard deviation" : ""
    return "Drawn are \(limit)networks from light (narrow) to dark (wide)\(bands). "
  }

  private func body(
    of section: ComparisonSection, _ contents: inout PageContents
  ) -> Markup {
    var result: Markup = ""
    if let ranking = RankingSection(section.record) {
      result += element("h3", [:], "Which limit describes the reference network best?") + "\n"
      for criterion in ranking.ranking.criteria {
        result += contents.table(ranking.table(criterion))
      }
    }
    let drawn = figures(section.record)
    if !drawn.isEmpty { result += element("h3", [:], "Figures") + "\n" }
    result += contents.figures(drawn, remark: origin([section.source]))
    for scaling in section.record.scalings {
      result += element("h3", [:], "Metrics beside the limit \(scaling.title)") + "\n"
      result += section.making(scaling) + "\n" + contents.table(section.table(scaling))
      for line in section.footnotes(scaling) { result += element("p", [:], line) + "\n" }
    }
    return result
  }

  private func body(
    of section: DensitySection, _ contents: inout PageContents
  ) throws -> Markup {
    let drawn = contents.figures(
      try figures(section.record), remark: origin([section.source]))
    return section.making + "\n" + drawn
      + section.tables.map { contents.table($0) }.joined()
  }

  /// The files that a figure is drawn from.
  private func origin(_ sources: [ReportSource]) -> Markup {
    let names = sources.map(\.name).joined(separator: ", ")
    return element("span", ["class": "origin"], "From \(names).")
  }
}
