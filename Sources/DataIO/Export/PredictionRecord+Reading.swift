import Diagnostics

extension PredictionRecord {
  /// Reads PREDICTION.nc, without covariances.
  ///
  /// - Throws: as ``NetCDFReader``; `Diagnostic(.badInput)` also where a variable has not the dimensions it
  ///   should.
  public static func read(_ path: String) throws -> PredictionRecord {
    let file = try NetCDFReader(path: path)
    guard try file.text("infinitewidth_file") == RecordKind.prediction.rawValue else {
      throw Diagnostic(
        .badInput, "not a file of predictions (written by infwidth predict)", file: path)
    }
    let dimensions = DimensionLengths(file: file, group: file.root)
    func numbers(_ name: String, _ expected: [String]) throws -> [Double] {
      try dimensions.check(name, dimensions: expected)
      return try file.read(name)
    }
    let times = try numbers("time", ["time"])
    let (train, test) = (
      try numbers("train_label", ["train"]), try numbers("test_label", ["test"])
    )
    guard let outputs = try file.dimensionLength("output"), outputs >= 1 else {
      throw Diagnostic(.badInput, "the file has no dimension output", file: path)
    }
    if outputs > 1,
      let label = (train + test).first(where: {
        $0 != $0.rounded() || !(0..<Double(outputs)).contains($0)
      })
    {
      throw Diagnostic(
        .badInput, "received the label \(label); accepted: class numbers from 0 to \(outputs - 1)",
        file: path)
    }
    /// The parts of a variable, one a time, or the whole of it.
    func parts(_ name: String, _ shape: [String], _ prefix: String) throws -> [[Double]] {
      let isTimed = prefix == "ntk"
      let all = try numbers("\(prefix)_\(name)", (isTimed ? ["time"] : []) + shape)
      guard isTimed else { return [all] }
      let size = all.count / max(1, times.count)
      return times.indices.map { Array(all[($0 * size)..<(($0 + 1) * size)]) }
    }
    func laws(_ prefix: String) throws -> [FunctionLaw] {
      let trainingMean = try parts("train_mean", ["train", "output"], prefix)
      let testMean = try parts("test_mean", ["test", "output"], prefix)
      let trainingDeviation = try parts("train_std", ["train"], prefix)
      let testDeviation = try parts("test_std", ["test"], prefix)
      let scores = try PredictionScores.names.map { try parts($0, [], prefix) }
      return trainingMean.indices.map { k in
        FunctionLaw(
          trainingMean: trainingMean[k], testMean: testMean[k],
          trainingDeviation: trainingDeviation[k], testDeviation: testDeviation[k],
          scores: PredictionScores(scores.map { $0[k][0] }))
      }
    }
    return PredictionRecord(
      path: path, outputs: outputs, trainingLabels: train, testLabels: test,
      noiseDeviation: try file.number("noise_std") ?? 0, times: times,
      bayesian: try laws("nngp")[0], ensembles: try laws("ntk"))
  }
}
