import Diagnostics

/// Writes CMP.nc.
package enum ComparisonFile {
  /// Writes the file, complete or not at all.
  ///
  /// - Throws: as `NetCDFWriter`.
  package static func write(
    _ record: ComparisonRecord, metadata: FileMetadata, force: Bool
  ) throws {
    let file = try NetCDFWriter(path: record.path, force: force)
    try file.writeMetadata(
      metadata, title: "Finite neural networks beside their infinite-width limit")
    try file.setAttribute("infinitewidth_file", .text(RecordKind.comparison.rawValue))
    try file.setAttribute("figure_title", .text(record.title))
    try file.setAttribute("reference_width", .int(record.referenceWidth))
    try file.setAttribute(
      "scalings", .text(record.scalings.map(\.name).joined(separator: "; ")))
    if record.scalings.count == 1 {
      try ComparisonGroup(file, file.root, record.scalings[0]).write()
    } else {
      if !record.notes.isEmpty {
        try file.setAttribute("comment", .text(record.notes.joined(separator: "\n")))
      }
      for scaling in record.scalings {
        let group = try file.defineGroup(scaling.identifier)
        try ComparisonGroup(file, group, scaling).write()
      }
    }
    if let ranking = record.ranking { try write(ranking, file) }
    try file.finish()
  }

  private static func write(_ ranking: ReferenceRanking, _ file: NetCDFWriter) throws {
    let scaling = try file.defineDimension("scaling", length: ranking.scalings.count)
    let step = try file.defineDimension("step", length: ranking.steps.count)
    try file.writeStrings(
      ranking.scalings, "scaling", scaling, longName: "scaling whose limit is compared")
    let steps = try file.defineVariable(
      "step", Int.self, [step], longName: "training step")
    try file.write(ranking.steps, to: steps)
    for criterion in ranking.criteria {
      let name = "reference_\(criterion.name)"
      let long = "\(criterion.longName) at the reference width"
      let value = try file.defineVariable(
        name, Double.self, [scaling, step], units: criterion.units, longName: long)
      try file.write(criterion.values, to: value)
      let error = try file.defineVariable(
        "\(name)_stderr", Double.self, [scaling, step], units: criterion.units,
        longName: "standard error of \(long)")
      try file.write(criterion.standardErrors, to: error)
      let best = try file.defineVariable(
        "best_\(criterion.name)", Int.self, [step],
        longName:
          "number of the scaling of the smallest \(long); -1 where fewer than two have one, no errors are known, or its"
          + " standard error is larger than it and than its floor"
      )
      try file.write(criterion.best, to: best)
      let ties = try file.defineVariable(
        "ties_\(criterion.name)", Int.self, [scaling, step],
        longName: "1 where the scaling is the best or within two standard errors of it")
      try file.write(criterion.ties.map { $0 ? 1 : 0 }, to: ties)
      let floor = try file.defineVariable(
        "\(name)_floor", Double.self, [scaling, step], units: criterion.units,
        longName:
          "expectation of \(long) where networks and limit have the same law, from so many seeds and"
          + " realizations and with the limit's own error")
      try file.write(criterion.floors, to: floor)
      let atFloor = try file.defineVariable(
        "at_floor_\(criterion.name)", Int.self, [scaling, step],
        longName:
          "1 where \(long) is not above its floor by more than two standard errors, or by more than 1e-12 of the"
          + " largest value of the step: the limit cannot be told from the networks")
      try file.write(criterion.atFloor.map { $0 ? 1 : 0 }, to: atFloor)
    }
  }
}

/// One scaling's group while it is written.
private struct ComparisonGroup {
  let file: NetCDFWriter
  let group: NetCDFGroup
  let scaling: ScalingComparison

  init(_ file: NetCDFWriter, _ group: NetCDFGroup, _ scaling: ScalingComparison) {
    self.file = file
    self.group = group
    self.scaling = scaling
  }

  func write() throws {
    let limit = scaling.limit
    for (name, value) in [
      ("scaling", AttributeValue.text(scaling.name)), ("limit", .text(limit.name)),
      ("limit_title", .text(scaling.title)), ("alpha", .double(limit.alpha)),
      ("beta", .double(limit.beta)), ("gamma", .double(limit.gamma)),
      ("particles", .int(scaling.particles)),
    ] {
      try file.setAttribute(name, value, in: group)
    }
    if !scaling.notes.isEmpty {
      try file.setAttribute("comment", .text(scaling.notes.joined(separator: "\n")), in: group)
    }
    var dimensions: [ComparisonDimension: NetCDFDimension] = [:]
    for dimension in ComparisonDimension.allCases {
      dimensions[dimension] = try file.defineDimension(
        dimension.rawValue, length: scaling.length(dimension), in: group)
    }
    try coordinate("width", scaling.widths, dimensions[.width]!, "width of the hidden layer")
    try coordinate("seed", scaling.seeds, dimensions[.seed]!, "number of the seed")
    try coordinate("step", scaling.steps, dimensions[.step]!, "training step")
    try coordinate(
      "snapshot", scaling.snapshots, dimensions[.snapshot]!,
      "training step at which laws of the weights are compared")
    try file.writeStrings(
      scaling.projections, "projection", dimensions[.projection]!,
      longName: "axis of a one-dimensional law of the weights", in: group)
    for array in scaling.arrays {
      let variable = try file.defineVariable(
        array.name, Double.self, array.dimensions.map { dimensions[$0]! }, units: array.units,
        longName: array.longName, in: group)
      try file.write(array.values, to: variable)
      if let comment = array.comment {
        try file.setAttribute("comment", .text(comment), of: variable)
      }
    }
    try writeRates(dimensions[.width]!)
  }

  private func writeRates(_ width: NetCDFDimension) throws {
    let rates = scaling.rates
    let metric = try file.defineDimension("metric", length: rates.count, in: group)
    try file.writeStrings(
      rates.map(\.metric), "metric", metric, longName: "metric whose rate is fitted", in: group)
    try coordinate(
      "rate_step", rates.map(\.step), metric, "training step at which the rate is fitted")
    let numbers: [(String, [Double], String)] = [
      ("rate", rates.map(\.rate), "fitted exponent of the metric in the width"),
      (
        "rate_stderr", rates.map(\.rateStandardError),
        "standard error of the fitted exponent, by the bootstrap over seeds"
      ),
      ("rate_predicted", rates.map(\.predicted), "predicted exponent"),
      (
        "rate_intercept", rates.map(\.intercept),
        "natural logarithm of the fitted metric at width 1"
      ),
      ("rate_chi_square", rates.map(\.chiSquare), "weighted sum of squared residuals of the fit"),
      (
        "rate_limit_error", rates.map(\.limitError),
        "error of the limit's simulation in the metric at the step of the fit"
      ),
    ]
    for (name, values, longName) in numbers {
      let variable = try file.defineVariable(
        name, Double.self, [metric], longName: longName, in: group)
      try file.write(values, to: variable)
    }
    for (name, values, longName) in [
      ("rate_value", rates.flatMap(\.values), "metric at the step of the fit"),
      (
        "rate_value_stderr", rates.flatMap(\.standardErrors),
        "standard error over seeds of the metric at the step of the fit"
      ),
      (
        "rate_value_floor", rates.flatMap(\.floors),
        "sampling floor of the metric at the step of the fit, between independent networks"
      ),
      (
        "rate_fitted_log", rates.flatMap(\.fittedLogarithms),
        "natural logarithm of the metric at the step of the fit, less what the fit takes off; missing where the"
          + " width is not fitted"
      ),
      (
        "rate_fitted_log_stderr", rates.flatMap(\.fittedErrors),
        "error e of rate_fitted_log (y), whose inverse square is the weight of the width in the fit:"
          + " rate_chi_square is the sum over fitted widths of ((y - rate_intercept - rate log(width)) / e)^2"
      ),
    ] {
      let variable = try file.defineVariable(
        name, Double.self, [metric, width], longName: longName, in: group)
      try file.write(values, to: variable)
    }
    try coordinate(
      "rate_fitted_widths", rates.map(\.fittedWidths), metric, "widths that the fit is made of")
    try file.writeStrings(
      rates.map(\.predictionSource), "rate_predicted_source", metric,
      longName: "where the predicted exponent comes from", in: group)
    try file.writeStrings(
      rates.map(\.verdict), "rate_verdict", metric,
      longName: "what the fitted exponent says of the predicted one", in: group)
  }

  private func coordinate(
    _ name: String, _ values: [Int], _ dimension: NetCDFDimension, _ longName: String
  ) throws {
    let variable = try file.defineVariable(
      name, Int.self, [dimension], longName: longName, in: group)
    try file.write(values, to: variable)
  }
}
