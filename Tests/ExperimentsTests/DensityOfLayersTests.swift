import DataIO
import Foundation
import Measures
import ParticleSystems
import Testing

@testable import Experiments

/// Files of layers against files of particles (a, w).
@Suite struct DensityOfLayersTests {
  /// A file of layers with one hidden layer: its particles have both weights, and the densities are those of the same
  /// particles (a, w), to the bit.
  @Test func oneLayerAsALayer() throws {
    let count = 4096
    let folder = NSTemporaryDirectory() + "density of layers \(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var request = DensityRequest()
    request.projections = try ["a", "norm(w)", "a,w[2]"].map {
      try ProjectionExpression(parsing: $0)
    }
    let stream = RandomStream(seed: 3, stream: .networkInputWeights)
    let draws = (0..<count).map { stream.normals(4, particle: $0) }
    let (a, w) = (draws.map { $0[0] }, draws.flatMap { Array($0[1...]) })
    func write(
      _ name: String, _ attributes: [String: AttributeValue] = [:],
      measure: MeasureDescription? = nil, layers: LayeredMeasureDescription? = nil,
      _ body: (RunFileWriter) throws -> Void
    ) throws -> DensityRecord {
      let path = folder + "/" + name
      let writer = try RunFileWriter(
        path: path, force: false,
        RunFileDescription(
          metadata: FileMetadata(
            configText: "", history: "", source: "", seed: 1, extra: attributes),
          limit: LimitDescription(name: "mean_field", alpha: -0.5, beta: 0, gamma: 0),
          particles: count, realizations: 1,
          recording: RecordingDescription(
            steps: [0], updates: 0, outputs: 1, probes: 0, trainingLabels: [1], testLabels: [1]),
          measure: measure, layeredMeasure: layers))
      try body(writer)
      try writer.write(
        Trajectory(
          steps: [0], members: 1, updates: 0, trainingPoints: 1, testPoints: 1, outputs: 1,
          probes: 0, hasAccuracy: false, hasDecomposition: false, hasError: false))
      try writer.finish()
      return try DensityJob(
        path, request: request,
        options: RunOptions(force: true, commandLine: "test")
      ).run(output: folder + "/density.nc")
    }
    let particles = try write(
      "particles.nc",
      measure: MeasureDescription(
        snapshotSteps: [4], particles: count, features: 3, outputs: 1, isSinglePrecision: false)
    ) { writer in
      try writer.writeMass(Array(repeating: 1 / Double(count), count: count))
      try a.withUnsafeBufferPointer { a in
        try w.withUnsafeBufferPointer {
          try writer.writeSnapshotBlock(
            snapshotIndex: 0, firstParticle: 0, outputWeights: a, inputWeights: $0, rows: count)
        }
      }
    }
    // In two replicates of half the particles.
    let layers = try write(
      "layers.nc", ["hidden_layers": .int(1)],
      layers: LayeredMeasureDescription(
        snapshotSteps: [4], features: 3, layers: [count / 2], outputs: 1, isSinglePrecision: false,
        replicates: 2, probes: 2)
    ) { writer in
      let z = [Double](repeating: 0.5, count: count)
      for replicate in 0..<2 {
        let rows = (replicate * count / 2)..<((replicate + 1) * count / 2)
        try a[rows].withUnsafeBufferPointer { a in
          try w[(3 * rows.lowerBound)..<(3 * rows.upperBound)].withUnsafeBufferPointer { w in
            try z.withUnsafeBufferPointer {
              try writer.writePopulation(
                LayerRows(inputWeights: w, preactivations: $0, outputWeights: a), layer: 1,
                snapshotIndex: 0, replicate: replicate)
            }
          }
        }
      }
    }
    #expect(particles.projections == layers.projections)
    #expect(layers.projections.map(\.effectiveSampleSize) == Array(repeating: [4096], count: 3))
  }
}
