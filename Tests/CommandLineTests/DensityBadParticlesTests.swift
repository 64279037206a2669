import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// Particles of which there is no density, or none by a rule.
@Suite struct DensityBadParticlesTests: DensityExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  /// A law whose a is the same for every particle at step 0, and is not a number at step 2.
  @Test func constantProjections() throws {
    try writeRun(masses: [0.25, 0.25, 0.25, 0.25])
    let first = ["--snapshots", "0", "--project"]
    try expectError(
      first + ["a,norm(w)"], status: 65,
      "a, norm(w): step 0: a is 0.5 for every particle; a bandwidth rule needs different values"
        + " (--bandwidth with a number does not)")
    let record = try density("--snapshots", "0", "--project", "a", "--bandwidth", "0.3")
    let projection = record.projections[0]
    let peak = 1 / (0.3 * (2 * Double.pi).squareRoot())
    #expect(abs(projection.density.max()! / peak - 1) < 1e-4)
    try expectError(
      ["--project", "a"], status: 65,
      "run.nc: a is nan for a particle at step 2: the run diverged before, or w is 0, which has no"
        + " angle; choose other --snapshots or another projection")
    try expectError(
      first + ["angle(w, file:e.csv)"], status: 66,
      "e.csv: angle(w, file:e.csv): there is no such file")
    try folder.write("e.csv", "1 1")
    try expectError(
      first + ["angle(w, file:e.csv)"], status: 65,
      "run.nc: angle(w, file:e.csv) is nan for a particle at step 0: the run diverged before, or w is"
        + " 0, which has no angle; choose other --snapshots or another projection")
  }

  /// A histogram between given bounds needs no different values; a grid beside all particles has no
  /// quantiles, which is said.
  @Test func constantHistograms() throws {
    try writeRun(masses: [0.25, 0.25, 0.25, 0.25])
    let first = ["--snapshots", "0", "--project", "a", "--histogram"]
    try expectError(
      first, status: 65,
      "a: step 0: a is 0.5 for every particle; a histogram needs different values, or --bounds")
    let result = try run(
      ["density", "run.nc", "-o", "density.nc", "--quiet", "--bounds", "a=0:1", "--grid", "5"]
        + first)
    #expect(result.status == 0, "\(result.errors)")
    let density = try DensityRecord.read(folder.path + "/density.nc").projections[0]
    #expect(largestDifference(density.density, [0, 0, 5, 0, 0]) < 1e-12)
    let beside = try run([
      "density", "run.nc", "-o", "beside.nc", "--quiet", "--snapshots", "0", "--project", "a",
      "--bandwidth", "0.01", "--bounds", "a=7:8",
    ])
    #expect(beside.status == 0)
    #expect(
      beside.errors
        == "infwidth: warning: a: all particles at step 0 lie beyond the grid; take other bounds\n")
    let nothing = try DensityRecord.read(folder.path + "/beside.nc").projections[0]
    #expect(nothing.outsideCount == [4] && nothing.quantiles.allSatisfy { $0.isNaN })
    #expect(nothing.modes == [[]])
  }

  @Test(arguments: [(-0.1, "-0.1"), (.nan, "nan"), (.infinity, "inf")])
  func badMasses(mass: Double, text: String) throws {
    try writeRun(masses: [0.25, 0.25, mass, 0.25])
    try expectError(
      ["--snapshots", "0", "--project", "a"], status: 65,
      "run.nc: the mass of particle 2 is \(text); accepted: finite numbers that are not negative")
  }

  @Test func noMass() throws {
    try writeRun(masses: [0, 0, 0, 0])
    try expectError(
      ["--snapshots", "0", "--project", "a"], status: 65,
      "a: all masses of the sample are 0; at least one must be positive")
  }

  /// A run of four particles with a as in ``constantProjections()``.
  private func writeRun(masses: [Double]) throws {
    let trajectory = Trajectory(
      steps: [0], members: 1, updates: 0, trainingPoints: 1, testPoints: 1, outputs: 1, probes: 0,
      hasAccuracy: false, hasDecomposition: false, hasError: false)
    let writer = try RunFileWriter(
      path: folder.path + "/run.nc", force: false,
      RunFileDescription(
        metadata: FileMetadata(configText: Self.small, history: "", source: "", seed: 1),
        limit: LimitDescription(name: "mean_field", alpha: -0.5, beta: 0, gamma: 0), particles: 4,
        realizations: 1,
        recording: RecordingDescription(
          steps: [0], updates: 0, outputs: 1, probes: 0, trainingLabels: [1], testLabels: [1]),
        measure: MeasureDescription(
          snapshotSteps: [0, 2], particles: 4, features: 2, outputs: 1, isSinglePrecision: false)))
    try writer.writeMass(masses)
    for (snapshot, a) in [[0.5, 0.5, 0.5, 0.5], [0.5, .nan, 1, 2]].enumerated() {
      try a.withUnsafeBufferPointer { a in
        try [0, 0, 1, 2, 3, 4, 5, 6.0].withUnsafeBufferPointer {
          try writer.writeSnapshotBlock(
            snapshotIndex: snapshot, firstParticle: 0, outputWeights: a, inputWeights: $0, rows: 4)
        }
      }
    }
    try writer.write(trajectory)
    try writer.finish()
  }
}
