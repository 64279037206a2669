import DataIO

/// A study: tables of kernels and of finite networks.
struct StudyReport {
  let source: ReportSource
  let record: StudyRecord

  init?(_ source: ReportSource) {
    guard let record = source.study else { return nil }
    (self.source, self.record) = (source, record)
  }

  private var hasAccuracy: Bool {
    record.cases.contains { !$0.end.meanFunction.testAccuracy.isNaN }
  }

  /// One sentence for the summary: the best of all networks of infinite width.
  var finding: Markup {
    func isBetter(_ a: StudyScores, _ b: StudyScores) -> Bool {
      hasAccuracy ? a.testAccuracy > b.testAccuracy : a.testLoss < b.testLoss
    }
    let all = record.cases.flatMap { entry in
      [("Bayesian", entry.bayesian), ("trained", entry.trained), ("trained to the end", entry.end)]
        .map { (entry: entry, words: $0.0, scores: $0.1.meanFunction) }
    }.filter { !$0.scores.testLoss.isNaN }
    let subject: Markup =
      "\(element("strong", [:], "Study")) of \(counted(record.cases.count, "network")), \(source.name)"
    guard var best = all.first else { return subject + "." }
    for entry in all where isBetter(entry.scores, best.scores) { best = entry }
    let value: Markup =
      hasAccuracy
      ? "test accuracy \(Cell.percent(best.scores.testAccuracy)) %"
      : "test loss \(Cell.significant(best.scores.testLoss, 4))"
    let network: Markup =
      "\(Markup(best.entry.parameterization)) parameterization with"
      + " \(counted(best.entry.hiddenLayers, "hidden layer")), \(Markup(best.words))"
    return subject
      + ": of mean functions of infinite width, that of the \(network), has the best \(value)."
  }

  var tables: [ReportTable] { record.widths.isEmpty ? [kernels] : [kernels, networks] }

  private var kernels: ReportTable {
    let noise: Markup =
      record.noiseDeviation > 0
      ? "label noise of standard deviation \(Cell.significant(record.noiseDeviation))"
      : "no label noise"
    var table = ReportTable(
      caption:
        "Infinite width, \(source.name): test loss (squared) and accuracy of the mean function, and expected of one"
        + " network: Bayesian networks, \(noise), and trained networks after \(counted(record.steps, "step")) and"
        + " at the end.",
      columns: [.text("parameterization"), .text("base widths"), .number("learning rate")]
        + ["Bayesian", "after the steps", "at the end"].flatMap { group in
          ["loss", "accuracy (%)", "loss of one", "accuracy of one (%)"].map {
            .number(Markup($0), group: Markup(group))
          }
        })
    for entry in record.cases {
      table.append(
        [
          Markup(entry.parameterization), Markup(entry.widthsText),
          Cell.significant(entry.learningRate),
        ]
          + [entry.bayesian, entry.trained, entry.end].flatMap {
            [$0.meanFunction, $0.one].flatMap {
              [Cell.significant($0.testLoss, 4), Cell.percent($0.testAccuracy)]
            }
          })
    }
    return table
  }

  private var networks: ReportTable {
    var table = ReportTable(
      caption:
        "Finite networks after \(counted(record.steps, "step")), \(source.name): test loss and accuracy of the mean"
        + " of the functions of \(counted(record.seeds, "seed")), and of one network, whose accuracy ± the standard error of"
        + " its mean over seeds.",
      columns: [
        .text("parameterization"), .text("base widths"), .number("width"),
        .number("loss", group: "mean function"), .number("accuracy (%)", group: "mean function"),
        .number("loss", group: "one network"), .number("infinite width", group: "one network"),
        .number("accuracy (%)", group: "one network"), .number("±", group: "one network"),
        .number("infinite width (%)", group: "one network"), .number("diverged"),
      ])
    for entry in record.cases {
      for (width, networks) in zip(record.widths, entry.networks) {
        let accuracy = networks.statistics(\.testAccuracy)
        table.append([
          Markup(entry.parameterization), Markup(entry.widthsText), Markup("\(width)"),
          Cell.significant(networks.meanFunction.testLoss, 4),
          Cell.percent(networks.meanFunction.testAccuracy),
          Cell.significant(networks.statistics(\.testLoss).mean, 4),
          Cell.significant(entry.trained.one.testLoss, 4), Cell.percent(accuracy.mean),
          Cell.percent(accuracy.standardError), Cell.percent(entry.trained.one.testAccuracy),
          Markup("\(networks.diverged)"),
        ])
      }
    }
    return table
  }
}

extension ReportSource {
  func studyRemarks(_ record: StudyRecord) -> [Remark] {
    let diverged = record.cases.flatMap(\.networks).reduce(0) { $0 + $1.diverged }
    return diverged == 0
      ? []
      : [
        .warning(
          self,
          "\(counted(diverged, "network")) of \(record.cases.count * record.widths.count * record.seeds) diverged"
            + " and are left out of means.")
      ]
  }
}
