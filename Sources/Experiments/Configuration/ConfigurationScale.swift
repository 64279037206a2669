import Diagnostics
import Yams

/// One of the entries of the section `scales`: keys of the other sections that replace the file's, such as
/// a study's widths and seeds by fewer of them.
struct ConfigurationScale {
  let name: String
  /// The mapping of sections.
  let value: ValueReader

  /// The scales of a file, in its order.
  ///
  /// - Throws: `Diagnostic` where there is something else in their place. What is in them is checked by
  ///   reading the configuration with each.
  static func all(of file: ValueReader) throws -> [ConfigurationScale] {
    let section = try MappingReader<ExperimentConfiguration.FileKeys>(file)[.scales]
    guard let section, !ValueReader.isNull(section.node) else { return [] }
    guard let pairs = section.node.mapping else {
      throw section.refusal(
        accepted: "a mapping of names to sections, such as quick: {finite: {seeds: 2}}")
    }
    return try pairs.map { name, node in
      let line = name.mark?.line
      let text = try ValueReader(node: name, file: file.file, key: section.key, line: line).name()
      return ConfigurationScale(
        name: text, value: section.entry(named: text, node: node, line: line))
    }
  }

  static func unknown(_ name: String, among names: [String], file: String) -> Diagnostic {
    let received = name.isEmpty ? "an empty text" : ValueReader.shortened(name)
    let hint = ValueReader.nearest(to: name, among: names).map { ", did you mean \($0)?" } ?? ";"
    return Diagnostic(
      .commandLine,
      names.isEmpty
        ? "received \(received), but \(file) has no section scales"
        : "received \(received)\(hint) the scales of \(file) are: \(names.joined(separator: ", "))",
      key: "--scale")
  }

  /// The dotted path at which the scale of that name gives a key.
  static func key(_ key: String, in scale: String) -> String { "scales.\(scale).\(key)" }

  /// The file's configuration with the keys of this scale.
  ///
  /// - Throws: `Diagnostic`; where a key of the file does not go with those of the scale, with its name.
  func configuration(of file: ValueReader) throws -> ExperimentConfiguration {
    do {
      return try ExperimentConfiguration(file, scale: self)
    } catch let diagnostic as Diagnostic
      where diagnostic.key != value.key && diagnostic.key?.hasPrefix(value.key + ".") != true
    {
      throw Diagnostic(
        diagnostic.kind, "\(diagnostic.message) (at the scale \(name))", file: diagnostic.file,
        line: diagnostic.line, key: diagnostic.key)
    }
  }

  /// Puts the lines of the scale's keys in place of the file's.
  ///
  /// - Parameter lines: by dotted path.
  /// - Returns: the keys that are replaced, or taken out.
  func replace(in lines: inout [String: Int]) -> Set<String> {
    var replaced: Set<String> = []
    var removed: Set<String> = []
    func replace(_ key: String, _ node: Node) {
      replaced.insert(key)
      if ValueReader.isNull(node) { removed.insert(key) }
      lines = lines.filter { $0.key != key && !$0.key.hasPrefix(key + ".") }
    }
    for (name, node) in value.node.mapping ?? [:] {
      let section = name.scalar?.string ?? ""
      guard section != ExperimentConfiguration.CodingKeys.scaling.rawValue else {
        replace(section, node)
        continue
      }
      for (name, node) in node.mapping ?? [:] {
        replace("\(section).\(name.scalar?.string ?? "")", node)
      }
    }
    for (place, line) in value.keyLines() {
      let key = String(place.dropFirst(value.key.count + 1))
      if lines[key] == nil, !removed.contains(key) { lines[key] = line }
    }
    return replaced
  }
}
