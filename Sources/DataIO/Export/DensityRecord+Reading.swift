import Diagnostics

extension DensityRecord {
  /// Reads DENSITY.nc.
  ///
  /// - Throws: as ``NetCDFReader``; `Diagnostic(.badInput)` also where a variable has not the
  ///   dimensions it should.
  public static func read(_ path: String) throws -> DensityRecord {
    let file = try NetCDFReader(path: path)
    guard try file.text("infinitewidth_file") == RecordKind.density.rawValue else {
      throw Diagnostic(
        .badInput, "not a file of densities (written by infwidth density)", file: path)
    }
    var projections = try densities(file, in: file.root)
    let prefix = DensityFile.netsPrefix
    let widths = try file.groupNames().compactMap { name in
      name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }
    for width in widths.sorted() {
      let parent = try file.requiredGroup("\(prefix)\(width)")
      guard try file.attribute("projection", in: parent) == nil else { continue }
      var seeds: Int?
      if case .int(let number)? = try file.attribute("seeds", in: parent) { seeds = number }
      projections += try densities(file, in: parent).map { density in
        var density = density
        (density.width, density.seeds) = (width, seeds)
        return density
      }
    }
    var record = DensityRecord(
      path: path, title: try file.text("figure_title") ?? "", projections: projections)
    try checkCommonGrids(record)
    record.directions = try directions(file)
    return record
  }

  /// Figures draw the laws of a limit and of nets along one projection in common axes, step by step.
  private static func checkCommonGrids(_ record: DensityRecord) throws {
    var first: [String: ProjectionDensity] = [:]
    for projection in record.projections {
      guard let other = first[projection.identifier] else {
        first[projection.identifier] = projection
        continue
      }
      guard projection.axes.map(\.points) == other.axes.map(\.points),
        projection.steps == other.steps
      else {
        throw Diagnostic(
          .badInput,
          "the densities along \(projection.identifier) are not all on one grid at the same steps",
          file: record.path)
      }
    }
  }

  /// The groups of projections within a group.
  private static func densities(
    _ file: NetCDFReader, in parent: NetCDFGroup
  ) throws -> [ProjectionDensity] {
    try file.groupNames(in: parent).compactMap { name -> ProjectionDensity? in
      let group = try file.requiredGroup(name, in: parent)
      return try file.attribute("projection", in: group) == nil
        ? nil : try DensityGroupReading(file, group, name: name).read()
    }
  }

  private static func directions(_ file: NetCDFReader) throws -> [Direction] {
    guard let group = file.group("directions") else { return [] }
    return try file.variableNames(in: group).map { name in
      var longName = ""
      if case .text(let text)? = try file.attribute("long_name", of: name, in: group) {
        longName = text.replacing("unit vector along ", with: "")
      }
      return Direction(
        identifier: name, longName: longName, values: try file.read(name, in: group))
    }
  }
}

/// One projection's group read back.
private struct DensityGroupReading {
  let file: NetCDFReader
  let group: NetCDFGroup
  let name: String
  /// Of all dimensions: a variable's may have the name of another one, further out in the file.
  private let dimensions: DimensionLengths
  /// The names of the axes.
  private let names: [String]

  init(_ file: NetCDFReader, _ group: NetCDFGroup, name: String) throws {
    let shape = try file.shape(of: "density", in: group)
    guard (2...4).contains(shape.count), shape[0].name == "snapshot" else {
      throw Diagnostic(
        .badInput,
        "\(name)/density has the dimensions \(shape.map(\.name).joined(separator: ", ")); expected:"
          + " snapshot and one to three axes", file: file.path)
    }
    guard shape[0].length > 0 else {
      throw Diagnostic(.badInput, "\(name)/density has no snapshot", file: file.path)
    }
    (self.file, self.group, self.name) = (file, group, name)
    names = shape.dropFirst().map(\.name)
    dimensions = DimensionLengths(
      shape + [("axis", names.count), ("axis_column", names.count)], file: file, group: group,
      prefix: "\(name)/")
  }

  func read() throws -> ProjectionDensity {
    let k = names.count
    var result = ProjectionDensity(
      identifier: name, expression: try text("projection"), axes: try names.map(axis),
      steps: try numbers("step", ["snapshot"], Int.self),
      density: try file.read("density", in: group))
    guard result.density.allSatisfy(\.isFinite) else {
      throw Diagnostic(
        .badInput, "\(name)/density has numbers that are not finite", file: file.path)
    }
    let snapshotAxis = k == 1 ? ["snapshot"] : ["snapshot", "axis"]
    result.estimator = try text("estimator")
    result.bandwidthRule = try text("bandwidth_rule")
    let bandwidth = try numbers("bandwidth", snapshotAxis, Double.self)
    result.bandwidthMatrix =
      k == 1
      ? bandwidth.map { $0 * $0 }
      : try numbers("bandwidth_matrix", ["snapshot", "axis", "axis_column"], Double.self)
    result.effectiveSampleSize = try numbers("effective_sample_size", ["snapshot"], Double.self)
    result.outsideCount = try numbers("outside_count", ["snapshot"], Int.self)
    result.outsideMass = try numbers("outside_mass", ["snapshot"], Double.self)
    result.mean = try numbers("mean", snapshotAxis, Double.self)
    result.standardDeviation = try numbers("standard_deviation", snapshotAxis, Double.self)
    result.entropy = try numbers("entropy", ["snapshot"], Double.self)
    result.modes = try modes(axes: k, snapshots: result.steps.count)
    if file.hasVariable("cumulative", in: group) {
      result.cumulative = try numbers("cumulative", ["snapshot"] + names, Double.self)
      result.quantileLevels = try numbers("level", ["level"], Double.self)
      result.quantiles = try numbers("quantile", ["snapshot", "level"], Double.self)
    }
    result.fromFirst = try distances("first")
    if file.hasVariable("l1_from_limit", in: group) { result.fromLimit = try distances("limit") }
    if file.hasVariable("l1_from_other", in: group) { result.fromOther = try distances("other") }
    return result
  }

  private func axis(_ name: String) throws -> ProjectionDensity.Axis {
    func attribute(_ key: String) throws -> AttributeValue? {
      try file.attribute(key, of: name, in: group)
    }
    func word(_ key: String) throws -> String {
      if case .text(let text)? = try attribute(key) { text } else { "" }
    }
    func number(_ key: String) throws -> Double? {
      if case .double(let number)? = try attribute(key) { number } else { nil }
    }
    let points = try numbers(name, [name], Double.self)
    guard points.count >= 2, points.allSatisfy(\.isFinite),
      zip(points, points.dropFirst()).allSatisfy({ $0 < $1 })
    else {
      throw Diagnostic(
        .badInput, "\(self.name)/\(name) is no grid: its points do not increase", file: file.path)
    }
    return ProjectionDensity.Axis(
      identifier: name, label: try word("expression"), longName: try word("long_name"),
      units: try word("units"), points: points, lowerBound: try number("reflected_below"),
      upperBound: try number("reflected_above"))
  }

  private func modes(axes: Int, snapshots: Int) throws -> [[ProjectionDensity.Mode]] {
    guard file.hasVariable("mode_position", in: group) else {
      return Array(repeating: [], count: snapshots)
    }
    let counts = try numbers("mode_count", ["snapshot"], Int.self)
    let positions = try numbers(
      "mode_position", ["snapshot", "mode"] + (axes == 1 ? [] : ["axis"]), Double.self)
    let densities = try numbers("mode_density", ["snapshot", "mode"], Double.self)
    let prominences = try numbers("mode_prominence", ["snapshot", "mode"], Double.self)
    let most = densities.count / max(1, snapshots)
    return counts.enumerated().map { snapshot, count in
      (0..<min(max(count, 0), most)).map { mode in
        let entry = snapshot * most + mode
        return ProjectionDensity.Mode(
          position: Array(positions[(entry * axes)..<((entry + 1) * axes)]),
          density: densities[entry], prominence: prominences[entry])
      }
    }
  }

  private func distances(_ name: String) throws -> ProjectionDensity.Distances {
    var result = ProjectionDensity.Distances()
    result.l1 = try numbers("l1_from_\(name)", ["snapshot"], Double.self)
    result.l2 = try numbers("l2_from_\(name)", ["snapshot"], Double.self)
    result.hellinger = try numbers("hellinger_from_\(name)", ["snapshot"], Double.self)
    result.kullbackLeibler = try numbers("kullback_leibler_from_\(name)", ["snapshot"], Double.self)
    result.massBeyond = try numbers("mass_beyond_from_\(name)", ["snapshot"], Double.self)
    return result
  }

  private func text(_ attribute: String) throws -> String {
    guard case .text(let text)? = try file.attribute(attribute, in: group) else {
      throw Diagnostic(
        .badInput, "the group \(name) has no attribute \(attribute)", file: file.path)
    }
    return text
  }

  private func numbers<Element: NetCDFElement>(
    _ variable: String, _ expected: [String], _ type: Element.Type
  ) throws -> [Element] {
    try dimensions.check(variable, dimensions: expected)
    return try file.read(variable, as: type, in: group)
  }
}
