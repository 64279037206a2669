import Diagnostics
import Experiments
import Foundation
import Testing

/// Damaged files: whatever the bytes, the reader ends with a configuration or with a diagnostic.
@Suite struct ConfigurationMutationTests {
  @Test(arguments: 0..<8) func mutatedBytesNeverTrap(seed: UInt64) throws {
    var generator = SplitMix64(state: seed)
    var refused = 0
    for _ in 0..<75 {
      var bytes = Array(completeExample.utf8)
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        mutate(&bytes, &generator)
      }
      let text = String(decoding: bytes, as: UTF8.self)
      var accepted: ExperimentConfiguration?
      do {
        accepted = try parsed(text).configuration
      } catch let error as Diagnostic {
        refused += 1
        #expect(error.file == "run.yaml")
        #expect(error.kind == .badInput)
        #expect(error.description.split(whereSeparator: \.isNewline).count == 1, "\(error)")
        if let line = error.line {
          #expect(
            (1...text.split(
              omittingEmptySubsequences: false, whereSeparator: \.isNewline
            ).count).contains(line))
        }
      }
      if let accepted {
        #expect(try parsed(accepted.yaml()).configuration == accepted)
      }
    }
    // Most damage is noticed: a reader that accepted everything would fail here.
    #expect(refused > 30)
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout SplitMix64) {
    let position = Int.random(in: bytes.indices, using: &generator)
    let syntax = Array(":-?[]{},#&*!|>'\"%@` \n\t\r\u{0}.0123456789eE~".utf8)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0: bytes[position] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes[position] = syntax.randomElement(using: &generator) ?? 0
    case 2: bytes.insert(syntax.randomElement(using: &generator) ?? 0, at: position)
    case 3: bytes.remove(at: position)
    case 4:
      let end = min(bytes.count, position + Int.random(in: 1...40, using: &generator))
      bytes.insert(
        contentsOf: bytes[position..<end],
        at: bytes.indices.randomElement(
          using: &generator) ?? 0)
    default: bytes.removeSubrange(position...)
    }
    if bytes.isEmpty { bytes = [0x20] }
  }
}

/// Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
private struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
