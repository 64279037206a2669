import Checkpoints
import DataIO
import Diagnostics
import Dynamics
import Execution
import LinearAlgebra
import Measures
import MessagePassing
import Networks
import ParticleSystems

/// Fresh particles that follow the driving field of a solved limit, as ``DrivenLimitJob`` makes them,
/// projected at the snapshots and forgotten. They are not taken beyond the last of them. Of a limit with a
/// random initial function they follow the first realization.
///
/// Memory: one group of particles, whatever their number. Groups that are done stay beside the checkpoints, so that
/// a run that was interrupted adds up the same groups.
///
/// Processes move the particles of a group together; the first one projects them, and hands out groups.
struct DrivenParticleGroups: ParticleGroups {
  let job: DrivenLimitJob
  let steps: [Int]
  let projector: ParticleProjector
  let units: CheckpointUnits
  let progress: (RunProgress) -> Void

  var particles: Int { job.job.particles }

  func forEachGroup(_ body: (ParticleGroup) throws -> Void) throws {
    switch job.job.options.precision {
    case .single: try forEachGroup(in: Float.self, body)
    case .double: try forEachGroup(in: Double.self, body)
    }
  }

  private func forEachGroup<Scalar: ParticleScalar>(
    in precision: Scalar.Type, _ body: (ParticleGroup) throws -> Void
  ) throws {
    let limit = job.job
    let workers = limit.options.workers
    let seed = limit.experiment.seed(limit.options)
    var settings = limit.settings
    settings.snapshots = steps
    // Nobody looks at what comes after the last snapshot.
    settings.steps = min(settings.steps, max(1, steps.max() ?? 0))
    // Logits are by-products here: those of the first and the last step alone.
    settings.recorded = .every(max(1, settings.steps))
    settings.probes = 0
    let driven = DrivenParticles(
      fields: [job.fields[0].first(settings.steps)], particles: limit.particles,
      replicates: limit.replicates,
      law: limit.experiment.law, design: limit.design, seed: seed, settings: settings,
      basis: limit.basis!, workers: workers)
    let measure = MeasureParticles(
      driven.sources.map { JoinedParticles([$0]) }, seed: seed,
      firstDraw: DrivenLimitJob.firstDraw)
    let name = "particles"
    let empty = Array(
      repeating: [[Double]](repeating: [], count: projector.axes.count), count: steps.count)
    var number = 0
    while true {
      var group = ParticleGroup(masses: [], columns: empty)
      guard try units.restorePiece("group \(number)", { try group.exchange($0) }) else { break }
      try body(group)
      number += 1
    }
    if try units.restore(name, { _ in }) { return }
    let places = Dictionary(uniqueKeysWithValues: steps.enumerated().map { ($1, $0) })
    var current: (first: Int, columns: [[[Double]]])?
    func deliver() throws {
      guard let group = current else { return }
      current = nil
      let count = group.columns[0][0].count
      var whole = ParticleGroup(
        masses: measure.masses(first: group.first, count: count), columns: group.columns)
      try units.put("group \(number)") { try whole.exchange($0) }
      number += 1
      try body(whole)
    }
    /// Of the group that is moving, what it has shown.
    func exchange(_ state: RunState) throws {
      var first = current?.first ?? -1
      var columns = current?.columns.flatMap { $0 } ?? empty.flatMap { $0 }
      try state.exchange("first", &first)
      try state.exchange("columns", &columns)
      let axes = projector.axes.count
      guard columns.count == steps.count * axes else {
        throw state.misfit("columns", "\(columns.count) rows, not \(steps.count * axes)")
      }
      guard state.isRestoring, first >= 0 else { return }
      current = (
        first, steps.indices.map { Array(columns[($0 * axes)..<(($0 + 1) * axes)]) }
      )
    }
    let action = units.boundary(name)
    _ = try driven.run(
      in: Scalar.self, workers: workers,
      progress: { done in
        progress(
          RunProgress(
            fraction: Double(done) / Double(limit.particles),
            activity: "\(done) of \(limit.particles) particles"))
      },
      atBoundary: { boundary, exchangeParticles in
        try action(boundary) { state in
          try exchangeParticles(state.part("particles"))
          try exchange(state.part("projections"))
        }
      },
      snapshot: { step, first, store in
        guard workers.ranks.isFirst else { return store.forEachPart { _, _, _ in } }
        if current?.first != first {
          try deliver()
          current = (first, empty)
        }
        measure.forEachPart(of: store, startingAt: first) { _, a, w in
          append(a, w, to: &current!.columns[places[step]!])
        }
      })
    try deliver()
    try units.complete(name) { _ in }
  }

  private func append<Scalar: ParticleScalar>(
    _ a: UnsafeBufferPointer<Scalar>, _ w: UnsafeBufferPointer<Scalar>,
    to columns: inout [[Double]]
  ) {
    let count = a.count / projector.outputs
    let axes = projector.axes.count
    let result = AlignedBuffer<Double>(count: axes * count, repeating: 0)
    let (outputWeights, inputWeights) = (doubles(a), doubles(w))
    withExtendedLifetime((outputWeights, inputWeights)) {
      projector.project(
        count: count, outputWeights: outputWeights.base, inputWeights: inputWeights.base,
        into: result.base, stride: count)
    }
    for axis in 0..<axes {
      columns[axis] += result.contents[(axis * count)..<((axis + 1) * count)]
    }
  }

  /// Conversions as concrete loops: generic ones are not specialized across modules.
  private func doubles<Scalar: ParticleScalar>(
    _ values: UnsafeBufferPointer<Scalar>
  ) -> AlignedBuffer<Double> {
    let result = AlignedBuffer<Double>(count: values.count, repeating: 0)
    if let floats = values.baseAddress as? UnsafePointer<Float> {
      for i in 0..<values.count { result.base[i] = Double(floats[i]) }
    } else if let doubles = values.baseAddress as? UnsafePointer<Double> {
      result.base.update(from: doubles, count: values.count)
    }
    return result
  }
}
