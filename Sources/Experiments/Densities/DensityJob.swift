import DataIO
import Density
import Diagnostics
import Execution
public import Measures
import Networks

/// `infwidth density`: densities of the law of the weights at the snapshots of a run, from RUN.nc to
/// DENSITY.nc.
public struct DensityJob {
  public let request: DensityRequest
  public let path: String
  public let options: RunOptions
  let source: DensitySource
  let choice: ProjectionChoice
  let other: DensityRecord?
  let metadata: RunMetadata
  /// Numbers of the pilot: projections of the first particles, kept until grid and bandwidths are
  /// chosen from them. 64 MB.
  var pilotNumbers = 1 << 23

  /// - Parameter path: RUN.nc.
  /// - Throws: `Diagnostic` where the file holds no particles (or no field that drives fresh ones), and
  ///   where a projection, a snapshot or something to compare with is not there.
  public init(_ path: String, request: DensityRequest, options: RunOptions) throws {
    try Self.checkKind(of: path)
    self.path = path
    self.request = request
    self.options = options
    metadata = try RunMetadata(path)
    other = try request.comparedPath.map { try DensityRecord.read($0) }
    // Loaded once, and only where it is needed.
    var loaded: Experiment?
    let experiment = {
      let result =
        try loaded
        ?? RunExperiment.load(path, configPath: request.configPath, design: request.design)
      loaded = result
      return result
    }
    source = try DensitySource(
      path, request: request, options: options, storedSteps: metadata.storedSteps,
      experiment: experiment)
    var wanted = request.projections
    if wanted.isEmpty, let other {
      wanted = try other.projections.map { try ProjectionExpression(parsing: $0.expression) }
    }
    choice = try ProjectionChoice(
      wanted, outputs: source.outputs, features: source.features, experiment: experiment)
    try checkBounds()
    try checkFixedBandwidth()
    try checkComparison()
    try checkMemory()
  }

  public var projections: [ProjectionExpression] { choice.projections }
  /// Remarks: what was left out, and why.
  public var notes: [String] { choice.notes }
  /// Training steps of the snapshots.
  public var steps: [Int] { source.steps }
  /// Particles at each snapshot.
  public var particles: Int { source.particles }

  private static func checkKind(of path: String) throws {
    switch try recordKind(of: path) {
    case .run: break
    case .nets:
      throw Diagnostic(
        .badInput,
        "received finite nets, whose weights the file does not keep; accepted: a limit, written by"
          + " infwidth limit", file: path)
    case .density:
      throw Diagnostic(
        .badInput, "received densities; accepted: a limit, written by infwidth limit", file: path)
    case .comparison:
      throw Diagnostic(
        .badInput, "received a comparison; accepted: a limit, written by infwidth limit", file: path
      )
    }
  }

  private func checkBounds() throws {
    for axis in request.bounds.keys where choice.axes[axis] == nil {
      throw Diagnostic(
        .commandLine,
        "\(axis.text) is no axis of the projections; accepted:"
          + " \(wordList(choice.axes.keys.map(\.text).sorted()))", key: "--bounds")
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

  /// The sums of every snapshot and projection are in memory together: up to 3 numbers on each axis for
  /// a grid point, and beside them the densities.
  private func checkMemory() throws {
    let numbers = projections.reduce(0.0) { sum, projection in
      let points =
        compared(projection)?.axes.map { Double($0.points.count) }
        ?? projection.axes.map { _ in Double(request.points(axes: projection.axes.count)) }
      return sum + points.reduce(1) { $0 * 3 * $1 } + 2 * points.reduce(1, *)
    }
    try Experiments.checkMemory(
      bytes: 8 * numbers * Double(steps.count),
      what: "grids for \(steps.count) snapshots need", key: "--grid",
      advice: "take fewer grid points, snapshots or projections")
  }
}
