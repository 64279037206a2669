import Foundation
import InfiniteWidth

/// A JSON value to print; NaN and infinities, which JSON does not have, become null.
enum JSONValue: Encodable {
  case number(Double)
  case text(String)
  case flag(Bool)
  case null
  case array([JSONValue])
  case object([String: JSONValue])

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let value) where !value.isFinite: try container.encodeNil()
    case .number(let value) where value == value.rounded() && abs(value) < 1e15:
      try container.encode(Int(value))
    case .number(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    case .null: try container.encodeNil()
    case .array(let values): try container.encode(values)
    case .object(let values): try container.encode(values)
    }
  }

  /// A text, or null.
  init(_ text: String?) {
    self = text.map { .text($0) } ?? .null
  }

  func text() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self)
  }

  /// A table as one array of objects.
  init(_ table: ResultTable) {
    self = .array(
      table.rows.indices.map { index in
        var entry = Dictionary(
          uniqueKeysWithValues: zip(table.columns, table.rows[index].map { JSONValue.number($0) }))
        if let name = table.labelColumn { entry[name] = .text(table.labels[index]) }
        for (name, text) in zip(table.textColumns, table.texts[index]) { entry[name] = .text(text) }
        return .object(entry)
      })
  }
}
