/// One entry of `data.classes`: the labels that make up one class, a single one or several
/// (`[[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]]` tells small digits from large ones).
public struct ClassSetting: Sendable, Equatable {
  /// At least one label, in the order of the file, each in one class only.
  public let labels: [Int]

  /// - Parameter labels: at least one.
  public init(labels: [Int]) {
    precondition(!labels.isEmpty, "a class without labels")
    self.labels = labels
  }
}

extension ClassSetting: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let label = try? container.decode(Int.self) {
      self.init(labels: [label])
      return
    }
    let labels = try container.decode([Int].self)
    guard !labels.isEmpty else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a class without labels")
    }
    self.init(labels: labels)
  }

  /// A class of one label is encoded as that label, as users write it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if labels.count == 1 {
      try container.encode(labels[0])
    } else {
      try container.encode(labels)
    }
  }
}

extension ClassSetting {
  /// Reads `data.classes`.
  static func groups(_ value: ValueReader, format: DataFormatName) throws -> [ClassSetting] {
    let accepted = "two classes, each a label or a list of labels"
    guard let entries = value.elements else { throw value.refusal(accepted: accepted) }
    guard entries.count != 1 else {
      throw value.failure("received 1 class; accepted: \(accepted)")
    }
    guard !entries.isEmpty else { throw value.refusal(accepted: accepted) }
    var seen: Set<Int> = []
    return try entries.map { entry in
      guard let labels = entry.elements ?? (entry.isScalar ? [entry] : nil), !labels.isEmpty else {
        throw entry.refusal(accepted: "a label or a list of labels")
      }
      return ClassSetting(
        labels: try labels.map { label in
          let number = try label.label(of: format)
          guard seen.insert(number).inserted else {
            throw label.failure("the label \(number) is listed twice")
          }
          return number
        })
    }
  }
}

extension ValueReader {
  /// A label that files of this format can hold: a byte in binary formats, of which CIFAR-10 uses
  /// ten values; any whole number in a table.
  fileprivate func label(of format: DataFormatName) throws -> Int {
    let largest = Int(Self.largestCount)
    let (range, accepted) =
      switch format {
      case .cifar10: (0...9, "a label from 0 to 9")
      case .mnist: (0...255, "a label from 0 to 255")
      case .csv, .synthetic:
        (
          -largest...largest,
          signedWholeNumber == nil
            ? "a whole number as label" : "a label from -\(largest) to \(largest)"
        )
      }
    guard let number = signedWholeNumber, range.contains(number) else {
      throw refusal(accepted: accepted)
    }
    return number
  }
}
