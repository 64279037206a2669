import LinearAlgebra

/// B B^T + n I of small whole numbers B: symmetric positive definite, exact in both precisions.
func positiveDefinite<Scalar: LAPACKScalar>(_ n: Int) -> Matrix<Scalar> {
  let b = (0..<(n * n)).map { ($0 * 7919 % 11) - 5 }
  var result = Matrix<Scalar>(rows: n, columns: n, repeating: 0)
  for i in 0..<n {
    for j in 0..<n {
      let sum = (0..<n).reduce(0) { $0 + b[i * n + $1] * b[j * n + $1] }
      result[i, j] = Scalar(sum + (i == j ? n : 0))
    }
  }
  return result
}
