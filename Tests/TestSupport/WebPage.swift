public import Foundation

#if canImport(FoundationXML)
  public import FoundationXML
#endif

/// A page taken apart by an XML parser, which is stricter than those of HTML.
public final class WebPage: NSObject, XMLParserDelegate {
  public struct Element {
    public var name: String
    public var attributes: [String: String]
    /// All text within.
    public var text = ""
    /// The elements directly within, by place among all.
    public var children: [Int] = []
  }

  public private(set) var elements: [Element] = []
  private let source: String
  private var open: [Int] = []
  private var error: String?

  public init(_ source: String) {
    self.source = source
    super.init()
    let parser = XMLParser(data: Data(source.utf8))
    parser.delegate = self
    if !parser.parse(), error == nil { error = "not well-formed" }
  }

  public func all(_ name: String) -> [Element] { elements.filter { $0.name == name } }

  /// All that keeps it from being a page of its own that everybody can read: one sentence each.
  public var problems: [String] {
    (error.map { [$0] } ?? []) + foreign + identifiers + structure + tables + figures
  }

  /// What would be fetched, or run.
  private var foreign: [String] {
    var problems: [String] = []
    for element in elements {
      if ["script", "link", "iframe", "object", "embed", "base", "form"].contains(element.name) {
        problems.append("has the element \(element.name)")
      }
      for (name, value) in element.attributes {
        if name.lowercased().hasPrefix("on") { problems.append("has the attribute \(name)") }
        if ["src", "href", "xlink:href", "data", "srcset"].contains(name),
          !value.hasPrefix("#"), !value.hasPrefix("data:")
        {
          problems.append("refers to \(value)")
        }
      }
    }
    for style in all("style") where style.text.contains("@import") || style.text.contains("url(") {
      problems.append("a style refers to something")
    }
    return problems
  }

  private var identifiers: [String] {
    let all = elements.compactMap { $0.attributes["id"] }
    let known = Set(all)
    var problems = all.count == known.count ? [] : ["identifiers are not unique"]
    for element in elements {
      for (name, value) in element.attributes {
        var references: [String] = []
        if name.hasSuffix("href"), value.hasPrefix("#") { references = [String(value.dropFirst())] }
        if name == "aria-labelledby" {
          references = value.split(separator: " ").map(String.init)
        }
        if let start = value.range(of: "url(#") {
          references = [String(value[start.upperBound...].prefix { $0 != ")" })]
        }
        for reference in references where !known.contains(reference) {
          problems.append("\(name) refers to \(reference), which is not there")
        }
      }
    }
    return problems
  }

  private var structure: [String] {
    var problems: [String] = []
    if all("html").first?.attributes["lang"] == nil { problems.append("has no language") }
    let levels = elements.compactMap { element in
      element.name.count == 2 && element.name.hasPrefix("h") ? Int(element.name.dropFirst()) : nil
    }
    if levels.first != 1 || levels.count(where: { $0 == 1 }) != 1 {
      problems.append("does not have one heading of the first level, at first")
    }
    for (level, next) in zip(levels, levels.dropFirst()) where next > level + 1 {
      problems.append("a heading of level \(next) follows one of level \(level)")
    }
    return problems
  }

  private var tables: [String] {
    var problems: [String] = []
    for table in all("table") {
      if table.attributes["aria-labelledby"] == nil { problems.append("a table has no name") }
      var widths: Set<Int> = []
      for part in table.children {
        for row in elements[part].children {
          let cells = elements[row].children.map { elements[$0] }
          widths.insert(cells.reduce(0) { $0 + Int($1.attributes["colspan"] ?? "1")! })
          for cell in cells where cell.name == "th" && cell.attributes["scope"] == nil {
            problems.append("the heading \(cell.text) has no scope")
          }
        }
      }
      if widths.count != 1 { problems.append("rows of a table have \(widths.sorted()) cells") }
    }
    return problems
  }

  private var figures: [String] {
    var problems: [String] = []
    for (index, figure) in all("figure").enumerated() {
      let parts = figure.children.map { elements[$0] }
      let drawings = parts.flatMap(\.children).map { elements[$0] }.filter { $0.name == "svg" }
      if drawings.count != 1 || drawings[0].attributes["role"] != "img"
        || drawings[0].attributes["aria-label"]?.isEmpty != false
      {
        problems.append("figure \(index + 1) has not one drawing with a label")
      }
      if !parts.contains(where: {
        $0.name == "figcaption" && $0.text.hasPrefix("Figure \(index + 1). ")
      }) {
        problems.append("figure \(index + 1) has no caption with its number")
      }
    }
    return problems
  }

  public func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if let parent = open.last { elements[parent].children.append(elements.count) }
    open.append(elements.count)
    elements.append(Element(name: name, attributes: attributes))
  }

  public func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    let text = elements[open.removeLast()].text
    if let parent = open.last { elements[parent].text += text }
  }

  public func parser(_ parser: XMLParser, foundCharacters text: String) {
    if let place = open.last { elements[place].text += text }
  }

  public func parser(_ parser: XMLParser, parseErrorOccurred error: any Error) {
    self.error = "line \(parser.lineNumber): \(error)"
  }
}
