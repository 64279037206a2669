import LinearAlgebra

extension Matrix<Double> {
  /// The coefficients of a least-squares fit from its normal equations, whose matrix this is (lower
  /// triangle). Regressors are scaled to unit length; those of length zero get no weight.
  ///
  /// - Parameter shift: added to the diagonal of the scaled matrix.
  func solveAsNormalEquations(_ right: [Double], shift: Double) -> [Double] {
    let used = right.indices.filter { self[$0, $0] > 0 }
    var result = [Double](repeating: 0, count: right.count)
    guard !used.isEmpty else { return result }
    let scale = used.map { self[$0, $0].squareRoot() }
    var matrix = Matrix<Double>(rows: used.count, columns: used.count, repeating: 0)
    for (p, i) in used.enumerated() {
      for (q, j) in used.enumerated() where q <= p {
        matrix[p, q] = self[i, j] / (scale[p] * scale[q])
      }
    }
    guard case .factorized(let cholesky) = Cholesky.factorize(matrix, addingToDiagonal: shift)
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
}
