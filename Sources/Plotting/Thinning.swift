/// At most `most` of the indices 0, ..., count - 1, evenly spread, the first and the last among them:
/// a line of some hundred points looks the same and keeps scripts small.
func thinnedIndices(_ count: Int, most: Int) -> [Int] {
  precondition(most >= 2)
  guard count > most else { return Array(0..<count) }
  return (0..<most).map { $0 * (count - 1) / (most - 1) }
}
