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
    let groups = source.groups(
      ParticleProjector(
        expressions.map { choice.axes[$0]! }, outputs: source.outputs, features: source.features),
      options: options, progress: progress)
    var accumulation = DensityAccumulation(
      steps: steps, axes: expressions.count, particles: particles,
      pilotParticles: max(1, pilotNumbers / (steps.count * expressions.count)),
      choose: { pilot in try projections.map { try estimation(of: $0, pilot, expressions) } })
    try groups.forEachGroup { group in
      try check(group, expressions)
      try accumulation.add(group)
    }
    var names = UniqueNames()
    let entries = try accumulation.estimations.map { estimation in
      var entry = try entry(estimation, accumulation)
      entry.identifier = names.unique(entry.identifier)
      return entry
    }
    var record = DensityRecord(path: output, title: metadata.title, projections: entries)
    record.directions = choice.directions
    try DensityFile.write(
      record, metadata: fileMetadata(), other: other.map(\.path), force: options.force)
    return record
  }

  private func estimation(
    of projection: ProjectionExpression, _ pilot: ProjectionEstimation.Pilot,
    _ expressions: [AxisExpression]
  ) throws -> ProjectionEstimation {
    do {
      return try ProjectionEstimation(
        projection, axes: projection.axes.map { choice.axes[$0]! },
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
    if case .driven(let driven) = source.kind {
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
