/// Hands out colours and patterns of lines of limits: some look the same in every figure, whatever the
/// order of the files; others take what is next.
struct LimitLooks {
  /// Six colours and five patterns have no common factor: 30 lines differ, and neighbours in both.
  private static let patterns: [[Int]] = [
    [18, 5], [14, 6, 3, 6], [], [5, 4], [14, 4, 2, 4, 2, 4],
  ]
  private static let fixed = ["mean_field", "ntk", "sym_default", "ic_mean_field"]

  private var taken: Set<Int> = []
  private var next = Self.fixed.count

  mutating func look(of limit: String) -> (pattern: [Int], color: UInt32) {
    let look: Int
    if let fixed = Self.fixed.firstIndex(of: limit), taken.insert(fixed).inserted {
      look = fixed
    } else {
      look = next
      next += 1
    }
    return (
      Self.patterns[look % Self.patterns.count], Palette.categories[look % Palette.categories.count]
    )
  }
}
