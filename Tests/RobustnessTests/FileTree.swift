import InfiniteWidth

/// A NetCDF file in memory, to be written again with changes.
struct FileTree {
  struct Variable {
    enum Values {
      case numbers([Double])
      case texts([String])

      var count: Int {
        switch self {
        case .numbers(let values): values.count
        case .texts(let values): values.count
        }
      }
    }

    var name: String
    var dimensions: [String]
    var values: Values
    var isWhole: Bool
    var attributes: [String: AttributeValue]
  }

  var name = ""
  var dimensions: [(name: String, length: Int)] = []
  var variables: [Variable] = []
  var attributes: [String: AttributeValue] = [:]
  var groups: [FileTree] = []

  private static let attributeNames = [
    "infinitewidth_file", "config", "config_path", "history", "source", "seed", "limit", "alpha",
    "beta", "gamma", "particles", "replicates", "realizations", "reference_width", "experiment",
    "scaling", "dynamics", "loss", "figure_title", "limit_title", "comment", "units", "long_name",
    "projection", "estimator", "bandwidth_rule", "expression", "reflected_below",
    "reflected_above", "seeds", "run", "nets", "training_data_fingerprint", "tolerance", "rank",
    "precision", "design", "diverged_at_step", "training_points", "test_points", "steps",
    "noise_std", "learning_rate", "largest_stable_learning_rate", "nngp_directions_left_out",
    "nngp_target_share_left_out", "nngp_minimum_eigenvalue", "training_inputs_fingerprint",
    "test_inputs_fingerprint", "test_data_fingerprint",
  ]

  init(_ path: String) throws {
    try self.init(NetCDFReader(path: path), nil, "")
  }

  private init(_ file: NetCDFReader, _ group: NetCDFGroup?, _ name: String) throws {
    self.name = name
    for attribute in Self.attributeNames {
      attributes[attribute] = try file.attribute(attribute, in: group)
    }
    for name in try file.variableNames(in: group) {
      let shape = try file.shape(of: name, in: group)
      for dimension in shape where !dimensions.contains(where: { $0.name == dimension.name }) {
        dimensions.append(dimension)
      }
      var own: [String: AttributeValue] = [:]
      for attribute in Self.attributeNames {
        own[attribute] = try file.attribute(attribute, of: name, in: group)
      }
      let values: Variable.Values
      if let texts = try? file.readStrings(name, in: group) {
        values = .texts(texts)
      } else {
        values = .numbers(try file.read(name, in: group))
      }
      var isWhole = false
      if case .numbers(let numbers) = values {
        isWhole = numbers.allSatisfy { $0 == $0.rounded() } && Self.isCount(name)
      }
      variables.append(
        Variable(
          name: name, dimensions: shape.map(\.name), values: values, isWhole: isWhole,
          attributes: own))
    }
    // Dimensions that no variable of the group has.
    for name in ["update", "test", "train", "output", "probe", "seed", "width", "step"]
    where group == nil && !dimensions.contains(where: { $0.name == name }) {
      if let length = try file.dimensionLength(name) { dimensions.append((name, length)) }
    }
    groups = try file.groupNames(in: group).compactMap { name in
      try file.group(name, in: group).map { try FileTree(file, $0, name) }
    }
  }

  private static func isCount(_ name: String) -> Bool {
    ["step", "width", "seed", "snapshot", "diverged_at_step", "outside_count", "mode_count"]
      .contains(name) || name.hasPrefix("best_") || name.hasPrefix("ties_")
      || name.hasPrefix("rate_step") || name == "rate_fitted_widths"
  }

  /// - Throws: as `NetCDFWriter`, also where names are taken twice: then there is no such file.
  func write(_ path: String) throws {
    let file = try NetCDFWriter(path: path, force: true)
    try write(file, nil, [:])
    try file.finish()
  }

  private func write(
    _ file: NetCDFWriter, _ group: NetCDFGroup?, _ outer: [String: NetCDFDimension]
  ) throws {
    var known = outer
    for (name, length) in dimensions {
      known[name] = try file.defineDimension(name, length: length, in: group)
    }
    for (name, value) in attributes { try file.setAttribute(name, value, in: group) }
    for variable in variables {
      try write(variable, variable.dimensions.compactMap { known[$0] }, file, group)
    }
    for inner in groups {
      try inner.write(file, file.defineGroup(inner.name, in: group), known)
    }
  }

  /// Values of a variable that are written.
  private static let mostFilled = 1 << 20

  private func write(
    _ variable: Variable, _ dimensions: [NetCDFDimension], _ file: NetCDFWriter,
    _ group: NetCDFGroup?
  ) throws {
    func units(_ name: String) -> String {
      if case .text(let text)? = variable.attributes[name] { text } else { "1" }
    }
    switch variable.values {
    case .texts(let texts):
      guard dimensions.count == 1, dimensions[0].length <= Self.mostFilled else { return }
      let filled = (0..<dimensions[0].length).map { texts.isEmpty ? "" : texts[$0 % texts.count] }
      try file.writeStrings(
        filled, variable.name, dimensions[0], longName: units("long_name"), in: group)
    case .numbers(let numbers):
      let total = dimensions.reduce(1) { $0 * $1.length }
      // What does not fill the shape is repeated; huge shapes are left as they are.
      let filled = (0..<(total > Self.mostFilled ? 0 : total)).map {
        numbers.isEmpty ? 0 : numbers[$0 % numbers.count]
      }
      let whole = filled.compactMap(Int.init(exactly:))
      let isWhole = variable.isWhole && whole.count == filled.count
      let defined =
        isWhole
        ? try file.defineVariable(
          variable.name, Int.self, dimensions, units: units("units"), longName: units("long_name"),
          in: group)
        : try file.defineVariable(
          variable.name, Double.self, dimensions, units: units("units"),
          longName: units("long_name"), in: group)
      for (name, value) in variable.attributes where name != "units" && name != "long_name" {
        try file.setAttribute(name, value, of: defined)
      }
      guard total <= Self.mostFilled else { return }
      if isWhole {
        try file.write(whole, to: defined)
      } else {
        try file.write(filled, to: defined)
      }
    }
  }
}
