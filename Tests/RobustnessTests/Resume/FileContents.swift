import Foundation
import InfiniteWidth

/// All that a NetCDF file holds, numbers by their bits: equal for two files that differ in nothing but when and
/// with which command they were made.
struct FileContents: Equatable {
  private var entries: [String: [UInt64]] = [:]
  private var texts: [String: [String]] = [:]
  private var attributes: [String: String] = [:]

  init(_ path: String) throws {
    let file = try NetCDFReader(path: path)
    try add(file, nil, "")
  }

  private mutating func add(_ file: NetCDFReader, _ group: NetCDFGroup?, _ prefix: String) throws {
    for name in try file.attributeNames(in: group) where name != "history" {
      let value = try file.attribute(name, in: group)
      texts[prefix + "@" + name] = ["\(String(describing: value))"]
      guard group == nil else { continue }
      switch value {
      case .text(let text)?: attributes[name] = text
      case .int(let number)?: attributes[name] = "\(number)"
      default: break
      }
    }
    for name in try file.variableNames(in: group) {
      texts[prefix + name] = try file.shape(of: name, in: group).map { "\($0.name) \($0.length)" }
      for attribute in try file.attributeNames(of: name, in: group) {
        texts["\(prefix)\(name)@\(attribute)"] = [
          "\(String(describing: try file.attribute(attribute, of: name, in: group)))"
        ]
      }
      if let strings = try? file.readStrings(name, in: group) {
        texts[prefix + name]?.append(contentsOf: strings)
      } else {
        let values: [Double] = try file.read(name, in: group)
        entries[prefix + name] = values.map(\.bitPattern)
      }
    }
    for name in try file.groupNames(in: group) {
      guard let inner = file.group(name, in: group) else { continue }
      try add(file, inner, "\(prefix)\(name)/")
    }
  }

  /// Names of variables and attributes that differ.
  func differences(from other: FileContents) -> [String] {
    let names = Set(entries.keys).union(other.entries.keys).union(texts.keys).union(
      other.texts.keys)
    return names.filter { entries[$0] != other.entries[$0] || texts[$0] != other.texts[$0] }
      .sorted()
  }

  /// A global attribute: text, or a whole number.
  func text(_ attribute: String) -> String? { attributes[attribute] }

  /// Numbers in all variables.
  var count: Int { entries.values.reduce(0) { $0 + $1.count } }
}
