import DataIO
import Density
import Diagnostics
import Execution
public import Measures
import Networks
import ParticleSystems

/// `infwidth density`: densities of the law of the weights at the snapshots of a run, from RUN.nc to
/// DENSITY.nc.
public struct DensityJob {
  public let request: DensityRequest
  public let path: String
  public let options: RunOptions
  /// Training steps of the snapshots.
  public let steps: [Int]
  /// Particles at each snapshot.
  public let particles: Int
  public let projections: [ProjectionExpression]
  /// Remarks: what was left out, and why.
  public private(set) var notes: [String] = []
  let axes: [AxisExpression: ProjectionAxis]
  let directions: [DensityRecord.Direction]
  let source: Source
  let other: DensityRecord?
  let metadata: RunMetadata

  /// Where the particles come from.
  enum Source {
    case stored(MeasureFile, snapshots: [Int])
    case driven(DrivenLimitJob)
  }

  /// Numbers of the pilot: projections of the first particles, kept until grid and bandwidths are
  /// chosen from them.
  static let pilotNumbers = 1 << 23

  /// - Parameter path: RUN.nc.
  /// - Throws: `Diagnostic` where the file holds no particles (or no field that drives fresh ones), and
  ///   where a projection or a snapshot is not there.
  public init(_ path: String, request: DensityRequest, options: RunOptions) throws {
    self.path = path
    self.options = options
    var request = request
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
    }
    metadata = try RunMetadata(path)
    other = try request.comparedPath.map { try DensityRecord.read($0) }
    let (configPath, design) = (request.configPath, request.design)
    let load = { try RunExperiment.load(path, configPath: configPath, design: design) }
    var experiment: Experiment?
    let outputs: Int
    let features: Int
    if let count = request.particles {
      let loaded = try load()
      experiment = loaded
      let job = try DrivenLimitJob(
        loaded, from: path, options: options, particles: count, option: "--particles")
      source = .driven(job)
      steps = try Self.chosenSteps(
        request.snapshots, default: metadata.storedSteps ?? [0, job.job.settings.steps],
        accepted: 0...job.job.settings.steps)
      particles = job.job.particles
      (outputs, features) = (loaded.problem.outputs, loaded.featureCount)
    } else {
      let file = try MeasureFile(path)
      let chosen = try Self.chosenSnapshots(request.snapshots, of: file.steps)
      source = .stored(file, snapshots: chosen)
      steps = chosen.map { file.steps[$0] }
      particles = file.particles
      (outputs, features) = (file.outputs, file.features)
    }
    var notes: [String] = []
    var resolver = ProjectionResolver(
      outputs: outputs, features: features, experiment: { try experiment ?? load() })
    var axes: [AxisExpression: ProjectionAxis] = [:]
    if request.projections.isEmpty, let other {
      request.projections = try other.projections.map {
        try ProjectionExpression(parsing: $0.expression)
      }
    }
    let isDefault = request.projections.isEmpty
    if isDefault {
      do {
        experiment = try experiment ?? load()
      } catch let diagnostic as Diagnostic where diagnostic.kind == .inputMissing {
        notes.append(
          "no projections on directions of the training inputs, which cannot be read: \(diagnostic)"
        )
      }
      let all = ProjectionResolver.defaults(outputs: outputs, task: experiment?.problem.task)
      request.projections =
        experiment == nil
        ? all.filter { $0.axes.allSatisfy { $0.direction == nil } } : all
    }
    var projections: [ProjectionExpression] = []
    for projection in request.projections where !projections.contains(projection) {
      do {
        for axis in projection.axes where axes[axis] == nil {
          axes[axis] = try resolver.axis(axis)
        }
        projections.append(projection)
      } catch let diagnostic as Diagnostic where isDefault && diagnostic.kind == .commandLine {
        notes.append("\(projection.text) is left out: \(diagnostic.message)")
      }
    }
    for axis in request.bounds.keys where axes[axis] == nil {
      throw Diagnostic(
        .commandLine,
        "\(axis.text) is no axis of the projections; accepted:"
          + " \(Self.list(axes.keys.map(\.text).sorted()))", key: "--bounds")
    }
    self.notes = notes
    self.request = request
    self.projections = projections
    self.axes = axes
    directions = resolver.directions.map { expression, unit in
      DensityRecord.Direction(
        identifier: String(AxisExpression.dot(expression).identifier.dropFirst("dot_w_".count)),
        longName: expression.longName, values: unit)
    }
    try checkFixedBandwidth()
    try checkComparison()
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

  private static func chosenSnapshots(_ wanted: [Int]?, of steps: [Int]) throws -> [Int] {
    guard let wanted else { return Array(steps.indices) }
    return try Set(wanted).sorted().map { step in
      guard let index = steps.firstIndex(of: step) else {
        throw Diagnostic(
          .commandLine,
          "received step \(step); accepted: \(list(steps.map(String.init))), the snapshots of the run",
          key: "--snapshots")
      }
      return index
    }
  }

  private static func chosenSteps(
    _ wanted: [Int]?, default stored: [Int], accepted: ClosedRange<Int>
  ) throws -> [Int] {
    let steps = Set(wanted ?? stored).sorted()
    for step in steps where !accepted.contains(step) {
      throw Diagnostic(
        .commandLine,
        "received step \(step); accepted: \(accepted.lowerBound) to \(accepted.upperBound)",
        key: "--snapshots")
    }
    return steps
  }

  static func list(_ words: [String]) -> String {
    guard words.count > 1 else { return words.first ?? "none" }
    return words.dropLast().joined(separator: ", ") + " and " + words.last!
  }
}
