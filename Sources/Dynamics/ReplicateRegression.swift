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
    return solve(normal, right)
  }

  /// Solves the normal equations; variates without deviations get no weight.
  private func solve(_ normal: Matrix<Double>, _ right: [Double]) -> [Double] {
    let used = right.indices.filter { normal[$0, $0] > 0 }
    var result = [Double](repeating: 0, count: right.count)
    guard !used.isEmpty else { return result }
    let scale = used.map { normal[$0, $0].squareRoot() }
    var matrix = Matrix<Double>(rows: used.count, columns: used.count, repeating: 0)
    for (p, i) in used.enumerated() {
      for (q, j) in used.enumerated() where q <= p {
        matrix[p, q] = normal[i, j] / (scale[p] * scale[q])
      }
    }
    // The shift keeps nearly parallel variates from cancelling each other with large weights.
    guard case .factorized(let cholesky) = Cholesky.factorize(matrix, addingToDiagonal: 1e-4)
    else { return result }
    let l = cholesky.factor
    var x = used.enumerated().map { right[$1] / scale[$0] }
    for p in x.indices {
      for q in 0..<p { x[p] -= l[p, q] * x[q] }
      x[p] /= l[p, p]
    }
    for p in x.indices.reversed() {
      for q in (p + 1)..<x.count { x[p] -= l[q, p] * x[q] }
      x[p] /= l[p, p]
    }
    for (p, i) in used.enumerated() { result[i] = x[p] / scale[p] }
    return result
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

  static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
