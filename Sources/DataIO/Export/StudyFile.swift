import Diagnostics

/// STUDY.nc as a file.
public enum StudyFile {
  /// Prefixes of the scores of kernels, and what they are scores of.
  private static let kernels: [(prefix: String, law: String)] = [
    ("nngp", "Bayesian networks (NNGP)"),
    ("ntk_steps", "networks of infinite width after the steps of gradient descent"),
    ("ntk_end", "networks of infinite width at the end of training"),
  ]

  /// Writes the file, complete or not at all.
  ///
  /// - Throws: `Diagnostic(.outputFailure)`.
  package static func write(
    _ record: StudyRecord, metadata: FileMetadata, force: Bool
  ) throws {
    let file = try NetCDFWriter(path: record.path, force: force)
    try file.writeMetadata(
      metadata, title: "Predictions of deep networks of several kinds, of infinite and finite width"
    )
    try file.setAttribute("infinitewidth_file", .text(RecordKind.study.rawValue))
    try file.setAttribute("training_points", .int(record.trainingPoints))
    try file.setAttribute("test_points", .int(record.testPoints))
    try file.setAttribute("steps", .int(record.steps))
    try file.setAttribute("noise_std", .double(record.noiseDeviation))
    let cases = try file.defineDimension("case", length: record.cases.count)
    try file.writeCoordinate(
      Array(record.cases.indices), cases, longName: "number of the network, from 0")
    try file.writeStrings(
      record.cases.map(\.parameterization), "parameterization", cases,
      longName: "parameterization of the network")
    try file.writeStrings(
      record.cases.map(\.widthsText), "base_widths", cases,
      longName: "base widths of the hidden layers, from the first")
    func put(
      _ name: String, _ longName: String, _ dimensions: [NetCDFDimension], _ values: [Double]
    ) throws {
      let variable = try file.defineVariable(name, Double.self, dimensions, longName: longName)
      try file.write(values, to: variable)
    }
    let layers = try file.defineVariable(
      "hidden_layers", Int.self, [cases], longName: "number of hidden layers")
    try file.write(record.cases.map(\.hiddenLayers), to: layers)
    try put(
      "width_ratio", "base width of a hidden layer over that of the one before", [cases],
      record.cases.map(\.widthRatio))
    try put(
      "learning_rate", "learning rate of every parameter", [cases], record.cases.map(\.learningRate)
    )
    for (index, score) in StudyScores.variables.enumerated() {
      for (kernel, values) in zip(
        kernels,
        [record.cases.map(\.bayesian), record.cases.map(\.trained), record.cases.map(\.end)])
      {
        try put(
          "\(kernel.prefix)_\(score.name)", "\(score.longName): mean function of \(kernel.law)",
          [cases], values.map { $0.meanFunction.values[index] })
        try put(
          "\(kernel.prefix)_one_\(score.name)",
          "\(score.longName): expected of one of the \(kernel.law)",
          [cases], values.map { $0.one.values[index] })
      }
    }
    if !record.widths.isEmpty {
      let widths = try file.defineDimension("width", length: record.widths.count)
      try file.writeCoordinate(
        record.widths, widths, longName: "neurons of the first hidden layer")
      let seeds = try file.defineDimension("seed", length: record.seeds)
      try file.writeCoordinate(
        Array(0..<record.seeds), seeds, longName: "number of the network, from 0")
      let networks = record.cases.flatMap(\.networks)
      for (index, score) in StudyScores.variables.enumerated() {
        try put(
          "network_\(score.name)", "\(score.longName): finite networks after the steps",
          [cases, widths, seeds],
          networks.flatMap { $0.members.map { $0.values[index] } })
        try put(
          "mean_network_\(score.name)",
          "\(score.longName): mean function of the finite networks after the steps",
          [cases, widths], networks.map { $0.meanFunction.values[index] })
      }
    }
    try file.finish()
  }

  /// Reads the file.
  ///
  /// - Throws: as ``NetCDFReader``; `Diagnostic(.badInput)` also where a variable has not the dimensions it
  ///   should.
  public static func read(_ path: String) throws -> StudyRecord {
    let file = try NetCDFReader(path: path)
    guard try file.text("infinitewidth_file") == RecordKind.study.rawValue else {
      throw Diagnostic(.badInput, "not a study (written by infwidth study)", file: path)
    }
    let dimensions = DimensionLengths(file: file, group: file.root)
    func numbers(_ name: String, _ expected: [String]) throws -> [Double] {
      try dimensions.check(name, dimensions: expected)
      return try file.read(name)
    }
    func whole(_ name: String, _ expected: [String], from least: Int) throws -> [Int] {
      try dimensions.check(name, dimensions: expected)
      let values = try file.read(name, as: Int.self)
      guard let bad = values.first(where: { $0 < least }) else { return values }
      throw Diagnostic(
        .badInput, "the variable \(name) has the value \(bad); accepted: \(least) or more",
        file: path)
    }
    func attribute(_ name: String) throws -> Int {
      let value = try file.number(name)
      guard let count = value.flatMap(Int.init(exactly:)), count >= 0 else {
        throw Diagnostic(
          .badInput,
          "the attribute \(name) is \(value.map { "\($0)" } ?? "missing"); accepted: a whole number",
          file: path)
      }
      return count
    }
    func scores(_ prefix: String, _ shape: [String]) throws -> [StudyScores] {
      let parts = try StudyScores.variables.map { try numbers("\(prefix)_\($0.name)", shape) }
      return parts[0].indices.map { k in StudyScores(parts.map { $0[k] }) }
    }
    func texts(_ name: String) throws -> [String] {
      try dimensions.check(name, dimensions: ["case"])
      return try file.readStrings(name)
    }
    let parameterizations = try texts("parameterization")
    let widthTexts = try texts("base_widths")
    let layers = try whole("hidden_layers", ["case"], from: 1)
    let ratios = try numbers("width_ratio", ["case"])
    let rates = try numbers("learning_rate", ["case"])
    let laws = try kernels.map { kernel in
      zip(try scores(kernel.prefix, ["case"]), try scores("\(kernel.prefix)_one", ["case"]))
        .map { StudyRecord.Law(meanFunction: $0, one: $1) }
    }
    var widths: [Int] = []
    var seeds = 0
    var members: [StudyScores] = []
    var means: [StudyScores] = []
    if file.hasVariable("width") {
      widths = try whole("width", ["width"], from: 1)
      try checkIncreasing(widths, "width", from: 1, in: file)
      seeds = try file.dimensionLength("seed") ?? 0
      members = try scores("network", ["case", "width", "seed"])
      means = try scores("mean_network", ["case", "width"])
    }
    let cases = try layers.indices.map { k in
      let base = widthTexts[k].split(separator: ",").map {
        Int($0.filter { !$0.isWhitespace }) ?? 0
      }
      guard base.count == layers[k], base.allSatisfy({ $0 >= 1 }) else {
        throw Diagnostic(
          .badInput,
          "the variable base_widths has the text \"\(widthTexts[k])\"; accepted: \(layers[k]) positive"
            + " numbers", file: path)
      }
      return StudyRecord.Case(
        parameterization: parameterizations[k], hiddenLayers: layers[k], widthRatio: ratios[k],
        baseWidths: base, learningRate: rates[k], bayesian: laws[0][k], trained: laws[1][k],
        end: laws[2][k],
        networks: widths.indices.map { w in
          let place = k * widths.count + w
          return StudyRecord.Networks(
            members: Array(members[(place * seeds)..<((place + 1) * seeds)]),
            meanFunction: means[place])
        })
    }
    guard !cases.isEmpty else {
      throw Diagnostic(.badInput, "the study in the file is empty", file: path)
    }
    return StudyRecord(
      path: path, trainingPoints: try attribute("training_points"),
      testPoints: try attribute("test_points"), steps: try attribute("steps"),
      noiseDeviation: try file.number("noise_std") ?? 0, widths: widths, seeds: seeds, cases: cases)
  }
}
