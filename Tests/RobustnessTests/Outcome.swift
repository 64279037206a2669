import Diagnostics
import Foundation
import Testing

/// What became of many mutated inputs.
struct Outcomes {
  var accepted = 0
  var refused = 0

  /// Runs `read` on one input: it may succeed, or refuse with one sentence on one line.
  mutating func add(
    _ name: @autoclosure () -> String, _ kinds: Set<Diagnostic.Kind> = [.badInput, .inputMissing],
    _ read: () throws -> Void
  ) {
    let start = ContinuousClock.now
    do {
      try read()
      accepted += 1
    } catch let diagnostic as Diagnostic {
      refused += 1
      let text = diagnostic.description
      #expect(kinds.contains(diagnostic.kind), "\(name()): \(diagnostic.kind) \(text)")
      #expect(
        text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f },
        "\(name()): more than one line: \(text)")
      #expect(text.utf8.count < 2000, "\(name()): \(text.utf8.count) bytes")
    } catch {
      Issue.record("\(name()): \(type(of: error)) \(error)")
    }
    let time = ContinuousClock.now - start
    #expect(time < .seconds(20), "\(name()): \(time)")
  }

  /// Both outcomes must occur, or the mutations test nothing.
  func check() {
    guard isSlow || accepted + refused >= 50 else { return }
    #expect(accepted > 0 && refused > 0, "\(accepted) accepted, \(refused) refused")
  }
}

/// Whether suites of minutes are run (`Scripts/test --slow`).
let isSlow = ProcessInfo.processInfo.environment["INFINITEWIDTH_SLOW"] != nil

/// The numbers of the inputs to make: all of a slow suite, or its first ones.
func inputs(short: Int, slow: Int) -> Range<Int> { 0..<(isSlow ? slow : short) }
