import LinearAlgebra

/// Regression over replicates: of deviations from the replicates' mean, what the spread of a sample's
/// logits has in common with that of control variates.
struct ReplicateRegression {
  /// Consecutive systems that sample one limit.
  let replicates: Int
  /// Systems after those of all realizations take no part.
  var realizations = 1

  /// Regression of the logits' deviations from their mean over systems on those of the variates.
  func coefficients(of logits: [[Double]], on variates: [[[Double]]]) -> [Double] {
    let count = variates[0].count
    guard count > 0, logits.allSatisfy({ $0.allSatisfy(\.isFinite) }) else {
      return Array(repeating: 0, count: count)
    }
    let target = deviations(logits)
    let regressors = (0..<count).map { j in deviations(variates.map { $0[j] }) }
    var normal = Matrix<Double>(rows: count, columns: count, repeating: 0)
    var right = [Double](repeating: 0, count: count)
    for i in 0..<count {
      right[i] = -Self.product(regressors[i], target)
      for j in 0...i { normal[i, j] = Self.product(regressors[i], regressors[j]) }
    }
    // The shift keeps nearly parallel variates from cancelling each other with large weights.
    return normal.solveAsNormalEquations(right, shift: 1e-4)
  }

  /// All systems' deviations from the mean of their realization, one after another.
  func deviations(_ rows: [[Double]]) -> [Double] {
    stride(from: 0, to: realizations * replicates, by: replicates).flatMap { first in
      let group = rows[first..<(first + replicates)]
      var mean = [Double](repeating: 0, count: rows[first].count)
      for row in group { for i in row.indices { mean[i] += row[i] / Double(replicates) } }
      return group.flatMap { row in zip(row, mean).map { $0 - $1 } }
    }
  }

  /// Mean over values of the replicates' variance.
  func meanSquareDeviation(_ rows: [[Double]]) -> Double {
    let deviations = deviations(rows)
    let degreesOfFreedom = Double(deviations.count * (replicates - 1)) / Double(replicates)
    return Self.product(deviations, deviations) / degreesOfFreedom
  }

  static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
