import DataIO
import Diagnostics
import ParticleSystems
import Testing

@Suite struct ExportNetsTests {
  private func description(_ trajectory: Trajectory, seeds: [Int]) -> NetsFileDescription {
    NetsFileDescription(
      metadata: exampleMetadata(),
      limit: LimitDescription(name: "ntk", alpha: 0, beta: 0, gamma: -0.5), widths: [16, 64],
      seeds: seeds, recording: exampleRecording(trajectory))
  }

  /// One width whole, the other in chunks of seeds.
  @Test func roundTrip() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("nets.nc")
    var first = numberedTrajectory(members: 3, hasDecomposition: true, hasProbePairs: true)
    first.divergedAtStep = [nil, 5, nil]
    var pair = numberedTrajectory(
      members: 2, hasDecomposition: true, hasProbePairs: true, offset: 1e6)
    pair.divergedAtStep = [3, nil]
    let single = numberedTrajectory(
      members: 1, hasDecomposition: true, hasProbePairs: true, offset: 2e6)
    let file = try NetsFileWriter(path: path, force: false, description(first, seeds: [1, 2, 3]))
    try file.write(first, widthIndex: 0)
    try file.write(single, widthIndex: 1, firstSeed: 2)
    try file.write(pair, widthIndex: 1)
    try file.finish()
    let record = try NetsRecord.read(path)
    #expect(record.widths == [16, 64] && record.seeds == [1, 2, 3])
    #expect(record.limit == LimitDescription(name: "ntk", alpha: 0, beta: 0, gamma: -0.5))
    #expect(record.configText == exampleMetadata().configText)
    #expect(record.trainingLabels == [-1, 1, -1, 1] && record.testLabels == [1, -1, 1])
    #expect(record.trajectories[0] == first)
    let second = record.trajectories[1]
    #expect(second.testLogits == pair.testLogits + single.testLogits)
    #expect(second.tangentKernel == pair.tangentKernel + single.tangentKernel)
    #expect(second.lossGradient == pair.lossGradient + single.lossGradient)
    #expect(
      second.decompositionStandardDeviation
        == pair.decompositionStandardDeviation + single.decompositionStandardDeviation)
    #expect(second.divergedAtStep == [3, nil, nil])
    #expect(try NetCDFReader(path: path).attribute("diverged_at_step") == .int(3))
    #expect(try recordKind(of: path) == .nets)
  }

  /// Nine terms, and the increments of four layers of weights.
  @Test func severalLayers() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("nets.nc")
    let trajectory = numberedTrajectory(
      members: 2, hasDecomposition: true, terms: .severalLayers, incrementLayers: 4)
    let file = try NetsFileWriter(path: path, force: false, description(trajectory, seeds: [4, 9]))
    try file.write(trajectory, widthIndex: 0)
    try file.write(trajectory, widthIndex: 1)
    try file.finish()
    #expect(try NetsRecord.read(path).trajectories == [trajectory, trajectory])
    let reader = try NetCDFReader(path: path)
    #expect(
      try reader.readStrings("term") == [
        "f_0", "f_a", "f_v", "f_w", "f_vw", "f_aw", "f_av", "f_avw", "f_mixed",
      ])
    #expect(try reader.read("layer", as: Int.self) == [1, 2, 3, 4])
    #expect(
      try reader.shape(of: "increment_rms").map(\.name) == ["width", "seed", "step", "layer"])
  }

  @Test func header() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("nets.nc")
    let trajectory = numberedTrajectory(
      members: 2, hasDecomposition: true, hasProbePairs: true)
    let file = try NetsFileWriter(path: path, force: false, description(trajectory, seeds: [4, 9]))
    try file.write(trajectory, widthIndex: 0)
    try file.finish()
    guard let text = try output(of: "ncdump", ["-v", "term,seed,width,diverged_at_step", path])
    else { return }
    for line in [
      "width = 2 ;", "seed = 2 ;", "term = 4 ;", "double test_loss(width, seed, step) ;",
      "double test_logits(width, seed, step, test, output) ;",
      "double loss_gradient(width, seed, update, train, output) ;",
      "double tangent_kernel_diagonal(width, seed, step, probe) ;",
      "double tangent_kernel(width, seed, step, probe, other_probe) ;",
      "double decomposition_std(width, seed, step, term) ;",
      "int diverged_at_step(width, seed) ;", "string term(term) ;",
      "term = \"f_0\", \"f_a\", \"f_w\", \"f_aw\" ;", "seed = 4, 9 ;", "width = 16, 64 ;",
      ":infinitewidth_file = \"nets\" ;",
    ] {
      #expect(text.contains(line), "\(line)\n\(text)")
    }
    // What was never written is NaN, which would be refused of logits.
    let record = try NetsRecord.read(path, parts: [])
    #expect(record.trajectories[1].testLoss.allSatisfy { $0.isNaN })
    #expect(record.trajectories[1].divergedAtStep == [nil, nil])
  }

  /// Weights written net by net, the last net never, and read pooled over the seeds: in parts that begin
  /// and end anywhere.
  @Test func weights() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("nets.nc")
    let trajectory = numberedTrajectory(members: 3, hasDecomposition: true, hasProbePairs: true)
    var description = description(trajectory, seeds: [4, 5, 9])
    description.weights = NetsWeightsDescription(
      snapshotSteps: [0, 7], features: 2, outputs: 1, isSinglePrecision: false)
    #expect(description.weights?.bytes(widths: [16, 64], seeds: 3) == Double(80 * 3 * 2 * 3 * 8))
    let file = try NetsFileWriter(path: path, force: false, description)
    /// A number that tells where it belongs.
    func number(_ seed: Int, _ snapshot: Int, _ neuron: Int, _ entry: Int) -> Double {
      Double(((seed * 10 + snapshot) * 100 + neuron) * 10 + entry)
    }
    for seed in 0..<2 {
      for snapshot in 0..<2 {
        for first in stride(from: 0, to: 16, by: 12) {
          let rows = first..<min(16, first + 12)
          let a = rows.map { number(seed, snapshot, $0, 0) }
          let w = rows.flatMap { row in [1, 2].map { number(seed, snapshot, row, $0) } }
          try a.withUnsafeBufferPointer { a in
            try w.withUnsafeBufferPointer { w in
              try file.writeSnapshotBlock(
                widthIndex: 0, seedIndex: seed, snapshotIndex: snapshot, firstNeuron: first,
                outputWeights: a, inputWeights: w, rows: rows.count)
            }
          }
        }
      }
    }
    try file.finish()
    #expect(try MeasureFile.widths(path) == [16, 64])
    let measure = try MeasureFile(path, width: 16)
    #expect(measure.steps == [0, 7] && measure.particles == 48 && measure.seeds == 3)
    #expect(measure.features == 2 && measure.outputs == 1)
    let masses = try measure.masses(first: 10, count: 38)
    #expect(masses.allSatisfy { $0 == 1.0 / 48 } && masses.count == 38)
    let (a, w) = try measure.weights(snapshot: 1, first: 13, count: 20)
    let places = (13..<33).map { $0.quotientAndRemainder(dividingBy: 16) }
    #expect(
      zip(a, places).allSatisfy { a, place in
        place.quotient == 2 ? a.isNaN : a == number(place.quotient, 1, place.remainder, 0)
      })
    #expect(w[2 * 3 + 1] == number(1, 1, 0, 2) && w[0] == number(0, 1, 13, 1))
    #expect(
      throws: Diagnostic(.badInput, "the file has no group measure/width_32", file: path)
    ) { try MeasureFile(path, width: 32) }
    guard let text = try output(of: "ncdump", ["-h", path]) else { return }
    for line in [
      "group: measure {", "group: width_64 {", "int64 seed(seed) ;", "int64 step(snapshot) ;",
      "double mass(particle) ;", "double output_weight(seed, snapshot, particle, output) ;",
      "double input_weight(seed, snapshot, particle, feature) ;",
    ] { #expect(text.contains(line), "\(line)\n\(text)") }
  }

  @Test func disksThatAreTooSmall() throws {
    let folder = try NetCDFScratchFolder()
    try checkSpace(bytes: 1000, for: folder("x.nc"), what: "numbers need", advice: "take fewer")
    #expect {
      try checkSpace(bytes: 1e18, for: folder("x.nc"), what: "numbers need", advice: "take fewer")
    } throws: { error in
      let diagnostic = error as? Diagnostic
      let message = diagnostic?.message ?? ""
      return diagnostic?.kind == .outputFailure && diagnostic?.file == folder("x.nc")
        && message.hasPrefix("numbers need 1000000000.0 GB on the disk, of which ")
        && message.hasSuffix(" GB are free; take fewer")
    }
  }

  @Test func otherFilesAreTold() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("other.nc")
    try NetCDFWriter(path: path, force: false).finish()
    #expect(
      throws: Diagnostic(
        .badInput,
        "neither a limit (written by infwidth limit) nor finite nets (written by infwidth train) nor"
          + " densities (written by infwidth density) nor a comparison (written by infwidth compare) nor"
          + " predictions (written by infwidth predict)",
        file: path)
    ) { try recordKind(of: path) }
    #expect(throws: Diagnostic(.badInput, "the file has no dimension width", file: path)) {
      try NetsRecord.read(path)
    }
  }

  /// Without the attribute the dimensions of the logits tell.
  @Test func kindByVariables() throws {
    let folder = try NetCDFScratchFolder()
    for (names, kind) in [
      (["realization", "step", "test", "output"], RecordKind.run),
      (["width", "seed", "step", "test", "output"], .nets),
    ] {
      let path = folder("\(kind).nc")
      let file = try NetCDFWriter(path: path, force: false)
      let dimensions = try names.map { try file.defineDimension($0, length: 1) }
      _ = try file.defineVariable("test_logits", Double.self, dimensions, longName: "l")
      try file.finish()
      #expect(try recordKind(of: path) == kind)
    }
  }

  @Test func wrongShapesAreRefused() throws {
    let folder = try NetCDFScratchFolder()
    let path = folder("run.nc")
    let file = try NetCDFWriter(path: path, force: false)
    let names = ["realization", "step", "update", "train", "test", "output", "probe"]
    let dimensions = try names.map { try file.defineDimension($0, length: 1) }
    let step = try file.defineVariable("step", Int.self, [dimensions[1]], longName: "s")
    try file.write([0], to: step)
    _ = try file.defineVariable(
      "train_loss", Double.self, [dimensions[1], dimensions[0]], longName: "l")
    try file.finish()
    #expect(
      throws: Diagnostic(
        .badInput,
        "the variable train_loss has the dimensions (step, realization); (realization, step) "
          + "are expected", file: path)
    ) { try RunRecord.read(path) }
  }
}
