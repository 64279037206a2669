import DataIO

/// Predictions: a table of the Bayesian network and of trained ones.
struct PredictionReport {
  let source: ReportSource
  let record: PredictionRecord

  init?(_ source: ReportSource) {
    guard let record = source.prediction else { return nil }
    (self.source, self.record) = (source, record)
  }

  /// One sentence for the summary.
  var finding: Markup {
    var sentence: Markup =
      "\(element("strong", [:], "Predictions")) at"
      + " \(counted(record.testLabels.count, "test point")), \(source.name): the Bayesian network has"
      + " \(words(record.bayesian.scores))"
    if let last = record.ensembles.last, let time = record.times.last {
      let when: Markup = time == .infinity ? "at the end of training" : "after \(steps(time))"
      sentence += "; trained networks have \(words(last.scores)) \(when)"
    }
    return sentence + "."
  }

  private func words(_ scores: PredictionScores) -> Markup {
    let loss: Markup = "test loss \(Cell.significant(scores.testLoss, 4))"
    return scores.testAccuracy.isNaN
      ? loss : loss + " and accuracy \(Cell.percent(scores.testAccuracy)) %"
  }

  private func steps(_ time: Double) -> Markup {
    "\(Markup(ResultTable.text(time))) step\(time == 1 ? "" : "s")"
  }

  var table: ReportTable {
    let noise: Markup =
      record.noiseDeviation > 0
      ? "label noise of standard deviation \(Cell.significant(record.noiseDeviation))"
      : "no label noise"
    var table = ReportTable(
      caption:
        "Predictions of \(source.name), squared loss, \(noise): of the mean function, and expected of one"
        + " function; density: minus the logarithm of the predicted density at the test labels.",
      columns: [
        .text("networks"), .number("training loss", group: "mean function"),
        .number("test loss", group: "mean function"),
        .number("training accuracy (%)", group: "mean function"),
        .number("test accuracy (%)", group: "mean function"),
        .number("training loss", group: "one function"),
        .number("test loss", group: "one function"),
        .number("test accuracy (%)", group: "one function"), .number("mean std at test points"),
        .number("density (nats)"),
      ])
    func append(_ name: Markup, _ scores: PredictionScores) {
      table.append([
        name, Cell.significant(scores.trainingLoss, 4), Cell.significant(scores.testLoss, 4),
        Cell.percent(scores.trainingAccuracy), Cell.percent(scores.testAccuracy),
        Cell.significant(scores.trainingMemberLoss, 4),
        Cell.significant(scores.testMemberLoss, 4), Cell.percent(scores.testMemberAccuracy),
        Cell.significant(scores.testDeviation),
        Cell.significant(scores.testDensityLoss, 4),
      ])
    }
    append("Bayesian", record.bayesian.scores)
    for (time, law) in zip(record.times, record.ensembles) {
      append(time == .infinity ? "trained to the end" : "trained, \(steps(time))", law.scores)
    }
    return table
  }
}

extension ReportSource {
  func predictionRemarks(_ record: PredictionRecord) -> [Remark] {
    var remarks: [Remark] = []
    for (kernel, name) in [("nngp", "NNGP"), ("ntk", "tangent")] {
      guard let count = whole("\(kernel)_directions_left_out"), count > 0 else { continue }
      let share = number("\(kernel)_target_share_left_out") ?? .nan
      remarks.append(
        .warning(
          self,
          "predictions leave out \(counted(count, "direction")) of the \(name) kernel, whose"
            + " eigenvalues are within rounding of zero (smallest"
            + " \(Cell.significant(number("\(kernel)_minimum_eigenvalue") ?? .nan))), with"
            + " \(Cell.significant(100 * share, 2)) % of the labels' sum of squares."))
    }
    if let rate = number("largest_stable_learning_rate") {
      let given: Markup =
        number("learning_rate").map { "; the learning rate is \(Cell.significant($0, 4))" } ?? ""
      remarks.append(
        .note(
          self,
          "gradient descent on the squared loss is stable below the learning rate"
            + " \(Cell.significant(rate, 4))\(given)."))
    }
    return remarks
  }
}
