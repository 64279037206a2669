private import CKernels
import Execution
import LinearAlgebra

extension Double: DeepKernelScalar {
  public static func sum(_ values: [Double]) -> Double {
    var sum = 0.0
    for value in values { sum += value }
    return sum
  }

  public static func rounded(_ values: [Double], workers: Workers) -> [Double] { values }

  public static func transpose(
    _ from: UnsafePointer<Double>, rows: Int, columns: Int, into to: UnsafeMutablePointer<Double>
  ) {
    // In squares that stay in the first-level cache with their lines.
    let side = 16
    for firstRow in stride(from: 0, to: rows, by: side) {
      for firstColumn in stride(from: 0, to: columns, by: side) {
        for i in firstRow..<min(firstRow + side, rows) {
          for j in firstColumn..<min(firstColumn + side, columns) {
            to[j * rows + i] = from[i * columns + j]
          }
        }
      }
    }
  }

  public static func mirrorUpper(_ elements: UnsafeMutablePointer<Double>, order: Int) {
    for i in 0..<order {
      for j in 0..<i { elements[i * order + j] = elements[j * order + i] }
    }
  }

  public static func nearPairs(
    norm: Double, norms: UnsafePointer<Double>, products: UnsafePointer<Double>, count: Int,
    indices: UnsafeMutablePointer<UInt32>
  ) -> Int {
    iw_near_pairs_f64(.init(one: norm, others: norms), products, count, indices)
  }

  public static func start(
    _ dense: DenseCoefficients<Double>, norm: Double, norms: UnsafePointer<Double>,
    products: UnsafePointer<Double>, count: Int, _ row: PairRow<Double>
  ) {
    iw_dual_start_f64(
      coefficients(dense), .init(one: norm, others: norms), products, count, row.q, row.r, row.d,
      row.theta)
  }

  public static func advance(
    _ law: DualLaw<Double>, _ dense: DenseCoefficients<Double>,
    variance: Double, variances: UnsafePointer<Double>, next: Double,
    nextVariances: UnsafePointer<Double>,
    count: Int, _ row: PairRow<Double>
  ) {
    iw_dual_layer_f64(
      law.kind, law.slope, coefficients(dense), .init(one: variance, others: variances),
      .init(one: next, others: nextVariances), count, row.q, row.r, row.d, row.theta)
  }

  private static func coefficients(_ dense: DenseCoefficients<Double>) -> iw_dense_f64 {
    .init(
      weight: dense.weight, bias: dense.bias, gradient: dense.gradient,
      bias_gradient: dense.biasGradient)
  }
}
