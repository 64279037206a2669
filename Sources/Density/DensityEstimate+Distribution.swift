/// The distribution function of a density on a line.
extension DensityEstimate {
  /// The integral from the lower end of the grid to each grid point, fourth order in the spacing: the last
  /// value is the mass on the grid. For a histogram, whose grid points are the centres of its cells, exact:
  /// the mass of the cells below and half of the own one. One dimension only.
  public func cumulative() -> [Double] {
    precondition(grid.dimensions == 1, "a distribution function needs one dimension")
    let f = heights
    let spacing = grid.axes[0].spacing
    var sum = 0.0
    if isHistogram {
      return f.map { height in
        defer { sum += height * spacing }
        return sum + height * spacing / 2
      }
    }
    var result = [0.0]
    for i in 0..<(f.count - 1) {
      // The integral over one spacing of the cubic through four values; none may be negative.
      let piece: Double
      if f.count < 4 {
        piece = (f[i] + f[i + 1]) / 2
      } else if i == 0 {
        piece = (9 * f[0] + 19 * f[1] - 5 * f[2] + f[3]) / 24
      } else if i == f.count - 2 {
        piece = (9 * f[i + 1] + 19 * f[i] - 5 * f[i - 1] + f[i - 2]) / 24
      } else {
        piece = (13 * (f[i] + f[i + 1]) - f[i - 1] - f[i + 2]) / 24
      }
      sum += max(0, piece) * spacing
      result.append(sum)
    }
    return result
  }

  /// The mass below each border of the cells of a histogram, the ends included.
  private func cumulativeAtBorders() -> [Double] {
    let spacing = grid.axes[0].spacing
    return heights.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 * spacing) }
  }

  /// The positions below which the given parts of the mass on the grid lie: the distribution
  /// function, between grid points a cubic with the density as its slope, solved by bisection.
  ///
  /// Not a number where there is no mass on the grid.
  ///
  /// - Parameter probabilities: numbers from 0 to 1.
  public func quantiles(_ probabilities: [Double]) -> [Double] {
    precondition(probabilities.allSatisfy { (0...1).contains($0) })
    let axis = grid.axes[0]
    let cumulative = isHistogram ? cumulativeAtBorders() : cumulative()
    let lower = isHistogram ? axis.lower - axis.spacing / 2 : axis.lower
    let f = heights
    let total = cumulative[cumulative.count - 1]
    guard total > 0 else { return probabilities.map { _ in .nan } }
    return probabilities.map { probability in
      let target = probability * total
      let upper = max(1, cumulative.firstIndex { $0 >= target } ?? cumulative.count - 1)
      let (a, b) = (cumulative[upper - 1], cumulative[upper])
      let slopes = isHistogram ? nil : (f[upper - 1] * axis.spacing, f[upper] * axis.spacing)
      let part = inverse(of: target, from: a, to: b, slopes: slopes)
      return lower + (Double(upper - 1) + part) * axis.spacing
    }
  }

  /// Where between 0 and 1 the Hermite cubic (or the straight line, without slopes) is `target`.
  private func inverse(
    of target: Double, from a: Double, to b: Double, slopes: (Double, Double)?
  ) -> Double {
    guard b > a else { return 0 }
    guard let slopes else { return (target - a) / (b - a) }
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let t = (low + high) / 2
      let value =
        a + (b - a) * t * t * (3 - 2 * t) + t * (1 - t) * ((1 - t) * slopes.0 - t * slopes.1)
      if value < target { low = t } else { high = t }
    }
    return (low + high) / 2
  }
}
