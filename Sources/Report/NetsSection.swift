import DataIO
import ParticleSystems

/// Finite networks after their last recorded step.
struct NetsSection {
  let source: ReportSource
  let record: NetsRecord

  init?(_ source: ReportSource) {
    guard let record = source.nets else { return nil }
    (self.source, self.record) = (source, record)
  }

  private var lastStep: Int? { record.trajectories.first?.steps.last }
  private var spreadMeaning: String {
    record.seeds.count > 1 ? ", mean ± one standard deviation over \(record.seeds.count) seeds" : ""
  }

  /// One sentence for the summary.
  var finding: Markup {
    let range =
      record.widths.count > 1
      ? "of widths \(record.widths.first ?? 0) to \(record.widths.last ?? 0)"
      : "of width \(record.widths.first ?? 0)"
    let nets = record.widths.count * record.seeds.count
    var sentence: Markup =
      "\(element("strong", [:], "\(counted(nets, "network"))")) \(range), \(source.name): "
    guard let step = lastStep, let widest = record.trajectories.last else {
      return sentence + "no step is recorded."
    }
    let index = widest.steps.count - 1
    let diverged = record.trajectories.reduce(0) { $0 + ($1.divergence?.count ?? 0) }
    guard !widest.trainingLoss(at: index).mean.isNaN else {
      return sentence + "\(diverged) of \(nets) diverged, all of the widest."
    }
    sentence +=
      "at step \(step) the widest have training loss \(widest.trainingLoss(at: index).cell),"
      + " test loss \(widest.testLoss(at: index).cell)\(spreadMeaning)"
    return sentence + (diverged > 0 ? "; \(diverged) of \(nets) diverged." : ".")
  }

  var table: ReportTable {
    var table = ReportTable(
      caption: "Networks of \(source.name) after step \(lastStep ?? 0)\(spreadMeaning).",
      columns: [
        .text("width"), .number("training loss"), .number("test loss"),
        .number("training accuracy (%)"), .number("test accuracy (%)"),
        .number("diverged"),
      ])
    for (width, trajectory) in zip(record.widths, record.trajectories) {
      let index = trajectory.steps.count - 1
      guard index >= 0 else { continue }
      table.append([
        "\(width)", trajectory.trainingLoss(at: index).cell, trajectory.testLoss(at: index).cell,
        trajectory.trainingAccuracy(at: index).percentCell,
        trajectory.testAccuracy(at: index).percentCell,
        "\(trajectory.divergence?.count ?? 0) of \(trajectory.members)",
      ])
    }
    return table
  }
}
