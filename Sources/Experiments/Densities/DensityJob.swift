import DataIO
import Density
import Diagnostics
import Execution
public import Measures
import Networks

/// `infwidth density`: densities of laws of the weights at the snapshots of training, from RUN.nc or
/// NETS.nc, or both, to DENSITY.nc.
public struct DensityJob {
  /// What was asked for.
  public let request: DensityRequest
  /// RUN.nc or NETS.nc.
  public let path: String
  /// Seed, threads, precision.
  public let options: RunOptions
  /// The laws, all at the same steps: the limit first, where there is one, then the nets by width.
  let sources: [DensitySource]
  let choice: ProjectionChoice
  let other: DensityRecord?
  let metadata: RunMetadata
  /// Numbers of the pilot: projections of the first particles, kept until grid and bandwidths are
  /// chosen from them. 64 MB.
  var pilotNumbers = 1 << 23

  /// - Parameter path: RUN.nc or NETS.nc.
  /// - Throws: `Diagnostic` where the file holds no particles (or no field that drives fresh ones), and
  ///   where a projection, a snapshot or something to compare with is not there or does not fit.
  public init(_ path: String, request: DensityRequest, options: RunOptions) throws {
    let kind = try Self.checkKind(of: path, request)
    self.path = path
    self.options = options
    let metadata = try RunMetadata(path)
    self.metadata = metadata
    other = try request.comparedPath.map { try DensityRecord.read($0) }
    // Loaded once, and only where it is needed.
    var loaded: Experiment?
    let experiment = {
      let result =
        try loaded
        ?? RunExperiment.load(
          path, configPath: request.configPath, design: request.design,
          hasLayers: metadata.hiddenLayers != nil)
      loaded = result
      return result
    }
    if kind == .nets {
      sources = try DensitySource.nets(
        path, steps: request.snapshots, hiddenLayers: metadata.hiddenLayers)
    } else {
      let netsSteps = try request.netsPath.map { try Self.checkNets($0, against: path) }
      // Fresh particles can be looked at at any step: at those of the nets they are compared with.
      let limit = try DensitySource(
        path, request: request, options: options, storedSteps: netsSteps ?? metadata.storedSteps,
        hiddenLayers: metadata.hiddenLayers, experiment: experiment)
      sources =
        [limit] + (try request.netsPath.map { try Self.nets($0, beside: limit, request) } ?? [])
    }
    if let source = sources.first(where: { $0.steps.isEmpty }) {
      throw Diagnostic(
        .badInput, "the file has no snapshots of the weights; accepted: at least one",
        file: source.path)
    }
    var wanted = request.projections
    if wanted.isEmpty, let other {
      wanted = try other.projections.map { try ProjectionExpression(parsing: $0.expression) }
    }
    choice = try ProjectionChoice(
      wanted, outputs: sources[0].outputs, features: sources[0].features,
      hiddenLayers: sources[0].layers.count, probes: sources[0].probes, experiment: experiment)
    self.request = try DensityBounds.checked(request, choice)
    try checkSteps()
    try checkParallelAxes()
    try checkFixedBandwidth()
    try checkComparison()
    try checkMemory()
  }

  /// Those asked for, or the default ones of the law.
  public var projections: [ProjectionExpression] { choice.projections }
  /// Remarks: what was left out, and why.
  public var notes: [String] { choice.notes + [pointMassRemark].compactMap(\.self) }
  /// Training steps of the snapshots.
  public var steps: [Int] { sources[0].steps }
  /// Hidden layers of the networks; of several each has a law of its own.
  public var hiddenLayers: Int { sources[0].layers.count }
  /// Particles of the limit at each snapshot, of several hidden layers those of the first; `nil` where there are nets
  /// alone.
  public var particles: Int? { layerParticles.first }
  /// Those of every hidden layer.
  public var layerParticles: [Int] { sources[0].width == nil ? sources[0].layers : [] }
  /// Widths of the nets, and how many nets there are of each.
  public var nets: [(width: Int, seeds: Int)] {
    sources.compactMap { source in source.width.map { ($0, source.seeds ?? 1) } }
  }
  /// The names of the tables that the record will have.
  package var tableNames: [String] {
    ["density_summary"]
      + sources.flatMap { source in
        projections.map { ProjectionDensity.name($0.identifier, width: source.width) }
      }
  }

  private static func checkKind(
    of path: String, _ request: DensityRequest
  ) throws -> RecordKind {
    let kind = try recordKind(of: path)
    switch kind {
    case .run: break
    case .nets:
      if request.particles != nil {
        throw Diagnostic(
          .commandLine, "fresh particles belong to a limit; \(path) holds finite nets",
          key: "--particles")
      }
      if request.netsPath != nil {
        throw Diagnostic(
          .commandLine, "nets are looked at beside a limit; \(path) holds finite nets itself",
          key: "--nets")
      }
    case .density, .comparison, .kernel, .prediction, .study:
      throw Diagnostic(
        .badInput,
        "received \(kind.noun); accepted: a limit, written by infwidth limit, or finite nets, written by"
          + " infwidth train", file: path)
    }
    return kind
  }

  /// Refuses projections of which two axes are components along one line: their joint law has no density.
  private func checkParallelAxes() throws {
    func vector(_ axis: AxisExpression) -> [Double]? {
      switch choice.axes[axis]?.quantity {
      case .dot(let direction)?: direction
      case .inputWeight(let number)?: (0..<sources[0].features).map { $0 == number ? 1 : 0 }
      default: nil
      }
    }
    for projection in projections {
      for (i, second) in projection.axes.enumerated() {
        for first in projection.axes[..<i] {
          guard let a = vector(first), let b = vector(second) else { continue }
          let cosine = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
          guard abs(cosine) > 1 - 1e-12 else { continue }
          throw Diagnostic(
            .commandLine,
            "\(first.text) and \(second.text) are parallel, so that their joint law has no density; accepted:"
              + " axes along different directions", key: projection.text)
        }
      }
    }
  }

  private func checkFixedBandwidth() throws {
    guard case .fixed(let values) = request.bandwidth, values.count > 1 else { return }
    for projection in projections where projection.axes.count != values.count {
      throw Diagnostic(
        .commandLine,
        "received \(values.count) numbers, but \(projection.text) has \(projection.axes.count)"
          + " ax\(projection.axes.count == 1 ? "is" : "es"); accepted: one number, or one for each"
          + " axis of every projection", key: "--bandwidth")
    }
  }

  /// The sums of every snapshot and projection of one law are in memory together: up to 3 numbers on each
  /// axis for a grid point, and beside them the densities of all laws.
  private func checkMemory() throws {
    let numbers = projections.reduce(0.0) { sum, projection in
      let points =
        compared(projection, width: sources[0].width)?.axes.map { Double($0.points.count) }
        ?? projection.axes.map { _ in Double(request.points(axes: projection.axes.count)) }
      return sum + points.reduce(1) { $0 * 3 * $1 }
        + Double(1 + sources.count) * points.reduce(1, *)
    }
    try Experiments.checkMemory(
      bytes: 8 * numbers * Double(steps.count),
      what: "grids for \(steps.count) snapshots need", key: "--grid",
      advice: "take fewer grid points, snapshots or projections")
  }
}
