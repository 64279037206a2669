import DataIO

/// Densities of laws of the weights: a table a law and projection.
struct DensitySection {
  let source: ReportSource
  let record: DensityRecord

  init?(_ source: ReportSource) {
    guard let record = source.density else { return nil }
    (self.source, self.record) = (source, record)
  }

  /// What the densities are of, in one paragraph.
  var making: Markup {
    var parts: [Markup] = []
    if let run = source.text("run") {
      parts.append("Of the law of the weights in \(element("code", [:], Markup(run)))")
    }
    if let nets = source.text("nets") {
      parts.append("beside that of the networks in \(element("code", [:], Markup(nets)))")
    }
    if let other = source.text("compared_with") {
      parts.append("“other”: \(element("code", [:], Markup(other)))")
    }
    let text = parts.joined(separator: "; ")
    return element(
      "p", [:],
      "\(text)\(parts.isEmpty ? "" : ". ")Logarithms are natural ones; “from start” is from the"
        + " density at the first snapshot.")
  }

  /// One sentence for the summary.
  var finding: Markup {
    let widths = Set(record.projections.compactMap(\.width)).count
    let own = Set(record.projections.map(\.identifier)).count
    let nets = widths > 0 ? ", of networks of \(counted(widths, "width")) too" : ""
    var sentence: Markup =
      "\(element("strong", [:], "Densities")) along \(counted(own, "projection"))\(nets), "
      + source.name
    guard let first = record.projections.first(where: { $0.width == nil }) else {
      return sentence + "."
    }
    if let last = first.steps.indices.last, last > 0, first.fromFirst.hellinger[last].isFinite {
      let law = element("code", [:], Markup(first.expression))
      let distance = Cell.significant(first.fromFirst.hellinger[last])
      sentence +=
        ": from step \(first.steps[0]) to \(first.steps[last]) the law of \(law) moves by a"
        + " Hellinger distance of \(distance)"
    }
    return sentence + "."
  }

  var tables: [ReportTable] { record.projections.map(table) }

  private func table(_ projection: ProjectionDensity) -> ReportTable {
    let unit = projection.axes[0].units
    let isOne = projection.axes.count == 1
    let units: Markup = unit == "1" ? "" : " (\(unit))"
    let columns: [ReportTable.Column] =
      [.text("step")]
      + ["mean", "std", "bandwidth"].map { .number("\(Markup($0))\(units)") }
      + [.number("entropy (nats)"), .number("modes")]
      + ["5 %", "median", "95 %"].map { .number("\(Markup($0))\(units)") }
      + Self.group("from start") + Self.group("from the limit")
      + Self.group("from the other")
      + [.number("beyond the grid")]
    var table = ReportTable(caption: caption(projection), columns: columns)
    for (s, step) in projection.steps.enumerated() {
      let moments: [Markup] =
        isOne
        ? [
          Cell.significant(projection.mean[s], 4),
          Cell.significant(projection.standardDeviation[s], 4),
          Cell.significant(projection.bandwidth(snapshot: s, axis: 0)),
        ] : [Cell.missing, Cell.missing, Cell.missing]
      let quantiles = [0.05, 0.5, 0.95].map { level -> Markup in
        guard isOne, let place = projection.quantileLevels.firstIndex(of: level) else {
          return Cell.missing
        }
        return Cell.significant(
          projection.quantiles[s * projection.quantileLevels.count + place], 4)
      }
      table.append(
        ["\(step)"] + moments
          + [Cell.decimals(projection.entropy[s], 4), "\(projection.modes[s].count)"] + quantiles
          + Self.cells(projection.fromFirst, s) + Self.cells(projection.fromLimit, s)
          + Self.cells(projection.fromOther, s) + ["\(projection.outsideCount[s])"])
    }
    return table
  }

  private func caption(_ projection: ProjectionDensity) -> Markup {
    let law = element("code", [:], Markup(projection.expression))
    let seeds = projection.seeds.map { " (\(counted($0, "seed")))" } ?? ""
    let nets = projection.width.map { ", networks of width \($0)\(seeds)" } ?? ""
    let rule = projection.isHistogram ? "histogram" : "bandwidth \(projection.bandwidthRule)"
    let counts = projection.axes.map { "\($0.points.count)" }.joined(separator: " × ")
    let places = projection.isHistogram ? "cells" : "points"
    return "The law of \(law)\(nets), in \(source.name): \(rule), grid of \(counts) \(places)."
  }

  private static func group(_ name: Markup) -> [ReportTable.Column] {
    ["L1", "Hellinger", "KL (nats)"].map { .number(Markup($0), group: name) }
  }

  private static func cells(_ distances: ProjectionDensity.Distances?, _ s: Int) -> [Markup] {
    guard let distances else { return Array(repeating: Cell.missing, count: 3) }
    return [distances.l1[s], distances.hellinger[s], distances.kullbackLeibler[s]].map {
      $0.isNaN ? Cell.missing : Cell.decimals($0, 4)
    }
  }
}
