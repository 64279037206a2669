/// Where a file comes from: the global attributes that every output file carries.
public struct FileMetadata: Sendable, Equatable {
  /// The whole configuration, as the user wrote it (attribute `config`).
  public var configText: String
  /// The command line with the date of the run in ISO 8601 before it (`history`).
  public var history: String
  /// Program and version, such as "InfiniteWidth 1.0.0" (`source`).
  public var source: String
  /// The seed that every random stream of the run derives from (`seed`).
  public var seed: Int
  /// Further global attributes.
  public var extra: [String: AttributeValue]

  /// What every file says of itself.
  public init(
    configText: String, history: String, source: String, seed: Int,
    extra: [String: AttributeValue] = [:]
  ) {
    self.configText = configText
    self.history = history
    self.source = source
    self.seed = seed
    self.extra = extra
  }
}

extension NetCDFWriter {
  /// Writes the attributes of the file's origin and those that CF asks for.
  func writeMetadata(_ metadata: FileMetadata, title: String) throws {
    try setAttribute("Conventions", .text("CF-1.11"))
    try setAttribute("title", .text(title))
    try setAttribute("source", .text(metadata.source))
    try setAttribute("history", .text(metadata.history))
    try setAttribute("config", .text(metadata.configText))
    try setAttribute("seed", .int(metadata.seed))
    for (name, value) in metadata.extra.sorted(by: { $0.key < $1.key }) {
      try setAttribute(name, value)
    }
  }
}
