import DataIO
import Density
import Diagnostics
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import Experiments

/// Densities of a run's particles, without the command line.
@Suite struct DensityJobTests {
  static let particles = 40_000

  /// A run of two-dimensional particles that are drawn anew at each of two snapshots, one of them
  /// farther out; weights of all sizes.
  final class Run {
    let folder: String
    var path: String { folder + "/run.nc" }

    init() throws {
      folder = NSTemporaryDirectory() + "density job \(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let count = DensityJobTests.particles
      let writer = try RunFileWriter(
        path: path, force: false,
        RunFileDescription(
          metadata: FileMetadata(configText: "", history: "", source: "", seed: 1),
          limit: LimitDescription(name: "mean_field", alpha: -0.5, beta: 0, gamma: 0),
          particles: count, realizations: 1,
          recording: RecordingDescription(
            steps: [0], updates: 0, outputs: 1, probes: 0, trainingLabels: [1], testLabels: [1]),
          measure: MeasureDescription(
            snapshotSteps: [0, 5], particles: count, features: 2, outputs: 1,
            isSinglePrecision: false)))
      let stream = RandomStream(seed: 9, stream: .networkInputWeights)
      let masses = (0..<count).map { 1 + 0.5 * Double($0 % 3) }
      let sum = masses.reduce(0, +)
      try writer.writeMass(masses.map { $0 / sum })
      for snapshot in 0..<2 {
        let draws = (0..<count).map { stream.normals(3, particle: snapshot * count + $0) }
        let scale = Double(1 + snapshot)
        try draws.map { scale * $0[0] }.withUnsafeBufferPointer { a in
          try draws.flatMap { [$0[1], 0.5 * $0[1] + $0[2]] }.withUnsafeBufferPointer { w in
            try writer.writeSnapshotBlock(
              snapshotIndex: snapshot, firstParticle: 0, outputWeights: a, inputWeights: w,
              rows: count)
          }
        }
      }
      try writer.write(
        Trajectory(
          steps: [0], members: 1, updates: 0, trainingPoints: 1, testPoints: 1, outputs: 1,
          probes: 0, hasAccuracy: false, hasDecomposition: false, hasError: false))
      try writer.finish()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
  }

  let run: Run

  init() throws { run = try Run() }

  func record(_ request: DensityRequest, pilotNumbers: Int? = nil) throws -> DensityRecord {
    var job = try DensityJob(
      run.path, request: request, options: RunOptions(force: true, commandLine: "test"))
    if let pilotNumbers { job.pilotNumbers = pilotNumbers }
    return try job.run(output: run.folder + "/density.nc")
  }

  func request(_ projections: String...) throws -> DensityRequest {
    var request = DensityRequest()
    request.projections = try projections.map { try ProjectionExpression(parsing: $0) }
    return request
  }

  /// With grid and bandwidth given, a pilot changes nothing: the same particles are added.
  @Test func pilotsAndWholes() throws {
    var request = try request("a", "w[0],w[1]")
    request.bandwidth = .fixed([0.2])
    request.gridPoints = 40
    for axis in [AxisExpression.outputWeight(nil), .inputWeight(0), .inputWeight(1)] {
      request.bounds[axis] = -5...5
    }
    let (whole, part) = (try record(request), try record(request, pilotNumbers: 6000))
    for (a, b) in zip(whole.projections, part.projections) {
      #expect(largestDifference(a.density, b.density) < 1e-12 * a.density.max()!)
      #expect(a.outsideCount == b.outsideCount)
      #expect(a.mean == b.mean && a.effectiveSampleSize == b.effectiveSampleSize)
    }
    #expect(whole.projections[0].outsideCount[1] > 100)
  }

  /// From a pilot: bandwidths of all particles up to the spread of its own moments, a grid that is
  /// wider, and no mass that gets lost.
  @Test func choicesFromAPilot() throws {
    for rule in [BandwidthRule.silverman, .improvedSheatherJones] {
      var request = try request("a", "norm(w)", "w[0],w[1]")
      request.bandwidth = .rule(rule)
      request.gridPoints = 64
      let (whole, part) = (try record(request), try record(request, pilotNumbers: 1 << 15))
      for (a, b) in zip(whole.projections, part.projections) {
        for (x, y) in zip(a.bandwidthMatrix, b.bandwidthMatrix) where abs(x) > 1e-3 {
          #expect(abs(x / y - 1) < 0.15, "\(a.expression)")
        }
        #expect(b.bandwidthRule.hasSuffix("; of the first particles, scaled to the number of all"))
        #expect(!a.bandwidthRule.contains("first particles"))
        for (one, other) in zip(a.axes, b.axes) {
          #expect(
            other.points[0] <= one.points[0] + 0.3 && other.points[63] >= one.points[63] - 0.3)
        }
        for snapshot in 0..<2 {
          let mass = try b.estimate(snapshot: snapshot).integral
          #expect(abs(mass + b.outsideMass[snapshot] - 1) < 2e-3, "\(b.expression)")
        }
      }
      // Lengths are not below 0, reflected or not.
      #expect(part.projections[1].axes[0].points[0] == 0)
    }
  }

  /// The densities of the law that the particles were drawn from, within what smoothing and sampling
  /// allow, and what is computed from them.
  @Test func knownLaws() throws {
    let record = try record(try request("a", "w[1]"))
    // a ~ N(0, 1), then N(0, 4); w[1] ~ N(0, 5/4).
    let wide = (5.0 / 4).squareRoot()
    for (projection, deviations) in zip(record.projections, [[1.0, 2.0], [wide, wide]]) {
      for (snapshot, deviation) in deviations.enumerated() {
        let exact = projection.axes[0].points.map {
          exp(-$0 * $0 / (2 * deviation * deviation)) / (deviation * (2 * Double.pi).squareRoot())
        }
        #expect(
          largestDifference(projection.density(snapshot: snapshot), exact) < 0.02 / deviation)
        let entropy = 0.5 * log(2 * Double.pi * M_E * deviation * deviation)
        #expect(abs(projection.entropy[snapshot] - entropy) < 0.03)
        let levels = projection.quantileLevels
        let median = projection.quantiles[snapshot * levels.count + levels.firstIndex(of: 0.5)!]
        let upper = projection.quantiles[snapshot * levels.count + levels.firstIndex(of: 0.95)!]
        #expect(abs(median) < 0.03 * deviation)
        #expect(abs(upper / (1.6449 * deviation) - 1) < 0.03)
        #expect(abs(projection.standardDeviation[snapshot] / deviation - 1) < 0.02)
        #expect(abs(projection.modes[snapshot][0].position[0]) < 0.3 * deviation)
      }
    }
    // Between N(0, 4) and N(0, 1): Hellinger^2 = 1 - sqrt(4/5). A twentieth of the former lies where
    // there is no particle of the latter, of which the divergence is made: the file says how much.
    let distances = record.projections[0].fromFirst
    #expect(abs(distances.hellinger[1] - (1 - (4.0 / 5).squareRoot()).squareRoot()) < 0.01)
    #expect(distances.massBeyond[1] > 0.005 && distances.massBeyond[1] < 0.06)
    #expect(distances.kullbackLeibler[0] == 0 && distances.kullbackLeibler[1] > 1.5 - log(2))
    #expect(record.projections[1].fromFirst.l1[1] < 0.03)
  }

  /// Files of one name in two folders are two directions.
  @Test func directionsOfOneName() throws {
    for (folder, text) in [("x", "1 0"), ("y", "0 1")] {
      let path = run.folder + "/" + folder
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try text.write(toFile: path + "/e.csv", atomically: true, encoding: .utf8)
    }
    let (x, y) = ("file:'\(run.folder)/x/e.csv'", "file:'\(run.folder)/y/e.csv'")
    var request = try request(
      "dot(w, \(x)), dot(w, \(y))", "dot(w, \(x))", "dot(w, \(y))", "w[0],w[1]")
    request.bandwidth = .fixed([0.3])
    request.gridPoints = 20
    let record = try record(request)
    #expect(record.directions.map(\.identifier) == ["file_e_csv", "file_e_csv_2"])
    #expect(record.directions.map(\.values) == [[1, 0], [0, 1]])
    #expect(
      record.projections[0].axes.map(\.identifier) == ["dot_w_file_e_csv", "dot_w_file_e_csv_2"])
    #expect(record.projections[2].identifier == "dot_w_file_e_csv_2")
    #expect(
      largestDifference(record.projections[0].density, record.projections[3].density) < 1e-12)
    #expect(try DensityRecord.read(run.folder + "/density.nc").projections == record.projections)
  }

  @Test func gridsThatDoNotFit() throws {
    var request = try request("a,w[0],w[1]")
    request.gridPoints = 1 << 14
    #expect {
      _ = try record(request)
    } throws: { error in
      let diagnostic = error as? Diagnostic
      return diagnostic?.key == "--grid"
        && diagnostic?.message.hasPrefix("grids for 2 snapshots need up to ") == true
        && diagnostic?.message.hasSuffix("; take fewer grid points, snapshots or projections")
          == true
    }
  }
}
