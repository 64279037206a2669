import Diagnostics

extension ComparisonRecord {
  /// Reads CMP.nc.
  ///
  /// - Throws: as ``NetCDFReader``; `Diagnostic(.badInput)` also where the file is no comparison and
  ///   where a variable has not the dimensions it should.
  public static func read(_ path: String) throws -> ComparisonRecord {
    let file = try NetCDFReader(path: path)
    guard try file.text("infinitewidth_file") == RecordKind.comparison.rawValue else {
      throw Diagnostic(.badInput, "not a comparison (written by infwidth compare)", file: path)
    }
    var names: [String] = []
    if file.hasVariable("scaling") {
      names = try ScalingGroupReading(file, file.root).texts("scaling", ["scaling"])
    }
    let groups = try names.map { name in
      let identifier = ScalingComparison.identifier(of: name)
      guard let group = file.group(identifier) else {
        throw Diagnostic(.badInput, "the file has no group \(identifier)", file: path)
      }
      return group
    }
    return ComparisonRecord(
      path: path, title: try file.text("figure_title") ?? "",
      referenceWidth: try file.referenceWidth ?? 0,
      scalings: try (groups.isEmpty ? [file.root] : groups).map {
        try ScalingGroupReading(file, $0).read()
      }, ranking: names.isEmpty ? nil : try ranking(file, names), lossName: try file.text("loss"),
      notes: names.count < 2
        ? [] : (try file.text("comment") ?? "").split(separator: "\n").map(String.init))
  }

  private static func ranking(
    _ file: NetCDFReader, _ scalings: [String]
  ) throws -> ReferenceRanking {
    let group = ScalingGroupReading(file, file.root)
    let prefix = "best_"
    let criteria = try file.variableNames().filter { $0.hasPrefix(prefix) }
      .map { String($0.dropFirst(prefix.count)) }
    let suffix = " at the reference width"
    let steps: [Int] = try group.numbers("step", ["step"])
    try checkIncreasing(steps, "step", from: 0, in: file)
    return ReferenceRanking(
      scalings: scalings, steps: steps,
      criteria: try criteria.map { name in
        let best: [Int] = try group.numbers("best_\(name)", ["step"])
        if let number = best.first(where: { !(-1..<scalings.count).contains($0) }) {
          throw Diagnostic(
            .badInput,
            "the variable best_\(name) has the value \(number); accepted: -1 to"
              + " \(scalings.count - 1)", file: file.path)
        }
        let value = "reference_\(name)"
        let long = try file.text("long_name", of: value) ?? name
        return .init(
          name: name,
          longName: long.hasSuffix(suffix) ? String(long.dropLast(suffix.count)) : long,
          units: try file.text("units", of: value) ?? "1",
          values: try group.numbers(value, ["scaling", "step"]),
          standardErrors: try group.numbers("\(value)_stderr", ["scaling", "step"]),
          best: best,
          ties: try group.numbers("ties_\(name)", ["scaling", "step"]).map { $0 == 1 },
          floors: try group.numbers("\(value)_floor", ["scaling", "step"]),
          atFloor: try group.numbers("at_floor_\(name)", ["scaling", "step"]).map { $0 == 1 })
      })
  }
}

/// One scaling's group read back.
private struct ScalingGroupReading {
  let file: NetCDFReader
  let group: NetCDFGroup
  private let dimensions: DimensionLengths

  init(_ file: NetCDFReader, _ group: NetCDFGroup) {
    (self.file, self.group) = (file, group)
    dimensions = DimensionLengths(file: file, group: group)
  }

  func read() throws -> ScalingComparison {
    let comment = try text("comment")
    var scaling = ScalingComparison(
      name: try text("scaling"), title: try text("limit_title"),
      limit: LimitDescription(
        name: try text("limit"), alpha: try number("alpha"), beta: try number("beta"),
        gamma: try number("gamma")),
      particles: Int(exactly: try number("particles")) ?? 0,
      widths: try numbers("width", ["width"]), seeds: try numbers("seed", ["seed"]),
      realizations: try length(.realization), steps: try numbers("step", ["step"]),
      snapshots: try numbers("snapshot", ["snapshot"]),
      projections: try texts("projection", ["projection"]),
      testPoints: try length(.test), outputs: try length(.output), bins: try length(.bin),
      notes: comment.isEmpty ? [] : comment.split(separator: "\n").map(String.init))
    try checkIncreasing(scaling.widths, "width", from: 1, in: file)
    try checkIncreasing(scaling.steps, "step", from: 0, in: file)
    for dimension in [ComparisonDimension.width, .seed, .realization, .output]
    where scaling.length(dimension) == 0 {
      throw Diagnostic(
        .badInput, "the dimension \(dimension.rawValue) is empty; accepted: one entry or more",
        file: file.path)
    }
    scaling.rates = try rates()
    scaling.arrays = try arrays(of: scaling)
    try ComparisonShapes(scaling).check(path: file.path)
    return scaling
  }

  /// All variables whose dimensions are those of ``ComparisonDimension``, but for coordinates.
  private func arrays(of scaling: ScalingComparison) throws -> [ComparisonArray] {
    try file.variableNames(in: group).compactMap { name in
      let shape = try file.shape(of: name, in: group)
      let dimensions = shape.compactMap { ComparisonDimension(rawValue: $0.name) }
      guard dimensions.count == shape.count, ComparisonDimension(rawValue: name) == nil else {
        return nil
      }
      for (dimension, (_, length)) in zip(dimensions, shape)
      where length != scaling.length(dimension) {
        throw Diagnostic(
          .badInput,
          "the variable \(name) has \(length) entries along \(dimension.rawValue); expected:"
            + " \(scaling.length(dimension))", file: file.path)
      }
      return ComparisonArray(
        name, dimensions, units: try text("units", of: name),
        longName: try text("long_name", of: name), values: try file.read(name, in: group),
        comment: try optionalText("comment", of: name))
    }
  }

  private func rates() throws -> [ComparedRate] {
    let metrics = try texts("metric", ["metric"])
    let widths = try file.dimensionLength("width", in: group) ?? 0
    func column(_ name: String) throws -> [Double] { try numbers(name, ["metric"]) }
    let steps: [Int] = try numbers("rate_step", ["metric"])
    let fittedWidths: [Int] = try numbers("rate_fitted_widths", ["metric"])
    let (rate, error, predicted) = (
      try column("rate"), try column("rate_stderr"), try column("rate_predicted")
    )
    let (intercept, chiSquare, limitError) = (
      try column("rate_intercept"), try column("rate_chi_square"), try column("rate_limit_error")
    )
    let tables: [[Double]] = try [
      "rate_value", "rate_value_stderr", "rate_value_floor",
    ].map { try numbers($0, ["metric", "width"]) }
    let fitted: [[Double]] = try ["rate_fitted_log", "rate_fitted_log_stderr"].map {
      try numbers($0, ["metric", "width"])
    }
    let sources = try texts("rate_predicted_source", ["metric"])
    let verdicts = try texts("rate_verdict", ["metric"])
    return metrics.indices.map { i in
      let row = (i * widths)..<((i + 1) * widths)
      return ComparedRate(
        metric: metrics[i], step: steps[i], values: Array(tables[0][row]),
        standardErrors: Array(tables[1][row]), floors: Array(tables[2][row]),
        limitError: limitError[i], rate: rate[i], rateStandardError: error[i],
        intercept: intercept[i], chiSquare: chiSquare[i], fittedWidths: fittedWidths[i],
        predicted: predicted[i], predictionSource: sources[i], verdict: verdicts[i],
        fittedLogarithms: Array(fitted[0][row]), fittedErrors: Array(fitted[1][row]))
    }
  }

  func numbers<Element: NetCDFElement>(
    _ variable: String, _ expected: [String]
  ) throws -> [Element] {
    try dimensions.check(variable, dimensions: expected)
    return try file.read(variable, as: Element.self, in: group)
  }

  func texts(_ variable: String, _ expected: [String]) throws -> [String] {
    try dimensions.check(variable, dimensions: expected)
    return try file.readStrings(variable, in: group)
  }

  private func length(_ dimension: ComparisonDimension) throws -> Int {
    try file.dimensionLength(dimension.rawValue, in: group) ?? 0
  }

  private func optionalText(_ name: String, of variable: String? = nil) throws -> String? {
    guard case .text(let text)? = try file.attribute(name, of: variable, in: group) else {
      return nil
    }
    return text
  }

  private func text(_ name: String, of variable: String? = nil) throws -> String {
    try optionalText(name, of: variable) ?? ""
  }

  private func number(_ name: String) throws -> Double {
    switch try file.attribute(name, in: group) {
    case .double(let number)?: number
    case .int(let number)?: Double(number)
    default: .nan
    }
  }
}
