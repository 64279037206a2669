/// Everything an experiment is made of, as the configuration file states it, with defaults filled
/// in.
///
/// Read user files with ``LoadedConfiguration``, which checks every key and names the line at fault.
/// `Codable` serves to store a checked configuration with its results and to read it back: decoding
/// restores what encoding wrote and does not check ranges again.
public struct ExperimentConfiguration: Sendable, Equatable, Codable {
  /// What is learned.
  public var data: DataSection
  /// `nil` where the file has no such section.
  public var network: NetworkSection?
  /// `nil` where the file has no such section.
  public var training: TrainingSection?
  /// Default: mean_field; ntk where the configuration `isAboutDeepNetwork`.
  public var scaling: ScalingSection
  /// How the limit is simulated; defaults where the file has no such section.
  public var limit: LimitSection
  /// `nil` where the file has no such section.
  public var finite: FiniteSection?
  /// What a run keeps; defaults where the file has no such section.
  public var record: RecordSection
  /// `nil` where the file has no such section.
  public var prediction: PredictionSection?
  /// `nil` where the file has no such section.
  public var study: StudySection?

  /// Sections that are left out have their defaults, or are missing where a command that wants them says so.
  public init(
    data: DataSection, network: NetworkSection? = nil, training: TrainingSection? = nil,
    scaling: ScalingSection = .named(.meanField), limit: LimitSection = LimitSection(),
    finite: FiniteSection? = nil, record: RecordSection = RecordSection(),
    prediction: PredictionSection? = nil, study: StudySection? = nil
  ) {
    self.data = data
    self.network = network
    self.training = training
    self.scaling = scaling
    self.limit = limit
    self.finite = finite
    self.record = record
    self.prediction = prediction
    self.study = study
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case data, network, training, scaling, limit, finite, record, prediction, study
  }
}

extension ExperimentConfiguration {
  /// The sections of a configuration file: those of an experiment, and its scales.
  enum FileKeys: String, CodingKey, CaseIterable {
    case data, network, training, scaling, limit, finite, record, prediction, study, scales
  }

  /// - Parameter scale: whose keys replace those of the file.
  init(_ value: ValueReader, scale: ConfigurationScale? = nil) throws {
    let file = try MappingReader<FileKeys>(value)
    let changes = try scale.map { try MappingReader<CodingKeys>($0.value) }
    func section(_ key: CodingKeys) -> ValueReader? {
      let written = FileKeys(rawValue: key.rawValue).flatMap { file[$0] }
      guard let change = changes?[key] else { return written }
      return written?.replacing(with: change) ?? change
    }
    guard let dataSection = section(.data) else {
      throw file.missing(.data, give: "a section that says what is learned, such as format: csv")
    }
    self.init(data: try DataSection(dataSection))
    network = try section(.network).map { try NetworkSection($0) }
    // One value, not a section whose keys could be replaced one by one.
    let givenScaling = try (changes?[.scaling] ?? file[.scaling]).map { try ScalingSection($0) }
    limit = try section(.limit).map { try LimitSection($0) } ?? limit
    scaling = givenScaling ?? (isAboutDeepNetwork ? .named(.ntk) : scaling)
    training = try section(.training).map {
      try TrainingSection(
        $0, trainingPoints: data.train, takesZeroEpsilon: deepScalingName != nil)
    }
    finite = try section(.finite).map { try FiniteSection($0) }
    record =
      try section(.record).map { try RecordSection($0, trainingSteps: training?.steps) } ?? record
    prediction = try section(.prediction).map { try PredictionSection($0) }
    study = try section(.study).map { try StudySection($0) }
  }
}
