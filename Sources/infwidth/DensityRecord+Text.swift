import InfiniteWidth

extension ProjectionDensity {
  /// What it is and how it was made, in one line.
  var heading: String {
    let grid = axes.map { axis in
      // Of histograms the borders of the outer cells, zero but for the rounding of their centres.
      let margin = isHistogram ? axis.spacing / 2 : 0
      let ends = [axis.points[0] - margin, axis.points[axis.points.count - 1] + margin]
      return ends.map {
        NumberFormat.significant(3).text(abs($0) < 1e-9 * axis.spacing ? 0 : $0)
      }.joined(separator: " to ")
    }.joined(separator: ", ")
    let counts = axes.map { "\($0.points.count)" }.joined(separator: " x ")
    let rule = isHistogram ? "histogram" : "bandwidth \(bandwidthRule)"
    return "\(title): \(rule); grid of \(counts) \(isHistogram ? "cells" : "points"), \(grid)"
  }

  /// A row a snapshot.
  var summaryText: String {
    let isOne = axes.count == 1
    let names = isOne ? ["mean", "std", "bandwidth"] : []
    var columns = ["step"] + names + ["entropy", "modes"]
    var formats: [NumberFormat] =
      [.whole] + names.map { _ in .significant(4) } + [.decimals(4), .whole]
    if isOne {
      columns += quantileLevels.isEmpty ? [] : ["5 %", "median", "95 %"]
      formats += quantileLevels.isEmpty ? [] : [.significant(4), .significant(4), .significant(4)]
    }
    columns += ["L1", "Hellinger", "KL"]
    formats += [.decimals(4), .decimals(4), .decimals(4)]
    if fromLimit != nil {
      columns += ["L1 limit", "L2 limit", "Hellinger limit", "KL limit"]
      formats += [.decimals(4), .significant(4), .decimals(4), .decimals(4)]
    }
    if fromOther != nil {
      columns += ["L1 other", "Hellinger other", "KL other"]
      formats += [.decimals(4), .decimals(4), .decimals(4)]
    }
    columns.append("outside")
    formats.append(.whole)
    var table = ResultTable(name: Self.name(identifier, width: width), columns: columns)
    for (s, step) in steps.enumerated() {
      var row = [Double(step)]
      if isOne { row += [mean[s], standardDeviation[s], bandwidth(snapshot: s, axis: 0)] }
      row += [entropy[s], Double(modes[s].count)]
      if isOne, !quantileLevels.isEmpty {
        row += [0.05, 0.5, 0.95].map { level in
          quantileLevels.firstIndex(of: level).map {
            quantiles[s * quantileLevels.count + $0]
          } ?? .nan
        }
      }
      row += [fromFirst.l1[s], fromFirst.hellinger[s], fromFirst.kullbackLeibler[s]]
      if let limit = fromLimit {
        row += [limit.l1[s], limit.l2[s], limit.hellinger[s], limit.kullbackLeibler[s]]
      }
      if let other = fromOther {
        row += [other.l1[s], other.hellinger[s], other.kullbackLeibler[s]]
      }
      table.append(row + [Double(outsideCount[s])])
    }
    return tableText(
      table, headings: columns, formats: formats, rows: spacedRows(table.rows.count))
  }
}

extension DensityRecord {
  /// The summary as one object.
  func json(run: String) -> JSONValue {
    .object([
      "run": .text(run), "output": .text(path),
      "projections": .array(projections.map(\.json)),
    ])
  }
}

extension ProjectionDensity {
  fileprivate var json: JSONValue {
    let size = axes.count
    let snapshots = steps.indices.map { s -> JSONValue in
      var values: [String: JSONValue] = [
        "step": .number(Double(steps[s])), "entropy": .number(entropy[s]),
        "bandwidth": .array((0..<size).map { .number(bandwidth(snapshot: s, axis: $0)) }),
        "mean": .array((0..<size).map { .number(mean[s * size + $0]) }),
        "standard_deviation": .array(
          (0..<size).map { .number(standardDeviation[s * size + $0]) }),
        "outside_count": .number(Double(outsideCount[s])),
        "outside_mass": .number(outsideMass[s]),
        "effective_sample_size": .number(effectiveSampleSize[s]),
        "modes": .array(
          modes[s].map { mode in
            .object([
              "position": .array(mode.position.map { .number($0) }),
              "density": .number(mode.density), "prominence": .number(mode.prominence),
            ])
          }), "from_first": Self.json(fromFirst, s),
      ]
      if let fromLimit { values["from_limit"] = Self.json(fromLimit, s) }
      if let fromOther { values["from_other"] = Self.json(fromOther, s) }
      if !quantileLevels.isEmpty {
        values["quantiles"] = .array(
          quantileLevels.enumerated().map { index, level in
            .object([
              "level": .number(level),
              "value": .number(quantiles[s * quantileLevels.count + index]),
            ])
          })
      }
      return .object(values)
    }
    var result: [String: JSONValue] = [
      "projection": .text(expression), "group": .text(identifier), "estimator": .text(estimator),
      "bandwidth_rule": .text(bandwidthRule), "snapshots": .array(snapshots),
    ]
    if let width {
      result["width"] = .number(Double(width))
      result["group"] = .text("width_\(width)/\(identifier)")
    }
    if let seeds { result["seeds"] = .number(Double(seeds)) }
    if let outsideRemark { result["remark"] = .text(outsideRemark) }
    return .object(result)
  }

  private static func json(_ distances: Distances, _ s: Int) -> JSONValue {
    .object([
      "l1": .number(distances.l1[s]), "l2": .number(distances.l2[s]),
      "hellinger": .number(distances.hellinger[s]),
      "kullback_leibler": .number(distances.kullbackLeibler[s]),
    ])
  }
}
