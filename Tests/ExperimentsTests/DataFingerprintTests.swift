import LinearAlgebra
import Testing

@testable import Experiments

@Suite struct DataFingerprintTests {
  static func text(_ rows: Int, _ elements: [Double], _ labels: [Double]) -> String {
    DataFingerprint.text(
      inputs: Matrix(rows: rows, columns: elements.count / rows, elements: elements),
      labels: labels)
  }

  /// By a few lines of Python, over struct.pack("<2q3d", 1, 2, 0.5, -1.25, 1).
  @Test func value() {
    #expect(Self.text(1, [0.5, -1.25], [1]) == "1 x 2, fnv1a baa38de92b7ca243")
  }

  /// Signs, order, shape and the last bit count.
  @Test func whatCounts() {
    let all = [
      Self.text(2, [1, 2, 3, 4], [1, -1]), Self.text(2, [-1, -2, 3, 4], [1, -1]),
      Self.text(2, [2, 1, 3, 4], [1, -1]), Self.text(2, [1, 2, 3, 4], [-1, 1]),
      Self.text(2, [1, 2, 3, 4.0.nextUp], [1, -1]), Self.text(1, [1, 2, 3, 4], [1, -1]),
    ]
    #expect(Set(all).count == all.count)
  }
}
