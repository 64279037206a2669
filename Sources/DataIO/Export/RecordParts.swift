/// The large arrays of a trajectory file, to be read or left out; what is left out is empty.
public struct RecordParts: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  public static let trainingLogits = RecordParts(rawValue: 1)
  public static let testLogits = RecordParts(rawValue: 2)
  public static let lossGradient = RecordParts(rawValue: 4)
  /// Every array.
  public static let all: RecordParts = [.trainingLogits, .testLogits, .lossGradient]
}
