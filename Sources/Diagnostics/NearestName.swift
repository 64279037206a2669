/// The known name that a mistyped one most likely stands for, by edit distance with adjacent
/// transpositions (the restricted Damerau-Levenshtein distance), or `nil` where none is near.
///
/// "Near" means at most a third of the longer name's letters, and at least one; ties go to the name
/// listed first. Cost: O(|name| * |candidate|) for each candidate.
package func nearestName(to name: String, among candidates: [String]) -> String? {
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    let distance = editDistance(Array(name.lowercased()), Array(candidate.lowercased()))
    let allowed = max(1, max(name.count, candidate.count) / 3)
    if distance <= allowed, distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.name
}

private func editDistance(_ a: [Character], _ b: [Character]) -> Int {
  var twoBack = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  for i in 0..<a.count {
    var current = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in 0..<b.count {
      var cost = min(previous[j + 1], current[j]) + 1
      cost = min(cost, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        cost = min(cost, twoBack[j - 1] + 1)
      }
      current[j + 1] = cost
    }
    twoBack = previous
    previous = current
  }
  return previous[b.count]
}
