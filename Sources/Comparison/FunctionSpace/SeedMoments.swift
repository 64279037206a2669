import LinearAlgebra

/// Means and variances over seeds (rows) of every column of a matrix.
struct SeedMoments {
  let seeds: Int
  let means: [Double]
  /// Sums of squared deviations from the mean.
  let squares: [Double]

  init(_ values: Matrix<Double>) {
    precondition(values.rows >= 1 && values.columns >= 1, "at least one seed and one value")
    seeds = values.rows
    var means = [Double](repeating: 0, count: values.columns)
    for seed in 0..<values.rows {
      for (j, value) in values.row(seed).enumerated() { means[j] += value }
    }
    for j in means.indices { means[j] /= Double(values.rows) }
    // Deviations, not the difference of mean squares, which would cancel where the logits are large
    // against their spread.
    var squares = [Double](repeating: 0, count: values.columns)
    for seed in 0..<values.rows {
      for (j, value) in values.row(seed).enumerated() {
        squares[j] += (value - means[j]) * (value - means[j])
      }
    }
    self.means = means
    self.squares = squares
  }

  /// Unbiased variances; `nil` with one seed.
  var variances: [Double]? {
    seeds > 1 ? squares.map { $0 / Double(seeds - 1) } : nil
  }
}

func meanSquare(_ values: some Collection<Double>) -> Double {
  var sum = 0.0
  for value in values { sum += value * value }
  return sum / Double(values.count)
}

func mean(_ values: some Collection<Double>) -> Double {
  values.reduce(0, +) / Double(values.count)
}
