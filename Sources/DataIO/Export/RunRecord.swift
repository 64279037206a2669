public import ParticleSystems

/// What RUN.nc holds, read back for figures and comparisons; the measure stays in the file.
public struct RunRecord: Sendable {
  /// The file, as the user named it.
  public var path: String
  /// The limit that was computed.
  public var limit: LimitDescription
  /// d*, the width at which the limit's logits are those of networks (attribute `reference_width`);
  /// `nil` where the file does not say.
  public var referenceWidth: Int?
  /// 0 where the limit was computed without particles.
  public var particles: Int
  /// The configuration of the run.
  public var configText: String
  /// Members are the realizations.
  public var trajectory: Trajectory
  /// One a training point, as in ``LearningProblem``.
  public var trainingLabels: [Double]
  /// One a test point.
  public var testLabels: [Double]

  package init(
    path: String, limit: LimitDescription, particles: Int, configText: String,
    trajectory: Trajectory, trainingLabels: [Double], testLabels: [Double],
    referenceWidth: Int? = nil
  ) {
    self.path = path
    self.limit = limit
    self.particles = particles
    self.configText = configText
    self.trajectory = trajectory
    self.trainingLabels = trainingLabels
    self.testLabels = testLabels
    self.referenceWidth = referenceWidth
  }

  /// Reads the file, with all of its arrays or only the `parts` named.
  ///
  /// - Throws: as ``NetCDFReader``; `Diagnostic(.badInput)` also where a variable has not the
  ///   dimensions it should.
  public static func read(_ path: String, parts: RecordParts = .all) throws -> RunRecord {
    let file = try NetCDFReader(path: path)
    let reading = try TrajectoryReading(file, memberDimensions: ["realization"], parts: parts)
    return RunRecord(
      path: path, limit: try LimitDescription(from: file),
      particles: try file.number("particles").flatMap(Int.init(exactly:)) ?? 0,
      configText: try file.text("config") ?? "", trajectory: try reading.trajectory(at: []),
      trainingLabels: try reading.labels("train_label", "train"),
      testLabels: try reading.labels("test_label", "test"),
      referenceWidth: try file.referenceWidth)
  }
}

extension NetCDFReader {
  /// The attribute `reference_width`, or `nil` where it is missing or no width.
  var referenceWidth: Int? {
    get throws {
      try number("reference_width").flatMap(Int.init(exactly:)).flatMap { $0 > 0 ? $0 : nil }
    }
  }
}
