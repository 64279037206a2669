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
    iw_transpose_f64(from, rows, columns, to)
  }

  public static func mirrorUpper(_ elements: UnsafeMutablePointer<Double>, order: Int) {
    iw_mirror_upper_f64(elements, order)
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
