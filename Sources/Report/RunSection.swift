import DataIO
import ParticleSystems
import Plotting

/// A limit: what it is and how it was computed, and its losses over training.
struct RunSection {
  let source: ReportSource
  let record: RunRecord

  init?(_ source: ReportSource) {
    guard let record = source.run else { return nil }
    (self.source, self.record) = (source, record)
  }

  var title: String { limitTitle(record.limit.name) }

  private var trajectory: Trajectory { record.trajectory }
  private var lastIndex: Int { trajectory.steps.count - 1 }

  /// What the spread of a number is, as a part of a sentence.
  private var spreadMeaning: Markup {
    trajectory.members > 1
      ? "± one standard deviation over \(trajectory.members) realizations"
      : trajectory.testLossStandardError.isEmpty ? "" : "± standard error of the simulation"
  }

  /// One sentence for the summary.
  var finding: Markup {
    let limit = record.limit
    var sentence: Markup =
      "\(element("strong", [:], "Limit \(title)")) (\(Cell.exponents(limit))), \(source.name): "
    guard let step = trajectory.steps.last else { return sentence + "no step is recorded." }
    if let (_, first) = trajectory.divergence, trajectory.testLoss(at: lastIndex).mean.isNaN {
      return sentence + "diverged at step \(first)."
    }
    sentence +=
      "at step \(step) training loss \(trajectory.trainingLoss(at: lastIndex).cell),"
      + " test loss \(trajectory.testLoss(at: lastIndex).cell)"
    if !trajectory.testAccuracy.isEmpty {
      sentence +=
        ", accuracy \(trajectory.trainingAccuracy(at: lastIndex).percentCell) % and"
        + " \(trajectory.testAccuracy(at: lastIndex).percentCell) %"
    }
    if spreadMeaning != "" { sentence += " (\(spreadMeaning))" }
    let error = trajectory.largestLogitError
    sentence +=
      error.isNaN || error == 0
      ? "."
      : "; stated error of the test logits at most \(Cell.significant(error, 2))."
    return sentence
  }

  /// How it was made, in one paragraph.
  var making: Markup {
    var parts: [Markup] = []
    if record.particles > 0 {
      let design = source.text("design").map { " (\($0) design)" } ?? ""
      let replicates = source.whole("replicates").map { ", " + counted($0, "replicate") } ?? ""
      parts.append("\(counted(record.particles, "particle"))\(design)\(replicates)")
    } else {
      parts.append("Computed from its kernel, without particles")
    }
    if trajectory.members > 1 {
      parts.append("\(trajectory.members) realizations of the initial function")
    }
    if let precision = source.text("precision") { parts.append("\(precision) precision") }
    if let count = source.whole("integrator_steps_accepted"),
      let tolerance = source.number("integrator_tolerance")
    {
      parts.append(
        "gradient flow in \(counted(count, "integrator step")) at tolerance"
          + " \(Cell.significant(tolerance, 2))")
    }
    if let small = source.whole("multirate_small_particles"),
      let correction = source.number("multirate_correction")
    {
      let how: Markup =
        source.whole("multirate_fast_coordinates").map {
          "most particles moved along \($0) principal components at every step"
        }
        ?? "most particles took \(source.whole("multirate_blocks") ?? 0) steps, each for up to"
        + " \(source.whole("multirate_longest_block") ?? 0)"
      parts.append(
        "\(how); \(small) more took every step in full and took \(Cell.significant(correction, 2))"
          + " of error out of the logits")
    }
    let text = parts.joined(separator: "; ")
    let points =
      counted(trajectory.trainingPoints, "training point") + ", "
      + counted(trajectory.testPoints, "test point")
      + (source.text("loss").map { ", \($0) loss" } ?? "")
    return element("p", [:], "\(text). \(points).")
  }

  var table: ReportTable {
    let spread: Markup = trajectory.members > 1 ? " (± std)" : ""
    var table = ReportTable(
      caption: "The limit \(title) of \(source.name) over training\(caption).",
      columns: [
        .text("step"), .number("training loss\(spread)"), .number("test loss\(spread)"),
        .number("training accuracy (%)"), .number("test accuracy (%)"),
        .number("error of the test logits"),
      ])
    for index in spacedRows(trajectory.steps.count) {
      table.append([
        "\(trajectory.steps[index])", trajectory.trainingLoss(at: index).cell,
        trajectory.testLoss(at: index).cell, trajectory.trainingAccuracy(at: index).percentCell,
        trajectory.testAccuracy(at: index).percentCell,
        trajectory.testLogitsError.isEmpty
          ? Cell.missing : Cell.significant(trajectory.testLogitsError[index], 2),
      ])
    }
    return table
  }

  private var caption: Markup {
    let shown = spacedRows(trajectory.steps.count).count
    var text: Markup = ""
    if spreadMeaning != "" { text += ": losses \(spreadMeaning)" }
    if !trajectory.testLogitsError.isEmpty {
      text += "; the error of the logits is the estimated root mean square over test points"
    }
    if shown < trajectory.steps.count {
      text += "; \(shown) of \(trajectory.steps.count) recorded steps"
    }
    return text
  }
}
