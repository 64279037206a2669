import DataIO
import Foundation

/// What a run's file says of itself, for the files that are made from it.
struct RunMetadata {
  let configText: String
  let seed: Int
  /// Experiment and limit, for figures.
  let title: String
  /// The limit's name.
  let limit: String
  /// Hidden layers of the networks, where the file keeps a population of each; `nil` for particles (a, w).
  let hiddenLayers: Int?
  let attributes: [String: AttributeValue]
  /// Training steps of the stored snapshots; `nil` where there are none.
  let storedSteps: [Int]?

  init(_ path: String) throws {
    let file = try NetCDFReader(path: path)
    configText = try file.text("config") ?? ""
    seed = try file.number("seed").flatMap(Int.init(exactly:)) ?? 0
    limit = try file.text("limit") ?? ""
    hiddenLayers = try file.number("hidden_layers").flatMap(Int.init(exactly:))
    let name = try file.text("experiment")
    title = [name, limit.isEmpty ? nil : limit.replacing("_", with: " ")].compactMap(\.self)
      .joined(separator: ", ")
    var attributes: [String: AttributeValue] = ["limit": .text(limit)]
    for key in ["experiment", "scaling", "config_path"] {
      if let text = try file.text(key) { attributes[key] = .text(text) }
    }
    attributes["run"] = .text(path.split(separator: "/").last.map(String.init) ?? path)
    if let measure = file.group("measure"),
      case .text(let remark)? = try file.attribute("comment", in: measure),
      // Of nets the group holds one for each width.
      file.hasVariable("mass", in: measure)
    {
      // Of a random limit: whose particles the densities are of.
      attributes["comment"] = .text(remark)
    }
    self.attributes = attributes
    storedSteps = try file.group("measure").flatMap { group in
      file.hasVariable("step", in: group)
        ? try file.read("step", as: Int.self, in: group) : nil
    }
  }
}
