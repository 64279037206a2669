public import ParticleSystems

/// What NETS.nc holds, read back for figures and comparisons.
public struct NetsRecord: Sendable {
  /// The file, as the user named it.
  public var path: String
  /// The limit of the networks' scaling.
  public var limit: LimitDescription
  /// d*, the width at which networks of all scalings are the same (attribute `reference_width`);
  /// `nil` where the file does not say.
  public var referenceWidth: Int?
  /// The configuration of the run.
  public var configText: String
  /// Hidden widths, increasing.
  public var widths: [Int]
  /// Numbers of the seeds.
  public var seeds: [Int]
  /// One trajectory a width; members are the seeds.
  public var trajectories: [Trajectory]
  /// One a training point, as in ``LearningProblem``.
  public var trainingLabels: [Double]
  /// One a test point.
  public var testLabels: [Double]

  package init(
    path: String, limit: LimitDescription, configText: String, widths: [Int], seeds: [Int],
    trajectories: [Trajectory], trainingLabels: [Double], testLabels: [Double],
    referenceWidth: Int? = nil
  ) {
    self.path = path
    self.limit = limit
    self.configText = configText
    self.widths = widths
    self.seeds = seeds
    self.trajectories = trajectories
    self.trainingLabels = trainingLabels
    self.testLabels = testLabels
    self.referenceWidth = referenceWidth
  }

  /// Reads the file, with all of its arrays or only the `parts` named.
  ///
  /// - Throws: as ``NetCDFReader``; `Diagnostic(.badInput)` also where a variable has not the
  ///   dimensions it should.
  public static func read(_ path: String, parts: RecordParts = .all) throws -> NetsRecord {
    let file = try NetCDFReader(path: path)
    let reading = try TrajectoryReading(file, memberDimensions: ["width", "seed"], parts: parts)
    let widths = try reading.integers("width")
    try checkIncreasing(widths, "width", from: 1, in: file)
    return NetsRecord(
      path: path, limit: try LimitDescription(from: file),
      configText: try file.text("config") ?? "", widths: widths,
      seeds: try reading.integers("seed"),
      trajectories: try widths.indices.map { try reading.trajectory(at: [$0]) },
      trainingLabels: try reading.labels("train_label", "train"),
      testLabels: try reading.labels("test_label", "test"),
      referenceWidth: try file.referenceWidth)
  }
}
