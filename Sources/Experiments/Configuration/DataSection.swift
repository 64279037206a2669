import DataIO

/// The section `data`: what is learned.
///
/// Paths are as written; `LoadedConfiguration/resolved(path:)` makes them relative to the
/// configuration file.
public struct DataSection: Sendable, Equatable, Codable {
  /// The layout of the files.
  public var format: DataFormatName
  /// Required, except with `synthetic`, which reads no file.
  public var trainPath: String?
  /// Without one, test points are taken from the training file.
  public var testPath: String?
  /// The labels' file; only with `mnist`, which keeps them apart. Read from a file that does not give it, it is the
  /// one named after that of the images (`IDXFiles/labelsPath(forImages:)`), and required where their name follows
  /// no pattern.
  public var trainLabelsPath: String?
  /// As `trainLabelsPath`, with `test_path`.
  public var testLabelsPath: String?
  /// The labels kept, at least two classes; `nil`: all labels, each a class of its own.
  public var classes: [ClassSetting]?
  /// The training points kept; `nil`: all. Required with `synthetic`.
  public var train: Int?
  /// The test points kept; `nil`: all.
  public var test: Int?
  /// Default: none.
  public var normalize: NormalizationSetting
  /// Seed of a class-balanced subset; `nil`: the first points of the file.
  public var subsetSeed: UInt64?
  /// The number of features D; only with `synthetic`, and required there.
  public var dimension: Int?
  /// The distance between the classes, not negative; only with `synthetic`. `nil`:
  /// `defaultSeparation`.
  public var separation: Double?
  /// The seed of the points; only with `synthetic`. `nil`: `defaultSeed`.
  public var seed: UInt64?

  static let defaultSeparation = 2.0
  static let defaultSeed: UInt64 = 1

  /// What is left out has the default of the configuration file.
  public init(
    format: DataFormatName, trainPath: String? = nil, testPath: String? = nil,
    trainLabelsPath: String? = nil, testLabelsPath: String? = nil, classes: [ClassSetting]? = nil,
    train: Int? = nil, test: Int? = nil, normalize: NormalizationSetting = .none,
    subsetSeed: UInt64? = nil, dimension: Int? = nil, separation: Double? = nil,
    seed: UInt64? = nil
  ) {
    self.format = format
    self.trainPath = trainPath
    self.testPath = testPath
    self.trainLabelsPath = trainLabelsPath
    self.testLabelsPath = testLabelsPath
    self.classes = classes
    self.train = train
    self.test = test
    self.normalize = normalize
    self.subsetSeed = subsetSeed
    self.dimension = dimension
    self.separation = separation
    self.seed = seed
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case format
    case trainPath = "train_path"
    case testPath = "test_path"
    case trainLabelsPath = "train_labels_path"
    case testLabelsPath = "test_labels_path"
    case classes, train, test, normalize
    case subsetSeed = "subset_seed"
    case dimension, separation, seed
  }
}

extension DataSection {
  init(_ value: ValueReader) throws {
    let section = try MappingReader<CodingKeys>(value)
    self.init(
      format: try section.required(.format, give: "cifar10, mnist, csv or synthetic")
        .word(DataFormatName.self))
    try Self.refuseForeignKeys(section, format: format)
    if format == .synthetic {
      train = try section.required(.train, give: "the number of training points").count()
      dimension = try section.required(.dimension, give: "the number of features").count()
    } else {
      let needed = "the file of the training points"
      trainPath = try section.required(.trainPath, give: needed).text()
      train = try section[.train]?.count()
    }
    testPath = try section[.testPath]?.text()
    if format == .mnist {
      trainLabelsPath = try Self.labels(section, .trainLabelsPath, images: trainPath, "training")
      testLabelsPath = try Self.labels(section, .testLabelsPath, images: testPath, "test")
    }
    classes = try section[.classes].map { try ClassSetting.groups($0, format: format) }
    test = try section[.test]?.count()
    normalize = try section[.normalize].map { try NormalizationSetting($0) } ?? .none
    subsetSeed = try section[.subsetSeed]?.seed()
    separation = try section[.separation]?.number(.nonNegative)
    seed = try section[.seed]?.seed()
  }

  private static func labels(
    _ section: MappingReader<CodingKeys>, _ key: CodingKeys, images: String?, _ points: String
  ) throws -> String? {
    if let value = section[key] { return try value.text() }
    guard let images else { return nil }
    if let path = try? IDXFiles.labelsPath(forImages: images) { return path }
    return try section.required(
      key,
      give: "the file of the \(points) labels, which is named after that of the images only where"
        + " this has images-idx3 or images.idx3 in its name"
    ).text()
  }

  /// A key that the format does not use would be ignored in silence; it is an error instead.
  private static func refuseForeignKeys(
    _ section: MappingReader<CodingKeys>, format: DataFormatName
  ) throws {
    for key in CodingKeys.allCases {
      let formats: [DataFormatName] =
        switch key {
        case .format, .train, .test, .normalize: DataFormatName.allCases
        case .trainPath, .testPath, .classes, .subsetSeed: [.cifar10, .mnist, .csv]
        case .trainLabelsPath, .testLabelsPath: [.mnist]
        case .dimension, .separation, .seed: [.synthetic]
        }
      if let value = section[key], !formats.contains(format) {
        let names = formats.map(\.rawValue).joined(separator: ", ")
        throw value.failure("not used by format \(format.rawValue), only by \(names)")
      }
    }
  }
}
