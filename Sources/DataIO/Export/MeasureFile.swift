import Diagnostics

/// A law of the weights in a file, its particles at the recorded snapshots read block by block: the group
/// `measure` of RUN.nc, or one of NETS.nc, which holds the nets of one width, pooled over the seeds.
public final class MeasureFile {
  private let file: NetCDFReader
  private let group: NetCDFGroup
  /// Training steps of the snapshots, in the order of the file.
  public let steps: [Int]
  /// Nets that are pooled; `nil` for the particles of a limit.
  public let seeds: Int?
  /// Particles of the law: of nets, the neurons of all seeds, seed after seed.
  public let particles: Int
  /// Components of a.
  public let outputs: Int
  /// Components of w.
  public let features: Int

  /// Opens the particles of a limit.
  ///
  /// - Throws: `Diagnostic(.badInput)` where the file has no measure or one of another shape, and as
  ///   ``NetCDFReader``.
  public convenience init(_ path: String) throws {
    let file = try NetCDFReader(path: path)
    guard let group = file.group("measure") else {
      throw Diagnostic(
        .badInput,
        "the file holds no particles: the measure of its limit is frozen at its initial law, or the"
          + " configuration gave no record.snapshots", file: path)
    }
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
    let name = "\(NetsWeightsVariables.prefix)\(width)"
    guard let parent = file.group(NetsWeightsVariables.parent),
      let group = file.group(name, in: parent)
    else {
      throw Diagnostic(
        .badInput, "the file has no group \(NetsWeightsVariables.parent)/\(name)", file: path)
    }
    try self.init(file, group, areNets: true)
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

  private init(_ file: NetCDFReader, _ group: NetCDFGroup, areNets: Bool) throws {
    let dimensions = DimensionLengths(file: file, group: group)
    func check(_ variable: String, _ names: [String]) throws -> [Int] {
      try dimensions.check(variable, dimensions: names)
      return try file.shape(of: variable, in: group).map(\.length)
    }
    _ = try check("step", ["snapshot"])
    _ = try check("mass", ["particle"])
    let leading = (areNets ? ["seed"] : []) + ["snapshot", "particle"]
    let output = try check("output_weight", leading + ["output"])
    let input = try check("input_weight", leading + ["feature"])
    for variable in ["mass", "output_weight", "input_weight"] {
      try file.checkSize(of: variable, in: group)
    }
    seeds = areNets ? output[0] : nil
    particles = (seeds ?? 1) * output[leading.count - 1]
    (outputs, features) = (output[leading.count], input[leading.count])
    steps = try file.read("step", as: Int.self, in: group)
    try checkIncreasing(steps, "step", from: 0, in: file)
    guard !steps.isEmpty, particles > 0, outputs > 0, features > 0 else {
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

  /// Weights of consecutive particles at one snapshot: (particle, output) and (particle, feature).
  public func weights(
    snapshot: Int, first: Int, count: Int
  ) throws -> (output: [Double], input: [Double]) {
    let parts = parts(first: first, count: count)
    func read(_ variable: String, _ components: Int) throws -> [Double] {
      try parts.flatMap { part in
        let seed = seeds == nil ? [] : [part.seed]
        return try file.read(
          variable, in: group, start: seed + [snapshot, part.first, 0],
          count: seed.map { _ in 1 } + [1, part.count, components])
      }
    }
    return (try read("output_weight", outputs), try read("input_weight", features))
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
