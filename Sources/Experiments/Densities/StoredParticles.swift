import DataIO
import Diagnostics
import Execution
import LinearAlgebra
import Measures

/// The particles that a run stored, read in blocks.
///
/// Memory: 64 MB of weights or preactivations, and the group's projections.
struct StoredParticles: ParticleGroups {
  let file: MeasureFile
  /// Snapshots to read, by their places in the file.
  let snapshots: [Int]
  let projector: ParticleProjector
  let workers: Workers
  /// Particles to read, the first ones.
  let particles: Int
  let progress: (RunProgress) -> Void

  var steps: [Int] { snapshots.map { file.steps[$0] } }

  /// Particles that are projected together.
  private static let piece = 512

  func forEachGroup(_ body: (ParticleGroup) throws -> Void) throws {
    let numbers = max(file.features, file.probes, 1)
    let block = min(max((1 << 23) / numbers, Self.piece), 1 << 15)
    for first in stride(from: 0, to: particles, by: block) {
      let count = min(block, particles - first)
      progress(
        RunProgress(
          fraction: Double(first) / Double(particles),
          activity: "\(first) of \(particles) particles"))
      let columns = try snapshots.map { snapshot in
        let weights = try file.weights(snapshot: snapshot, first: first, count: count)
        let preactivations = try file.preactivations(
          snapshot: snapshot, first: first, count: projector.probes > 0 ? count : 0)
        return project(weights.output, weights.input, preactivations, count: count)
      }
      try body(
        ParticleGroup(masses: try file.masses(first: first, count: count), columns: columns))
    }
  }

  private func project(
    _ a: [Double], _ w: [Double], _ z: [Double], count: Int
  ) -> [[Double]] {
    let axes = projector.axes.count
    let result = AlignedBuffer<Double>(count: axes * count, repeating: 0)
    let (projector, outputs, features) = (projector, file.outputs, file.features)
    let piece = Self.piece
    // Layers lack some of them; what is not there has no address.
    let room = [0.0]
    workers.forEach((count + piece - 1) / piece) { number, _ in
      let first = number * piece
      (a.isEmpty ? room : a).withUnsafeBufferPointer { a in
        (w.isEmpty ? room : w).withUnsafeBufferPointer { w in
          (z.isEmpty ? room : z).withUnsafeBufferPointer { z in
            projector.project(
              count: min(piece, count - first), outputWeights: a.baseAddress! + first * outputs,
              inputWeights: w.baseAddress! + first * features,
              preactivations: z.baseAddress! + first * projector.probes,
              into: result.base + first, stride: count)
          }
        }
      }
    }
    return (0..<axes).map { Array(result.contents[($0 * count)..<(($0 + 1) * count)]) }
  }
}
