import LinearAlgebra

/// Numbers of networks less those of their limit, in the three ways in which a limit stands beside networks.
package protocol LimitGap {
  /// Beside a limit that does not fluctuate: a row of `values` for every seed, and its numbers.
  init(_ values: Matrix<Double>, deterministicLimit limit: [Double])
  /// Each beside a limit of its own, row by row.
  init(_ values: Matrix<Double>, pairedLimits limits: Matrix<Double>)
  /// Beside independent realizations of a random limit, a row each.
  init(_ values: Matrix<Double>, realizations: Matrix<Double>)
}

extension SeedGap: LimitGap {}

/// Of one number a network: matrices of one column.
extension ScalarGap: LimitGap {
  package init(_ values: Matrix<Double>, deterministicLimit limit: [Double]) {
    precondition(values.columns == 1 && limit.count == 1, "one number a network")
    self.init(values.elements, deterministicLimit: limit[0])
  }

  package init(_ values: Matrix<Double>, pairedLimits limits: Matrix<Double>) {
    precondition(values.columns == 1 && limits.columns == 1, "one number a network")
    self.init(values.elements, pairedLimits: limits.elements)
  }

  package init(_ values: Matrix<Double>, realizations: Matrix<Double>) {
    precondition(values.columns == 1 && realizations.columns == 1, "one number a network")
    self.init(values.elements, realizations: realizations.elements)
  }
}
