/// Standard errors by leaving one out (Quenouille 1949, Tukey 1958).
package enum Jackknife {
  /// What a statistic of units 0, 1, ... is without each of them; `nil` with fewer than two.
  package static func leavingOneOut(
    units: Int, _ statistic: (_ kept: [Int]) -> Double
  ) -> [Double]? {
    guard units >= 2 else { return nil }
    return (0..<units).map { left in statistic((0..<units).filter { $0 != left }) }
  }

  /// sqrt((n - 1)/n sum of (t_i - mean t)^2) of n values with one unit left out each: the standard error of a
  /// smooth statistic, exactly that of a mean. Not a number where a value is not.
  package static func standardError(_ values: [Double]) -> Double {
    let count = Double(values.count)
    let center = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
    return ((count - 1) / count * squares).squareRoot()
  }
}
