/// Everything an experiment is made of, as the configuration file states it, with defaults filled
/// in.
///
/// Read user files with ``LoadedConfiguration``, which checks every key and names the line at fault.
/// `Codable` serves to store a checked configuration with its results and to read it back: decoding
/// restores what encoding wrote and does not check ranges again.
public struct ExperimentConfiguration: Sendable, Equatable, Codable {
  public var data: DataSection
  /// `nil` where the file has no such section.
  public var network: NetworkSection?
  /// `nil` where the file has no such section.
  public var training: TrainingSection?
  /// Default: mean_field.
  public var scaling: ScalingSection
  public var limit: LimitSection
  /// `nil` where the file has no such section.
  public var finite: FiniteSection?
  public var record: RecordSection

  public init(
    data: DataSection, network: NetworkSection? = nil, training: TrainingSection? = nil,
    scaling: ScalingSection = .named(.meanField), limit: LimitSection = LimitSection(),
    finite: FiniteSection? = nil, record: RecordSection = RecordSection()
  ) {
    self.data = data
    self.network = network
    self.training = training
    self.scaling = scaling
    self.limit = limit
    self.finite = finite
    self.record = record
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case data, network, training, scaling, limit, finite, record
  }
}

extension ExperimentConfiguration {
  init(_ value: ValueReader) throws {
    let file = try MappingReader<CodingKeys>(value)
    self.init(
      data: try DataSection(
        file.required(.data, give: "a section that says what is learned, such as format: csv")))
    network = try file[.network].map { try NetworkSection($0) }
    training = try file[.training].map { try TrainingSection($0, trainingPoints: data.train) }
    scaling = try file[.scaling].map { try ScalingSection($0) } ?? scaling
    limit = try file[.limit].map { try LimitSection($0) } ?? limit
    finite = try file[.finite].map { try FiniteSection($0) }
    record =
      try file[.record].map { try RecordSection($0, trainingSteps: training?.steps) } ?? record
  }
}
