private import CKernels
import Execution
import LinearAlgebra

extension Float: DeepKernelScalar {
  public static func sum(_ values: [Float]) -> Double {
    var sum = 0.0
    for value in values { sum += Double(value) }
    return sum
  }

  public static func rounded(_ values: [Double], workers: Workers) -> [Float] {
    let piece = 1 << 16
    return [Float](unsafeUninitializedCapacity: values.count) { result, made in
      values.withUnsafeBufferPointer { from in
        // Pieces do not overlap.
        nonisolated(unsafe) let (from, to) = (from, result)
        workers.forEach((from.count + piece - 1) / piece) { number, _ in
          let first = number * piece
          iw_round_numbers(
            from.baseAddress! + first, min(piece, from.count - first), to.baseAddress! + first)
        }
      }
      made = values.count
    }
  }

  public static func transpose(
    _ from: UnsafePointer<Float>, rows: Int, columns: Int, into to: UnsafeMutablePointer<Float>
  ) {
    iw_transpose_f32(from, rows, columns, to)
  }

  public static func mirrorUpper(_ elements: UnsafeMutablePointer<Float>, order: Int) {
    iw_mirror_upper_f32(elements, order)
  }

  public static func nearPairs(
    norm: Float, norms: UnsafePointer<Float>, products: UnsafePointer<Float>, count: Int,
    indices: UnsafeMutablePointer<UInt32>
  ) -> Int {
    iw_near_pairs_f32(.init(one: norm, others: norms), products, count, indices)
  }

  public static func start(
    _ dense: DenseCoefficients<Float>, norm: Float, norms: UnsafePointer<Float>,
    products: UnsafePointer<Float>, count: Int, _ row: PairRow<Float>
  ) {
    iw_dual_start_f32(
      coefficients(dense), .init(one: norm, others: norms), products, count, row.q, row.r, row.d,
      row.theta)
  }

  public static func advance(
    _ law: DualLaw<Float>, _ dense: DenseCoefficients<Float>,
    variance: Float, variances: UnsafePointer<Float>, next: Float,
    nextVariances: UnsafePointer<Float>,
    count: Int, _ row: PairRow<Float>
  ) {
    iw_dual_layer_f32(
      law.kind, law.slope, coefficients(dense), .init(one: variance, others: variances),
      .init(one: next, others: nextVariances), count, row.q, row.r, row.d, row.theta)
  }

  private static func coefficients(_ dense: DenseCoefficients<Float>) -> iw_dense_f32 {
    .init(
      weight: dense.weight, bias: dense.bias, gradient: dense.gradient,
      bias_gradient: dense.biasGradient)
  }
}
