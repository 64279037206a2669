public import DataIO
import Density
import Diagnostics
import Foundation
import Measures
import Networks

extension DensityJob {
  /// Computes the densities and writes `output`.
  ///
  /// - Throws: `Diagnostic` where the particles of a snapshot are not finite, where all of them agree in
  ///   an axis, and of kind `outputFailure` where the file cannot be written.
  public func run(
    output: String, progress: @escaping (RunProgress) -> Void = { _ in }
  ) throws -> DensityRecord {
    try checkDestination(output, force: options.force)
    // Every axis is computed once, whatever the projections that have it.
    var expressions: [AxisExpression] = []
    for axis in projections.flatMap(\.axes) where !expressions.contains(axis) {
      expressions.append(axis)
    }
    let groups = groups(
      ParticleProjector(expressions.map { axes[$0]! }, outputs: outputs, features: features),
      progress)
    var pilot = ProjectionEstimation.Pilot(
      group: ParticleGroup(
        masses: [],
        columns: Array(
          repeating: Array(repeating: [], count: expressions.count), count: steps.count)),
      particles: particles, steps: steps)
    let most = max(1 << 16, Self.pilotNumbers / (steps.count * expressions.count))
    var estimations: [ProjectionEstimation] = []
    var moments = Array(
      repeating: Array(repeating: SampleStatistics(dimensions: 1), count: expressions.count),
      count: steps.count)
    var effectiveSize = (mass: 0.0, squares: 0.0)
    try groups.forEach { group in
      try check(group, expressions)
      for snapshot in steps.indices {
        for axis in expressions.indices {
          group.columns[snapshot][axis].withUnsafeBufferPointer { column in
            group.masses.withUnsafeBufferPointer {
              moments[snapshot][axis].add(column, masses: $0)
            }
          }
        }
      }
      for mass in group.masses {
        effectiveSize.mass += mass
        effectiveSize.squares += mass * mass
      }
      guard estimations.isEmpty else {
        for index in estimations.indices { try estimations[index].add(group) }
        return
      }
      pilot.group.append(group)
      guard pilot.group.count >= most || pilot.isWhole else { return }
      estimations = try projections.map { try estimation(of: $0, pilot, expressions) }
      for index in estimations.indices { try estimations[index].add(pilot.group) }
      pilot.group = ParticleGroup(masses: [], columns: [])
    }
    let isPilotWhole = particles <= most
    var taken: Set<String> = []
    let entries = try estimations.map { estimation in
      var entry = try entry(
        estimation, isPilotWhole: isPilotWhole,
        moments: steps.indices.map { s in estimation.places.map { moments[s][$0] } })
      let name = entry.identifier
      var number = 2
      while !taken.insert(entry.identifier).inserted {
        entry.identifier = "\(name)_\(number)"
        number += 1
      }
      entry.effectiveSampleSize = steps.map { _ in
        effectiveSize.mass * effectiveSize.mass / effectiveSize.squares
      }
      return entry
    }
    var record = DensityRecord(path: output, title: metadata.title, projections: entries)
    record.directions = directions
    try DensityFile.write(
      record, metadata: fileMetadata(), other: other.map(\.path), force: options.force)
    return record
  }

  private var outputs: Int {
    switch source {
    case .stored(let file, _): file.outputs
    case .driven(let driven): driven.job.experiment.problem.outputs
    }
  }

  private var features: Int {
    switch source {
    case .stored(let file, _): file.features
    case .driven(let driven): driven.job.experiment.featureCount
    }
  }

  private func groups(
    _ projector: ParticleProjector, _ progress: @escaping (RunProgress) -> Void
  ) -> any ParticleGroups {
    switch source {
    case .stored(let file, let snapshots):
      StoredParticles(
        file: file, snapshots: snapshots, projector: projector, workers: options.workers,
        progress: progress)
    case .driven(let driven):
      DrivenParticleGroups(job: driven, steps: steps, projector: projector, progress: progress)
    }
  }

  private func estimation(
    of projection: ProjectionExpression, _ pilot: ProjectionEstimation.Pilot,
    _ expressions: [AxisExpression]
  ) throws -> ProjectionEstimation {
    do {
      return try ProjectionEstimation(
        projection, axes: projection.axes.map { axes[$0]! },
        places: projection.axes.map { expressions.firstIndex(of: $0)! }, request: request,
        grid: try compared(projection)?.grid(), pilot: pilot, workers: options.workers)
    } catch let diagnostic as Diagnostic {
      throw diagnostic.located(key: projection.text)
    }
  }

  /// Particles of a run that diverged, and angles that do not exist.
  private func check(_ group: ParticleGroup, _ expressions: [AxisExpression]) throws {
    for (snapshot, columns) in group.columns.enumerated() {
      for (axis, column) in columns.enumerated() where !column.allSatisfy(\.isFinite) {
        let value = column.first { !$0.isFinite }!
        throw Diagnostic(
          .badInput,
          "\(expressions[axis].text) is \(value) for a particle at step \(steps[snapshot]): the run"
            + " diverged before, or w is 0, which has no angle; choose other --snapshots or another"
            + " projection", file: path)
      }
    }
  }

  private func fileMetadata() -> FileMetadata {
    var attributes = metadata.attributes
    attributes["particles"] = .int(particles)
    if case .driven(let driven) = source {
      attributes["design"] = .text(driven.job.design.name)
      attributes["comment"] = .text(
        "Densities of fresh particles that follow the loss gradients of"
          + " \(path.split(separator: "/").last.map(String.init) ?? path), independent of the particles"
          + " that the run stored.")
    }
    return FileMetadata(
      configText: metadata.configText,
      history: "\(Date().formatted(.iso8601)) \(options.commandLine)", source: Program.source,
      seed: options.seed.map { Int($0) } ?? metadata.seed, extra: attributes)
  }
}
