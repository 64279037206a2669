import DataIO
import Diagnostics
import Foundation
import ParticleSystems
import Testing

@Suite struct ExportRunTests {
  @Test(arguments: [1, 3]) func roundTrip(realizations: Int) throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("run.nc")
    let trajectory = numberedTrajectory(
      members: realizations, hasError: realizations == 1, hasProbePairs: true)
    let file = try RunFileWriter(path: path, force: false, exampleRun(trajectory))
    try file.write(trajectory)
    try file.finish()
    let record = try RunRecord.read(path)
    #expect(record.trajectory == trajectory)
    #expect(record.limit == exampleRun(trajectory).limit)
    #expect(record.particles == 1000)
    #expect(record.configText == "scaling: mean_field  # é\n")
    #expect(record.trainingLabels == [-1, 1, -1, 1] && record.testLabels == [1, -1, 1])
    #expect(try recordKind(of: path) == .run)
    #expect(try folder.contents() == ["run.nc"])
  }

  @Test func whatIsThere() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("run.nc")
    let trajectory = numberedTrajectory(
      members: 2, updates: 0, probes: 0, outputs: 3, hasAccuracy: false)
    let file = try RunFileWriter(path: path, force: false, exampleRun(trajectory))
    try file.write(trajectory)
    try file.finish()
    let reader = try NetCDFReader(path: path)
    for name in ["train_accuracy", "test_accuracy", "test_logits_error", "decomposition_std"] {
      #expect(!reader.hasVariable(name))
    }
    #expect(reader.group("measure") == nil)
    #expect(try RunRecord.read(path).trajectory == trajectory)
    let curves = try RunRecord.read(path, parts: [.testLogits]).trajectory
    #expect(curves.trainingLogits == [] && curves.lossGradient == [])
    #expect(curves.testLogits == trajectory.testLogits && curves.testLoss == trajectory.testLoss)
  }

  @Test func divergenceIsRecorded() throws {
    let folder = try NetCDFScratchFolder()
    var trajectory = numberedTrajectory(members: 3)
    trajectory.divergedAtStep = [nil, 4, 2]
    for (name, given, expected) in [("a.nc", nil, 2), ("b.nc", 1, 1)] as [(String, Int?, Int)] {
      let file = try RunFileWriter(path: folder(name), force: false, exampleRun(trajectory))
      try file.write(trajectory)
      try file.finish(divergedAtStep: given)
      let reader = try NetCDFReader(path: folder(name))
      #expect(try reader.attribute("diverged_at_step") == .int(expected))
      #expect(try RunRecord.read(folder(name)).trajectory.divergedAtStep == [nil, 4, 2])
    }
  }

  /// Blocks of particles in single and double precision, whatever the file stores.
  /// No run writes them; after a member diverged they are NaN.
  @Test(arguments: ["train_logits", "test_logits", "loss_gradient"])
  func numbersThatAreNotFiniteAreRefused(name: String) throws {
    let folder = try NetCDFScratchFolder()
    for divergedAt in [nil, 1, 2] {
      var trajectory = numberedTrajectory(members: 2)
      trajectory.divergedAtStep[1] = divergedAt
      let arrays: [String: WritableKeyPath<Trajectory, [Double]>] = [
        "train_logits": \.trainingLogits, "test_logits": \.testLogits,
        "loss_gradient": \.lossGradient,
      ]
      let array = try #require(arrays[name])
      let count = trajectory[keyPath: array].count
      let rows = name == "loss_gradient" ? Array(0..<5) : trajectory.steps
      let place = count / 2 + count / 2 / rows.count
      trajectory[keyPath: array][place] = .nan
      let path = folder("run.nc")
      let writer = try RunFileWriter(path: path, force: true, exampleRun(trajectory))
      try writer.write(trajectory)
      try writer.finish()
      let isKnown = divergedAt.map { rows[1] >= $0 } ?? false
      if isKnown {
        #expect(try RunRecord.read(path).trajectory.divergedAtStep == [nil, divergedAt])
      } else {
        #expect(
          throws: Diagnostic(
            .badInput,
            "the variable \(name) has numbers at step \(rows[1]) that are not finite, where the run had not"
              + " diverged", file: path)
        ) { try RunRecord.read(path) }
      }
    }
  }

  /// A claim that nothing in the file justifies costs nothing.
  @Test func anyNumberOfUpdatesWithoutLossGradients() throws {
    let folder = try NetCDFScratchFolder()
    var trajectory = numberedTrajectory(members: 2)
    trajectory.lossGradient = []
    trajectory.updates = 1 << 40
    let path = folder("run.nc")
    let writer = try RunFileWriter(path: path, force: true, exampleRun(trajectory))
    try writer.write(trajectory)
    try writer.finish()
    #expect(try RunRecord.read(path).trajectory == trajectory)
  }

  @Test(arguments: [true, false]) func measure(isSinglePrecision: Bool) throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("run.nc")
    let trajectory = numberedTrajectory(members: 1)
    let shape = MeasureDescription(
      snapshotSteps: [0, 5], particles: 5, features: 3, outputs: 2,
      isSinglePrecision: isSinglePrecision)
    let file = try RunFileWriter(path: path, force: false, exampleRun(trajectory, measure: shape))
    try file.writeMass([0.1, 0.2, 0.3, 0.2, 0.2])
    func block<Scalar: NetCDFElement & BinaryFloatingPoint>(
      _ type: Scalar.Type, _ snapshot: Int, _ first: Int, _ rows: Int
    ) throws {
      let a = (0..<(rows * 2)).map { Scalar(100 * snapshot + first * 2 + $0) }
      let w = (0..<(rows * 3)).map { Scalar(1000 + 100 * snapshot + first * 3 + $0) }
      try a.withUnsafeBufferPointer { a in
        try w.withUnsafeBufferPointer { w in
          try file.writeSnapshotBlock(
            snapshotIndex: snapshot, firstParticle: first, outputWeights: a, inputWeights: w,
            rows: rows)
        }
      }
    }
    try block(Double.self, 0, 0, 3)
    try block(Float.self, 0, 3, 2)
    try block(Float.self, 1, 0, 4)
    try file.write(trajectory)
    try file.finish()
    let reader = try NetCDFReader(path: path)
    let group = try #require(reader.group("measure"))
    #expect(try reader.read("step", as: Int.self, in: group) == [0, 5])
    #expect(try reader.read("mass", in: group) == [0.1, 0.2, 0.3, 0.2, 0.2])
    let a = try reader.read("output_weight", in: group)
    let expected: [Double] = [
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 101, 102, 103, 104, 105, 106, 107,
    ]
    #expect(Array(a.prefix(18)) == expected && a.count == 20)
    #expect(a[18].isNaN && a[19].isNaN)
    let w = try reader.read("input_weight", in: group, start: [1, 1, 0], count: [1, 2, 3])
    #expect(w == [1103, 1104, 1105, 1106, 1107, 1108])
    #expect(
      try reader.shape(of: "input_weight", in: group).map(\.name)
        == ["snapshot", "particle", "feature"])
  }

  /// The header as an independent program prints it.
  @Test func header() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("run.nc")
    let trajectory = numberedTrajectory(members: 1, hasError: true)
    let shape = MeasureDescription(
      snapshotSteps: [0, 5], particles: 5, features: 3, outputs: 1, isSinglePrecision: true)
    let file = try RunFileWriter(path: path, force: false, exampleRun(trajectory, measure: shape))
    try file.write(trajectory)
    try file.finish()
    guard let header = try output(of: "ncdump", ["-h", path]) else { return }
    for line in [
      "realization = 1 ;", "step = 3 ;", "update = 5 ;", "train = 4 ;", "test = 3 ;",
      "output = 1 ;", "probe = 2 ;", "int64 step(step) ;", "int64 realization(realization) ;",
      "double train_loss(realization, step) ;", "double test_loss(realization, step) ;",
      "double train_accuracy(realization, step) ;", "double test_accuracy(realization, step) ;",
      "double train_logits(realization, step, train, output) ;",
      "double test_logits(realization, step, test, output) ;",
      "double test_logits_error(step) ;",
      "double loss_gradient(realization, update, train, output) ;",
      "double tangent_kernel_diagonal(realization, step, probe) ;", "double train_label(train) ;",
      "double test_label(test) ;", "int diverged_at_step(realization) ;",
      "test_loss:_FillValue = NaN ;", ":Conventions = \"CF-1.11\" ;",
      ":infinitewidth_file = \"run\" ;", ":limit = \"mean_field\" ;", ":alpha = -0.5 ;",
      ":beta = 0. ;", ":gamma = 0. ;", ":particles = 1000LL ;", ":diverged_at_step = -1LL ;",
      ":seed = 7LL ;", ":source = \"InfiniteWidth 1.0.0\" ;", ":note = \"hello\" ;",
      ":history = \"2026-01-02T03:04:05Z infwidth limit a b\" ;",
      ":config = \"scaling: mean_field  # é\\n\" ;", "group: measure {", "snapshot = 2 ;",
      "particle = 5 ;", "feature = 3 ;", "int64 step(snapshot) ;", "double mass(particle) ;",
      "float output_weight(snapshot, particle, output) ;",
      "float input_weight(snapshot, particle, feature) ;",
    ] {
      #expect(header.contains(line), "\(line)\n\(header)")
    }
    let count = { (part: String) in header.components(separatedBy: part).count - 1 }
    #expect(count(":units = \"1\" ;") == 24 && count(":long_name = ") == 24)
  }

  @Test func existingFiles() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("run.nc")
    try "old".write(toFile: path, atomically: false, encoding: .utf8)
    let trajectory = numberedTrajectory(members: 1)
    #expect(
      throws: Diagnostic(
        .outputFailure, "the file exists; choose another name or pass --force", file: path)
    ) { try RunFileWriter(path: path, force: false, exampleRun(trajectory)) }
    _ = try RunFileWriter(path: path, force: true, exampleRun(trajectory))
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
    #expect(try folder.contents() == ["run.nc"])
  }
}
