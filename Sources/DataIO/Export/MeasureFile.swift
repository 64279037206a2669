import Diagnostics

/// A law of the weights in a file, its particles at the recorded snapshots read block by block: the group
/// `measure` of RUN.nc, or one of NETS.nc, which holds the nets of one width, pooled over the seeds; of several
/// hidden layers one of the groups in it, the population of a layer.
public final class MeasureFile {
  private let file: NetCDFReader
  private let group: NetCDFGroup
  /// Training steps of the snapshots, in the order of the file.
  public let steps: [Int]
  /// Nets that are pooled; `nil` for the particles of a limit.
  public let seeds: Int?
  /// Particles of the law: of nets, the neurons of all seeds, seed after seed.
  public let particles: Int
  /// Components of a; 0 where the particles have none, below the last of several layers.
  public let outputs: Int
  /// Components of w; 0 where the particles have none, above the first layer.
  public let features: Int
  /// Test points at which preactivations are kept; 0 where none are.
  package let probes: Int

  /// Opens the particles of a limit.
  ///
  /// - Throws: `Diagnostic(.badInput)` where the file has no measure or one of another shape, and as
  ///   ``NetCDFReader``.
  public convenience init(_ path: String) throws {
    let file = try NetCDFReader(path: path)
    let group = try Self.measure(file)
    guard try file.dimensionLength("layer1", in: group) == nil else {
      throw Diagnostic(
        .badInput,
        "the file holds the weights of several hidden layers; accepted: the particles of one",
        file: path)
    }
    try self.init(file, group, areNets: false)
  }

  /// Opens the weights of finite nets of one width.
  ///
  /// - Throws: as ``init(_:)``; `Diagnostic(.badInput)` also where the file has no nets of this width.
  public convenience init(_ path: String, width: Int) throws {
    let file = try NetCDFReader(path: path)
    try self.init(file, try Self.nets(file, width: width), areNets: true)
  }

  /// Opens the population of one of several hidden layers.
  ///
  /// - Parameters:
  ///   - layer: from 1.
  ///   - width: of the nets; `nil` for a limit.
  /// - Throws: as ``init(_:width:)``.
  package convenience init(_ path: String, layer: Int, width: Int? = nil) throws {
    let file = try NetCDFReader(path: path)
    let group = try width.map { try Self.nets(file, width: $0) } ?? Self.measure(file)
    let name = "\(LayerPopulationVariables.prefix)\(layer)"
    guard let own = file.group(name, in: group) else {
      throw Diagnostic(
        .badInput,
        "the file holds no populations of hidden layers (group \(name)); accepted: one that this version made",
        file: path)
    }
    try self.init(
      file, own, areNets: width != nil, isFirst: layer == 1,
      isLast: file.group("\(LayerPopulationVariables.prefix)\(layer + 1)", in: group) == nil)
  }

  private static func measure(_ file: NetCDFReader) throws -> NetCDFGroup {
    guard let group = file.group("measure") else {
      throw Diagnostic(
        .badInput,
        "the file holds no particles: the measure of its limit is frozen at its initial law, or the"
          + " configuration gave no record.snapshots", file: file.path)
    }
    return group
  }

  private static func nets(_ file: NetCDFReader, width: Int) throws -> NetCDFGroup {
    let name = "\(NetsWeightsVariables.prefix)\(width)"
    guard let parent = file.group(NetsWeightsVariables.parent),
      let group = file.group(name, in: parent)
    else {
      throw Diagnostic(
        .badInput, "the file has no group \(NetsWeightsVariables.parent)/\(name)", file: file.path)
    }
    return group
  }

  /// Whether NETS.nc keeps weights of its nets.
  ///
  /// - Throws: as ``NetCDFReader``.
  public static func hasNetworks(_ path: String) throws -> Bool {
    try NetCDFReader(path: path).group(NetsWeightsVariables.parent) != nil
  }

  /// Widths of the nets whose weights NETS.nc keeps, increasing.
  ///
  /// - Throws: `Diagnostic(.badInput)` where it keeps none, and as ``NetCDFReader``.
  public static func widths(_ path: String) throws -> [Int] {
    let file = try NetCDFReader(path: path)
    let prefix = NetsWeightsVariables.prefix
    let widths = try file.group(NetsWeightsVariables.parent).map { parent in
      try file.groupNames(in: parent).compactMap { name in
        // Not width_08 for 8, which would be another group.
        name.hasPrefix(prefix)
          ? Int(name.dropFirst(prefix.count)).flatMap { prefix + String($0) == name ? $0 : nil }
          : nil
      }
    }
    guard let widths, !widths.isEmpty else {
      throw Diagnostic(
        .badInput,
        "the file holds no weights of its nets: the configuration gave no record.snapshots",
        file: path)
    }
    return widths.sorted()
  }

  /// - Parameters:
  ///   - isFirst: whether the particles have w.
  ///   - isLast: whether they have a.
  private init(
    _ file: NetCDFReader, _ group: NetCDFGroup, areNets: Bool, isFirst: Bool = true,
    isLast: Bool = true
  ) throws {
    let dimensions = DimensionLengths(file: file, group: group)
    func check(_ variable: String, _ names: [String]) throws -> [Int] {
      try dimensions.check(variable, dimensions: names)
      return try file.shape(of: variable, in: group).map(\.length)
    }
    _ = try check("step", ["snapshot"])
    _ = try check("mass", ["particle"])
    let leading = (areNets ? ["seed"] : []) + ["snapshot", "particle"]
    var shapes: [String: [Int]] = [:]
    for (variable, last, isThere) in [
      ("output_weight", "output", isLast), ("input_weight", "feature", isFirst),
      ("preactivation", "probe", file.hasVariable("preactivation", in: group)),
    ] where isThere { shapes[variable] = try check(variable, leading + [last]) }
    for variable in ["mass"] + shapes.keys { try file.checkSize(of: variable, in: group) }
    guard let shape = shapes.values.first else {
      throw Diagnostic(.badInput, "the measure in the file is empty", file: file.path)
    }
    seeds = areNets ? shape[0] : nil
    particles = (seeds ?? 1) * shape[leading.count - 1]
    (outputs, features) = (shapes["output_weight"]?.last ?? 0, shapes["input_weight"]?.last ?? 0)
    probes = shapes["preactivation"]?.last ?? 0
    steps = try file.read("step", as: Int.self, in: group)
    try checkIncreasing(steps, "step", from: 0, in: file)
    guard !steps.isEmpty, particles > 0, shapes.values.allSatisfy({ $0.last! > 0 }) else {
      throw Diagnostic(.badInput, "the measure in the file is empty", file: file.path)
    }
    self.file = file
    self.group = group
  }

  /// Masses of consecutive particles; those of nets are divided by the number of seeds, so that the masses
  /// of all particles sum to one.
  public func masses(first: Int, count: Int) throws -> [Double] {
    let nets = Double(seeds ?? 1)
    return try parts(first: first, count: count).flatMap { part in
      try file.read("mass", in: group, start: [part.first], count: [part.count]).map { $0 / nets }
    }
  }

  /// Weights of consecutive particles at one snapshot: (particle, output) and (particle, feature), each empty where
  /// the particles have none.
  public func weights(
    snapshot: Int, first: Int, count: Int
  ) throws -> (output: [Double], input: [Double]) {
    (
      try numbers("output_weight", outputs, snapshot: snapshot, first: first, count: count),
      try numbers("input_weight", features, snapshot: snapshot, first: first, count: count)
    )
  }

  /// Preactivations of consecutive particles at one snapshot: (particle, probe).
  package func preactivations(snapshot: Int, first: Int, count: Int) throws -> [Double] {
    try numbers("preactivation", probes, snapshot: snapshot, first: first, count: count)
  }

  private func numbers(
    _ variable: String, _ components: Int, snapshot: Int, first: Int, count: Int
  ) throws -> [Double] {
    guard components > 0 else { return [] }
    return try parts(first: first, count: count).flatMap { part in
      let seed = seeds == nil ? [] : [part.seed]
      return try file.read(
        variable, in: group, start: seed + [snapshot, part.first, 0],
        count: seed.map { _ in 1 } + [1, part.count, components])
    }
  }

  /// The parts of a range of particles that belong to one net each.
  private func parts(first: Int, count: Int) -> [(seed: Int, first: Int, count: Int)] {
    let width = particles / (seeds ?? 1)
    var parts: [(seed: Int, first: Int, count: Int)] = []
    var next = first
    while next < first + count {
      let (seed, place) = next.quotientAndRemainder(dividingBy: width)
      let size = min(width - place, first + count - next)
      parts.append((seed, place, size))
      next += size
    }
    return parts
  }
}
