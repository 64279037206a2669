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
    let selections = selections
    let scales = try selections.map { try self.scales(ofNets: $0) }
    var grids = [DensityGrid?](repeating: nil, count: projections.count)
    var entries: [ProjectionDensity] = []
    for (number, source) in sources.enumerated() {
      var own = [ProjectionDensity?](repeating: nil, count: projections.count)
      for (pass, selection) in selections.enumerated() {
        let accumulation: DensityAccumulation
        (accumulation, grids) = try accumulate(
          selection, number, scales: scales[pass], grids: grids,
          units: self.units(units, of: number),
          progress: {
            progress(
              $0.part(number * selections.count + pass, of: sources.count * selections.count))
          })
        for (place, estimation) in zip(selection.places, accumulation.estimations) {
          own[place] = try entry(
            estimation, accumulation, of: source, steps: selection.steps,
            limit: sources[0].width == nil && number > 0 ? entries[place] : nil)
        }
      }
      var names = UniqueNames()
      entries += own.map { entry in
        var entry = entry!
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

  /// What the particles of one law make of the projections of a pass.
  ///
  /// - Parameters:
  ///   - number: of the law.
  ///   - scales: of every law, from the first on; `nil` for those that are chosen on the way.
  ///   - known: the grids of the projections; those of the pass are made with the first law.
  private func accumulate(
    _ selection: ProjectionSelection, _ number: Int, scales: [[ProjectionScale]?],
    grids known: [DensityGrid?], units: CheckpointUnits,
    progress: @escaping (RunProgress) -> Void
  ) throws -> (DensityAccumulation, [DensityGrid?]) {
    let source = sources[number]
    var grids = known
    var accumulation = DensityAccumulation(
      steps: selection.steps, axes: selection.axes.count,
      particles: source.layers[selection.layer - 1], pilotParticles: pilotParticles(selection),
      choose: { pilot in
        let own = try scales[number] ?? self.scales(pilot, selection, source)
        if grids[selection.places[0]] == nil {
          let all = [own] + scales.dropFirst(number + 1).map { $0! }
          for (place, grid) in zip(selection.places, try self.grids(all, selection)) {
            grids[place] = grid
          }
        }
        return zip(selection.places, own).map { place, scale in
          let projection = projections[place]
          return ProjectionEstimation(
            projection, axes: axes(projection), places: selection.places(of: projection),
            request: request, scale: scale, grid: grids[place]!, workers: options.workers)
        }
      })
    let groups = source.groups(
      selection, projector(selection), options: options, units: units, progress: progress)
    var done = 0
    try groups.forEachGroup { group in
      try check(group, selection, source, first: done)
      done += group.count
      try accumulation.add(group)
    }
    return (accumulation, grids)
  }

  /// Moves this process's share of fresh particles for the first of several processes, which runs the job
  /// (``run(output:checkpoints:progress:)``) and writes the file.
  ///
  /// - Throws: as there, but for what belongs to the file.
  package func assist(checkpoints: RunCheckpoints? = nil) throws {
    precondition(!options.workers.ranks.isFirst && request.particles != nil)
    try checkpoints?.begin(
      settings: runSettings, history: options.history, locate: { locate($0) })
    let units = CheckpointUnits(checkpoints)
    for (number, source) in sources.enumerated() where source.isFresh {
      for selection in selections {
        try source.groups(
          selection, projector(selection), options: options, units: self.units(units, of: number),
          progress: { _ in }
        ).forEachGroup { _ in }
      }
    }
  }

  private func units(_ units: CheckpointUnits, of source: Int) -> CheckpointUnits {
    units.part("law \(source + 1)")
  }

  private func pilotParticles(_ selection: ProjectionSelection) -> Int {
    max(1, pilotNumbers / (selection.steps.count * selection.axes.count))
  }

  private func projector(_ selection: ProjectionSelection) -> ParticleProjector {
    let hasPreactivations = selection.axes.contains {
      if case .preactivation = $0 { true } else { false }
    }
    return ParticleProjector(
      selection.axes.map { choice.axes[$0]! }, outputs: sources[0].outputs,
      features: sources[0].features, probes: hasPreactivations ? sources[0].probes : 0)
  }

  private func axes(_ projection: ProjectionExpression) -> [ProjectionAxis] {
    projection.axes.map { choice.axes[$0]! }
  }

  /// The scales of every projection of the nets of each width, chosen before any density: the grids are
  /// common to all laws. `nil` for the limit, whose particles may be made only once.
  private func scales(ofNets selection: ProjectionSelection) throws -> [[ProjectionScale]?] {
    try sources.map { source in
      guard source.width != nil else { return nil }
      let empty = [[Double]](repeating: [], count: selection.axes.count)
      var pilot = ProjectionScale.Pilot(
        group: ParticleGroup(
          masses: [], columns: Array(repeating: empty, count: selection.steps.count)),
        particles: source.layers[selection.layer - 1], steps: selection.steps)
      let groups = source.groups(
        selection, projector(selection), options: options, most: pilotParticles(selection),
        progress: { _ in })
      try groups.forEachGroup { group in
        try check(group, selection, source, first: pilot.group.count)
        pilot.group.append(group)
      }
      return try scales(pilot, selection, source)
    }
  }

  private func scales(
    _ pilot: ProjectionScale.Pilot, _ selection: ProjectionSelection, _ source: DensitySource
  ) throws -> [ProjectionScale] {
    try selection.places.map { place in
      let projection = projections[place]
      return try located(projection, source) {
        try ProjectionScale(
          axes: axes(projection), places: selection.places(of: projection), request: request,
          pilot: pilot, workers: options.workers)
      }
    }
  }

  /// The grid of each projection of a pass: that of the file compared with, or one for all laws.
  private func grids(
    _ scales: [[ProjectionScale]], _ selection: ProjectionSelection
  ) throws -> [DensityGrid] {
    try selection.places.enumerated().map { own, place in
      let projection = projections[place]
      return try located(projection, sources[0]) {
        try compared(projection, width: sources[0].width)?.grid()
          ?? ProjectionScale.grid(
            scales.map { $0[own] }, axes: axes(projection), request: request)
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
    _ group: ParticleGroup, _ selection: ProjectionSelection, _ source: DensitySource, first: Int
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
          "\(selection.axes[axis].text) is \(value) for a \(source.width == nil ? "particle" : "neuron")"
            + "\(source.ofNets) at step \(selection.steps[snapshot]): the run"
            + " diverged before, or w is 0, which has no angle; choose other --snapshots or another"
            + " projection", file: source.path)
      }
    }
  }

  private func fileMetadata() throws -> FileMetadata {
    var attributes = metadata.attributes.merging(try runSettings.attributes) { $1 }
    if let particles { attributes["particles"] = .int(particles) }
    if hiddenLayers > 1 {
      attributes["hidden_layers"] = .int(hiddenLayers)
      if !layerParticles.isEmpty {
        attributes["layer_particles"] = .text(
          layerParticles.map(String.init).joined(separator: ", "))
      }
    }
    if let pointMassRemark { attributes["comment"] = .text("There is \(pointMassRemark).") }
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
      history: options.history, source: ProgramIdentity.source,
      seed: options.seed.map { Int($0) } ?? metadata.seed, extra: attributes)
  }
}

extension RunProgress {
  /// Progress of one of several passes, as part of all.
  fileprivate func part(_ number: Int, of count: Int) -> RunProgress {
    RunProgress(fraction: (Double(number) + fraction) / Double(count), activity: activity)
  }
}
