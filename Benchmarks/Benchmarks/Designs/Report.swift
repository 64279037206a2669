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
            + worths(row, against: comparison.rows[0], at: place)))
    }
    let blanks = Array(repeating: "", count: steps.count)
    lines.append(
      line(
        ["reference, \(comparison.setting.referenceParticles) particles"]
          + comparison.referenceErrors.map { significant($0, 2) } + blanks))
    lines.append(
      line(["RMS of the logits"] + comparison.referenceLogits.map { significant($0, 3) } + blanks))
    return (lines + [""] + mostParticles(comparison) + ["", comparison.check.text])
      .joined(separator: "\n")
  }

  /// What particles are worth where there are most of them.
  private static func mostParticles(_ comparison: Comparison) -> [String] {
    let place = Setting.particles.count - 1
    let title = "of \(Setting.particles[place]) particles"
    return [
      line([title] + Setting.steps.map { "worth, step \($0)" }),
      line(Array(repeating: "---", count: 1 + Setting.steps.count)),
    ]
      + comparison.rows.dropFirst().map {
        line([$0.label] + worths($0, against: comparison.rows[0], at: place))
      }
  }

  private static func worths(
    _ row: Comparison.Row, against independent: Comparison.Row, at place: Int
  ) -> [String] {
    Setting.steps.indices.map {
      if row.label == independent.label { return "1" }
      let worth = row.errors[place].worth(against: independent.errors[place], step: $0)
      return "\(significant(worth.value, 2)) ± \(significant(worth.error, 1))"
    }
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
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
