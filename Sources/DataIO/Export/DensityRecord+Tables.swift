extension DensityRecord {
  /// One table a law and projection, `density_NAME`, of nets `density_NAME_width_D`: the step, a coordinate
  /// for each axis and the density, and of one axis the cumulative distribution; and `density_summary`,
  /// with a row for each law (without a width: the limit), projection (by name) and snapshot.
  public var tables: [ResultTable] {
    projections.map(\.table) + [summary]
  }

  private var summary: ResultTable {
    let hasNets = projections.contains { $0.width != nil }
    var table = ResultTable(
      name: "density_summary", labelColumn: "projection",
      columns: [
        "step", "entropy", "l1_from_first", "l2_from_first", "hellinger_from_first",
        "kullback_leibler_from_first", "outside_count", "effective_sample_size",
      ]
        + (hasNets
          ? [
            "width", "l1_from_limit", "l2_from_limit", "hellinger_from_limit",
            "kullback_leibler_from_limit",
          ] : []))
    for projection in projections {
      for (s, step) in projection.steps.enumerated() {
        let limit = projection.fromLimit.map {
          [$0.l1[s], $0.l2[s], $0.hellinger[s], $0.kullbackLeibler[s]]
        }
        table.append(
          [
            Double(step), projection.entropy[s], projection.fromFirst.l1[s],
            projection.fromFirst.l2[s], projection.fromFirst.hellinger[s],
            projection.fromFirst.kullbackLeibler[s], Double(projection.outsideCount[s]),
            projection.effectiveSampleSize[s],
          ]
            + (hasNets
              ? [projection.width.map { Double($0) } ?? .nan]
                + (limit ?? Array(repeating: .nan, count: 4)) : []),
          label: projection.expression)
      }
    }
    return table
  }
}

extension ProjectionDensity {
  /// The densities, one row a snapshot and grid point.
  var table: ResultTable {
    var table = ResultTable(
      name: Self.name(identifier, width: width),
      columns: ["step"] + axes.map(\.identifier) + ["density"]
        + (cumulative.isEmpty ? [] : ["cumulative"]))
    let size = gridSize
    for (s, step) in steps.enumerated() {
      for index in 0..<size {
        var rest = index
        var position = axes.map { _ in 0.0 }
        for axis in axes.indices.reversed() {
          let count = axes[axis].points.count
          position[axis] = axes[axis].points[rest % count]
          rest /= count
        }
        table.append(
          [Double(step)] + position + [density[s * size + index]]
            + (cumulative.isEmpty ? [] : [cumulative[s * size + index]]))
      }
    }
    return table
  }
}
