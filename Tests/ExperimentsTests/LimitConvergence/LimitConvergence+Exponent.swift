import TestSupport

extension LimitConvergence {
  /// RMS over seeds and test points of f / (d/d*)^beta - f~, relative to the RMS of f~, at each
  /// width.
  ///
  /// - Parameter excluded: a seed left out.
  func relativeGaps(step: Int, excluding excluded: Int? = nil) -> [Double] {
    func sum(_ values: [Double]) -> Double {
      var total = 0.0
      for (seed, value) in values.enumerated() where seed != excluded { total += value }
      return total
    }
    return squaredGaps.indices.map { width in
      let gap = sum(squaredGaps[width][step - 1])
      let norm = sum(squaredLogits[width][step - 1])
      return (gap / norm).squareRoot()
    }
  }

  /// The exponent p of a fit of d^p to the relative gaps, with its standard error over seeds.
  ///
  /// Networks of one seed share neurons at all widths, so it is seeds that are independent, not gaps:
  /// the error is the jackknife's, from fits with one seed left out.
  func exponent(step: Int) -> (value: Double, error: Double) {
    let logarithms = widths.map { Double($0) }
    let seeds = squaredGaps[0][step - 1].count
    let left = (0..<seeds).map { seed in
      logLogSlope(logarithms, relativeGaps(step: step, excluding: seed))
    }
    let mean = left.reduce(0, +) / Double(seeds)
    let squares = left.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (
      logLogSlope(logarithms, relativeGaps(step: step)),
      (squares * Double(seeds - 1) / Double(seeds)).squareRoot()
    )
  }
}
