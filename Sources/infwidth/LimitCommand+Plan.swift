import Foundation
import InfiniteWidth

extension LimitCommand {
  /// Prints what would be done.
  func showPlan(_ plan: LimitPlan) throws {
    if common.results.json {
      let lines = plan.lines.map { JSONValue.text("\($0.name): \($0.text)") }
      try printOutput(
        try JSONValue.object([
          "plan": .array(lines), "operations": .number(plan.operations),
          "bytes": .number(plan.bytes), "seconds": plan.seconds.map { .number($0) } ?? .null,
        ]).text())
      return
    }
    let width = plan.lines.map(\.name.count).max() ?? 0
    let text = plan.lines.map {
      $0.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + $0.text
    }
    try printOutput(text.joined(separator: "\n"))
  }
}
