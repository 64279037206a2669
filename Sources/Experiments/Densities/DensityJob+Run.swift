public import DataIO
import Density
import Diagnostics
import Execution
import Foundation
import Measures
import MessagePassing
import Networks

extension DensityJob {
  /// Computes the densities and writes `output`.
  ///
  /// - Parameter checkpoints: of this output; `nil` for none.
  /// - Throws: `Diagnostic` where the particles of a snapshot are not finite, where all of them agree in
  ///   an axis, and of kind `outputFailure` where the file cannot be written. Of kind `stoppedBySignal` where a
  ///   run with checkpoints is asked to stop, of kind `badInput` where the checkpoint is that of another run.
  public func run(
    output: String, checkpoints: RunCheckpoints? = nil,
    progress: @escaping (RunProgress) -> Void = { _ in }
  ) throws -> DensityRecord {
    try checkDestination(output, force: options.force)
    try checkpoints?.begin(
      settings: runSettings, history: options.history, locate: { locate($0) })
    let units = CheckpointUnits(checkpoints)
    let expressions = expressions
    let scales = try scales(ofNets: expressions)
    let counts = max(1, pilotNumbers / (steps.count * expressions.count))
    var grids: [DensityGrid] = []
    var entries: [ProjectionDensity] = []
    for (number, source) in sources.enumerated() {
      var accumulation = DensityAccumulation(
        steps: steps, axes: expressions.count, particles: source.particles, pilotParticles: counts,
        choose: { pilot in
          let own = try scales[number] ?? self.scales(pilot, expressions, source)
          if grids.isEmpty {
            grids = try self.grids([own] + scales.dropFirst(number + 1).map { $0! })
          }
          return projections.enumerated().map { place, projection in
            ProjectionEstimation(
              projection, axes: axes(projection), places: places(projection, expressions),
              request: request, scale: own[place], grid: grids[place], workers: options.workers)
          }
        })
      let groups = source.groups(
        projector(expressions), options: options, units: self.units(units, of: number),
        progress: { progress($0.part(number, of: sources.count)) })
      var done = 0
      try groups.forEachGroup { group in
        try check(group, expressions, source, first: done)
        done += group.count
        try accumulation.add(group)
      }
      let limit = sources[0].width == nil && number > 0 ? entries : []
      var names = UniqueNames()
      entries += try accumulation.estimations.enumerated().map { place, estimation in
        var entry = try entry(
          estimation, accumulation, of: source, limit: limit.isEmpty ? nil : limit[place])
        entry.identifier = names.unique(entry.identifier)
        return entry
      }
    }
    var record = DensityRecord(path: output, title: metadata.title, projections: entries)
    record.directions = choice.directions
    try DensityFile.write(
      record, metadata: try fileMetadata(), other: other.map(\.path), force: options.force)
    checkpoints?.finish()
    return record
  }

  /// Moves this process's share of fresh particles for the first of several processes, which runs the job
  /// (``run(output:checkpoints:progress:)``) and writes the file.
  ///
  /// - Throws: as there, but for what belongs to the file.
  public func assist(checkpoints: RunCheckpoints? = nil) throws {
    precondition(!options.workers.ranks.isFirst && request.particles != nil)
    try checkpoints?.begin(
      settings: runSettings, history: options.history, locate: { locate($0) })
    let units = CheckpointUnits(checkpoints)
    for (number, source) in sources.enumerated() where source.isFresh {
      try source.groups(
        projector(expressions), options: options, units: self.units(units, of: number),
        progress: { _ in }
      ).forEachGroup { _ in }
    }
  }

  private func units(_ units: CheckpointUnits, of source: Int) -> CheckpointUnits {
    units.part("law \(source + 1)")
  }

  /// Every axis is computed once, whatever the projections that have it.
  private var expressions: [AxisExpression] {
    var result: [AxisExpression] = []
    for axis in projections.flatMap(\.axes) where !result.contains(axis) { result.append(axis) }
    return result
  }

  private func projector(_ expressions: [AxisExpression]) -> ParticleProjector {
    ParticleProjector(
      expressions.map { choice.axes[$0]! }, outputs: sources[0].outputs,
      features: sources[0].features)
  }

  private func axes(_ projection: ProjectionExpression) -> [ProjectionAxis] {
    projection.axes.map { choice.axes[$0]! }
  }

  private func places(
    _ projection: ProjectionExpression, _ expressions: [AxisExpression]
  ) -> [Int] { projection.axes.map { expressions.firstIndex(of: $0)! } }

  /// The scales of every projection of the nets of each width, chosen before any density: the grids are
  /// common to all laws. `nil` for the limit, whose particles may be made only once.
  private func scales(
    ofNets expressions: [AxisExpression]
  ) throws -> [[ProjectionScale]?] {
    try sources.map { source in
      guard source.width != nil else { return nil }
      let empty = [[Double]](repeating: [], count: expressions.count)
      var pilot = ProjectionScale.Pilot(
        group: ParticleGroup(
          masses: [], columns: Array(repeating: empty, count: steps.count)),
        particles: source.particles, steps: steps)
      let groups = source.groups(
        projector(expressions), options: options,
        most: max(1, pilotNumbers / (steps.count * expressions.count)), progress: { _ in })
      try groups.forEachGroup { group in
        try check(group, expressions, source, first: pilot.group.count)
        pilot.group.append(group)
      }
      return try scales(pilot, expressions, source)
    }
  }

  private func scales(
    _ pilot: ProjectionScale.Pilot, _ expressions: [AxisExpression], _ source: DensitySource
  ) throws -> [ProjectionScale] {
    try projections.map { projection in
      try located(projection, source) {
        try ProjectionScale(
          axes: axes(projection), places: places(projection, expressions), request: request,
          pilot: pilot, workers: options.workers)
      }
    }
  }

  /// The grid of each projection: that of the file compared with, or one for all laws.
  private func grids(_ scales: [[ProjectionScale]]) throws -> [DensityGrid] {
    try projections.enumerated().map { place, projection in
      try located(projection, sources[0]) {
        try compared(projection, width: sources[0].width)?.grid()
          ?? ProjectionScale.grid(
            scales.map { $0[place] }, axes: axes(projection), request: request)
      }
    }
  }

  private func located<Result>(
    _ projection: ProjectionExpression, _ source: DensitySource, _ body: () throws -> Result
  ) throws -> Result {
    do { return try body() } catch let diagnostic as Diagnostic {
      guard let width = source.width else { throw diagnostic.located(key: projection.text) }
      throw Diagnostic(
        diagnostic.kind, "nets of width \(width): \(diagnostic.message)",
        file: diagnostic.file ?? source.path, key: projection.text)
    }
  }

  /// Masses that are none, particles of a run that diverged, and angles that do not exist.
  private func check(
    _ group: ParticleGroup, _ expressions: [AxisExpression], _ source: DensitySource, first: Int
  ) throws {
    if let place = group.masses.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw Diagnostic(
        .badInput,
        "the mass of particle \(first + place)\(source.ofNets) is \(group.masses[place]); accepted: finite"
          + " numbers that are not negative", file: source.path)
    }
    for (snapshot, columns) in group.columns.enumerated() {
      for (axis, column) in columns.enumerated() where !column.allSatisfy(\.isFinite) {
        let value = column.first { !$0.isFinite }!
        throw Diagnostic(
          .badInput,
          "\(expressions[axis].text) is \(value) for a \(source.width == nil ? "particle" : "neuron")"
            + "\(source.ofNets) at step \(steps[snapshot]): the run"
            + " diverged before, or w is 0, which has no angle; choose other --snapshots or another"
            + " projection", file: source.path)
      }
    }
  }

  private func fileMetadata() throws -> FileMetadata {
    var attributes = metadata.attributes.merging(try runSettings.attributes) { $1 }
    if let particles { attributes["particles"] = .int(particles) }
    if let nets = request.netsPath {
      attributes["nets"] = .text(nets.split(separator: "/").last.map(String.init) ?? nets)
    }
    if case .driven(let driven) = sources[0].kind {
      attributes["design"] = .text(driven.job.design.name)
      attributes["comment"] = .text(
        "Densities of fresh particles that follow the loss gradients of"
          + " \(path.split(separator: "/").last.map(String.init) ?? path), independent of the particles"
          + " that the run stored.")
    }
    return FileMetadata(
      configText: metadata.configText,
      history: options.history, source: Program.source,
      seed: options.seed.map { Int($0) } ?? metadata.seed, extra: attributes)
  }
}

extension RunProgress {
  /// Progress of one of several passes, as part of all.
  fileprivate func part(_ number: Int, of count: Int) -> RunProgress {
    RunProgress(fraction: (Double(number) + fraction) / Double(count), activity: activity)
  }
}
