import Foundation
import InfiniteWidth

/// Tables in Markdown, between two markers of a page.
struct Report {
  let text: String

  /// The script that makes them.
  let command: String

  private var first: String { "<!-- made by Scripts/\(command) -->" }
  private var last: String { "<!-- end of what Scripts/\(command) makes -->" }

  init(text: String, command: String) {
    self.text = text
    self.command = command
  }

  init(_ comparisons: [Comparison], notes: [String]) {
    self.init(
      text: (comparisons.map(Self.section) + notes).joined(separator: "\n\n"),
      command: "compare-designs")
  }

  private static func section(_ comparison: Comparison) -> String {
    let steps = Setting.steps.map(String.init)
    let place = Setting.particles.firstIndex(of: Setting.tabulated)!
    let independent = comparison.rows[0].errors[place]
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    var lines = [
      "### \(comparison.setting.title), p = \(comparison.coordinates),"
        + " learning rate \(comparison.setting.learningRate)", "",
      line(["design"] + steps.map { "error, step \($0)" } + steps.map { "worth, step \($0)" }),
      line(Array(repeating: "---", count: 1 + 2 * steps.count)),
    ]
    for row in comparison.rows {
      let errors = row.errors[place]
      lines.append(
        line(
          [row.label]
            + errors.roots.indices.map {
              // The reference's error is no longer small beside these.
              significant(errors.roots[$0], 3)
                + (errors.roots[$0] < 3 * comparison.referenceErrors[$0] ? "*" : "")
            }
            + steps.indices.map {
              if row.label == comparison.rows[0].label { return "1" }
              let worth = errors.worth(against: independent, step: $0)
              return "\(significant(worth.value, 2)) ± \(significant(worth.error, 1))"
            }))
    }
    let blanks = Array(repeating: "", count: steps.count)
    lines.append(
      line(
        ["reference, \(comparison.setting.referenceParticles) particles"]
          + comparison.referenceErrors.map { significant($0, 2) } + blanks))
    lines.append(
      line(["RMS of the logits"] + comparison.referenceLogits.map { significant($0, 3) } + blanks))
    return (lines + ["", comparison.check.text]).joined(separator: "\n")
  }

  /// Replaces what stands between the markers; a page without them gets them at its end.
  func write(to path: String) throws {
    let page = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let made = "\(first)\n\n\(text)\n\n\(last)"
    let written: String
    if let start = page.range(of: first), let end = page.range(of: last),
      start.upperBound <= end.lowerBound
    {
      written = page.replacingCharacters(in: start.lowerBound..<end.upperBound, with: made)
    } else {
      written = (page.isEmpty ? "" : page + "\n") + made + "\n"
    }
    try written.write(toFile: path, atomically: true, encoding: .utf8)
  }
}
