import Foundation

/// At most `count` rows of a long table: the first, the last, and between them rows spaced evenly in
/// the logarithm, as training is.
package func spacedRows(_ total: Int, atMost count: Int = 12) -> [Int] {
  if total <= count { return Array(0..<total) }
  let last = Double(total - 1)
  let spaced = (0..<(count - 1)).map { Int(pow(last, Double($0) / Double(count - 2)).rounded()) }
  return Array(Set([0] + spaced)).sorted()
}
