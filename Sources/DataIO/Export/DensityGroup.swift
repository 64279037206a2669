/// One projection's group while it is written.
struct DensityGroup {
  let file: NetCDFWriter
  let group: NetCDFGroup
  let snapshot: NetCDFDimension
  let grid: [NetCDFDimension]
  /// Entries of vectors and matrices over the axes, of projections with several.
  let axis: NetCDFDimension?
  /// 1/units of the axes.
  let densityUnits: String
  let other: String?

  init(
    _ file: NetCDFWriter, _ projection: ProjectionDensity, in parent: NetCDFGroup?, other: String?
  ) throws {
    self.file = file
    self.other = other
    group = try file.defineGroup(projection.identifier, in: parent)
    snapshot = try file.defineDimension("snapshot", length: projection.steps.count, in: group)
    grid = try projection.axes.map { [group] in
      try file.defineDimension($0.identifier, length: $0.points.count, in: group)
    }
    axis =
      projection.axes.count == 1
      ? nil : try file.defineDimension("axis", length: projection.axes.count, in: group)
    let units = projection.axes.map(\.units).filter { $0 != "1" }
    densityUnits = units.isEmpty ? "1" : units.map { "\($0)-1" }.joined(separator: " ")
  }

  func write(_ projection: ProjectionDensity) throws {
    for (name, text) in [
      ("projection", projection.expression), ("estimator", projection.estimator),
      ("bandwidth_rule", projection.bandwidthRule),
    ] {
      try file.setAttribute(name, .text(text), in: group)
    }
    let remarks = [projection.gridWarning, projection.outsideRemark].compactMap(\.self)
    if !remarks.isEmpty {
      try file.setAttribute("comment", .text(remarks.joined(separator: ". ")), in: group)
    }
    try variable("step", projection.steps, [snapshot], "training step of the snapshot")
    for (dimension, axis) in zip(grid, projection.axes) { try write(axis, dimension) }
    if let axis {
      try file.writeStrings(
        projection.axes.map(\.label), "axis", axis, longName: "axes of the projection", in: group)
    }
    try variable(
      "density", projection.density, [snapshot] + grid,
      "probability density of the particles' law", units: densityUnits)
    try writeBandwidth(projection)
    try variable(
      "effective_sample_size", projection.effectiveSampleSize, [snapshot],
      "effective number of particles, one over the sum of their squared masses")
    try variable(
      "outside_count", projection.outsideCount, [snapshot], "particles beyond the grid")
    try variable(
      "outside_mass", projection.outsideMass, [snapshot],
      "probability mass of the particles beyond the grid")
    try overAxes("mean", projection.mean, projection, "mean over the particles")
    try overAxes(
      "standard_deviation", projection.standardDeviation, projection,
      "standard deviation over the particles")
    try variable(
      "entropy", projection.entropy, [snapshot],
      "differential entropy of the density, integral of -p log p", units: "nat")
    try writeModes(projection)
    try writeCumulative(projection)
    try write(projection.fromFirst, "first", "at the first snapshot")
    if let distances = projection.fromLimit {
      try write(distances, "limit", "of the limit at the same step")
    }
    if let distances = projection.fromOther {
      try write(distances, "other", "at the same step in \(other ?? "another file")")
    }
  }

  private func write(_ axis: ProjectionDensity.Axis, _ dimension: NetCDFDimension) throws {
    let variable = try file.defineVariable(
      axis.identifier, Double.self, [dimension], units: axis.units, longName: axis.longName,
      in: group)
    try file.setAttribute("expression", .text(axis.label), of: variable)
    if let bound = axis.lowerBound {
      try file.setAttribute("reflected_below", .double(bound), of: variable)
    }
    if let bound = axis.upperBound {
      try file.setAttribute("reflected_above", .double(bound), of: variable)
    }
    try file.write(axis.points, to: variable)
  }

  private func writeBandwidth(_ projection: ProjectionDensity) throws {
    let k = projection.axes.count
    let along = projection.steps.indices.flatMap { s in
      (0..<k).map { projection.bandwidth(snapshot: s, axis: $0) }
    }
    try overAxes(
      "bandwidth", along, projection,
      "bandwidth: standard deviation of the kernel, width of a bin in histograms")
    guard let axis else { return }
    let column = try file.defineDimension("axis_column", length: k, in: group)
    try variable(
      "bandwidth_matrix", projection.bandwidthMatrix, [snapshot, axis, column],
      "covariance matrix of the kernel", units: matrixUnits(projection))
  }

  private func writeModes(_ projection: ProjectionDensity) throws {
    let most = projection.modes.map(\.count).max() ?? 0
    guard most > 0 else { return }
    let mode = try file.defineDimension("mode", length: most, in: group)
    let k = projection.axes.count
    try variable(
      "mode_count", projection.modes.map(\.count), [snapshot],
      "modes: local maxima whose prominence is above 1 % of the peak and above the noise of sampling (risk"
        + " 5 %)")
    func padded(_ size: Int, _ values: (ProjectionDensity.Mode) -> [Double]) -> [Double] {
      projection.modes.flatMap { modes in
        modes.flatMap(values) + Array(repeating: .nan, count: (most - modes.count) * size)
      }
    }
    try variable(
      "mode_position", padded(k) { $0.position }, [snapshot, mode] + (axis.map { [$0] } ?? []),
      "position of the mode, the highest first", units: commonUnits(projection))
    try variable(
      "mode_density", padded(1) { [$0.density] }, [snapshot, mode],
      "density at the mode", units: densityUnits)
    try variable(
      "mode_prominence", padded(1) { [$0.prominence] }, [snapshot, mode],
      "height of the mode above the highest pass to a higher one, or above 0 for the highest",
      units: densityUnits)
  }

  private func writeCumulative(_ projection: ProjectionDensity) throws {
    guard !projection.cumulative.isEmpty else { return }
    try variable(
      "cumulative", projection.cumulative, [snapshot] + grid,
      "cumulative distribution function at the coordinate: integral of the density from the lower end of the"
        + " grid")
    let level = try file.defineDimension(
      "level", length: projection.quantileLevels.count, in: group)
    try variable("level", projection.quantileLevels, [level], "probability of the quantile")
    try variable(
      "quantile", projection.quantiles, [snapshot, level], "quantile of the density on the grid",
      units: commonUnits(projection))
  }

  private func write(
    _ distances: ProjectionDensity.Distances, _ name: String, _ other: String
  ) throws {
    for (suffix, values, longName, units) in [
      ("l1", distances.l1, "integral of |p - q|", "1"),
      (
        "l2", distances.l2, "square root of the integral of (p - q)^2",
        densityUnits == "1" ? "1" : "sqrt(\(densityUnits))"
      ),
      (
        "hellinger", distances.hellinger,
        "Hellinger distance, square root of half the integral of (sqrt(p) - sqrt(q))^2", "1"
      ),
      (
        "kullback_leibler", distances.kullbackLeibler,
        "Kullback-Leibler divergence, integral of p log(p / q) with q not below its accuracy (1e-12 of"
          + " its peak), a lower bound where mass_beyond is not small", "nat"
      ),
      (
        "mass_beyond", distances.massBeyond, "mass of p where q is below its accuracy", "1"
      ),
    ] {
      try variable(
        "\(suffix)_from_\(name)", values, [snapshot],
        "\(longName); p this density, q that \(other)", units: units)
    }
  }

  /// A quantity with a value for each axis: (snapshot) of projections with one.
  private func overAxes(
    _ name: String, _ values: [Double], _ projection: ProjectionDensity, _ longName: String
  ) throws {
    try variable(
      name, values, [snapshot] + (axis.map { [$0] } ?? []), longName,
      units: commonUnits(projection))
  }

  private func commonUnits(_ projection: ProjectionDensity) -> String {
    let units = Set(projection.axes.map(\.units))
    return units.count == 1 ? units.first! : "units of the axis"
  }

  private func matrixUnits(_ projection: ProjectionDensity) -> String {
    let units = Set(projection.axes.map(\.units))
    guard units.count == 1, let unit = units.first else {
      return "product of the units of both axes"
    }
    return unit == "1" ? "1" : "\(unit)2"
  }

  private func variable<Element: NetCDFElement>(
    _ name: String, _ values: [Element], _ dimensions: [NetCDFDimension], _ longName: String,
    units: String = "1"
  ) throws {
    let variable = try file.defineVariable(
      name, Element.self, dimensions, units: units, longName: longName, in: group)
    if name != "step", dimensions.first?.name == snapshot.name {
      try file.nameSteps(of: variable)
    }
    try file.write(values, to: variable)
  }
}
