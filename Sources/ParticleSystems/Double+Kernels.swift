private import CKernels
import Checkpoints
import LinearAlgebra

extension Double: ParticleScalar {
  public static var precisionName: String { "double" }

  public static func select(_ numbers: BothPrecisions) -> [Double] { numbers.double }

  public static func round(
    _ from: UnsafePointer<Double>, count: Int, to: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { to[i] = Double(from[i]) }
  }

  public static func shift(
    _ from: UnsafePointer<Double>, stride: Int, by shift: [Double], factor: Double, rows: Int,
    columns: Int, to: UnsafeMutablePointer<Double>, stride toStride: Int
  ) {
    shift.withUnsafeBufferPointer { shift in
      for r in 0..<rows {
        for j in 0..<columns {
          to[r * toStride + j] = factor * (from[r * stride + j] - shift[j])
        }
      }
    }
  }

  public static func multiply(
    _ x: UnsafeMutablePointer<Double>, by y: UnsafePointer<Double>, count: Int, factor: Double
  ) {
    for i in 0..<count { x[i] *= factor * y[i] }
  }

  public static func forward(
    _ law: PointwiseLaw<Double>, _ z: UnsafePointer<Double>, _ shape: BlockShape,
    coefficients: UnsafePointer<Double>, sums: UnsafeMutablePointer<Double>
  ) {
    iw_forward_f64(
      law.kind, law.slope, z, shape.rows, shape.points, shape.stride, coefficients, sums)
  }

  public static func packMask(
    _ z: UnsafePointer<Double>, _ shape: BlockShape, mask: UnsafeMutablePointer<UInt64>, words: Int
  ) {
    iw_pack_mask_f64(z, shape.rows, shape.points, shape.stride, mask, words)
  }

  public static func expandMask(
    _ law: PointwiseLaw<Double>, mask: UnsafePointer<UInt64>, words: Int, _ shape: BlockShape,
    gradient: UnsafePointer<Double>, into z: UnsafeMutablePointer<Double>
  ) {
    iw_expand_mask_f64(
      law.slope, mask, words, shape.rows, shape.points, shape.stride, gradient, z)
  }

  public static func backward(
    _ law: PointwiseLaw<Double>, _ z: UnsafeMutablePointer<Double>, _ shape: BlockShape,
    gradient: UnsafePointer<Double>, sums: UnsafeMutablePointer<Double>
  ) {
    iw_backward_f64(
      law.kind, law.slope, z, shape.rows, shape.points, shape.stride, gradient, sums)
  }

  public static func preactivationStep(
    _ law: PointwiseLaw<Double>, _ z: UnsafePointer<Double>, rows: Int, points: Int,
    gradient: UnsafePointer<Double>, outputWeights: UnsafePointer<Double>, step: Double,
    delta: UnsafeMutablePointer<Double>, deltaStride: Int,
    coefficients: UnsafeMutablePointer<Double>?,
    sums: UnsafeMutablePointer<Double>
  ) {
    iw_preactivation_step_f64(
      law.kind, law.slope, z, rows, points, gradient, outputWeights, step, delta,
      deltaStride, coefficients,
      sums)
  }

  public static func rowDots(
    _ w: UnsafePointer<Double>, _ v: UnsafePointer<Double>, rows: Int, features: Int,
    sums: UnsafeMutablePointer<Double>
  ) {
    iw_row_dots_f64(w, v, rows, features, sums)
  }

  public static func update(
    _ w: UnsafeMutablePointer<Double>, _ v: UnsafePointer<Double>,
    _ a: UnsafeMutablePointer<Double>,
    sums: UnsafePointer<Double>, rows: Int, features: Int, inputStep: Double, outputStep: Double
  ) {
    iw_update_f64(w, v, a, sums, rows, features, inputStep, outputStep)
  }

  public static func tangentSums(
    _ law: PointwiseLaw<Double>, _ z: UnsafePointer<Double>, _ shape: BlockShape,
    outputWeights: UnsafePointer<Double>, masses: UnsafePointer<Double>,
    valueSums: UnsafeMutablePointer<Double>, derivativeSums: UnsafeMutablePointer<Double>
  ) {
    iw_tangent_sums_f64(
      law.kind, law.slope, z, shape.rows, shape.points, shape.stride, outputWeights, masses,
      valueSums, derivativeSums)
  }

  public static func tangentPairs(
    _ law: PointwiseLaw<Double>, _ z: UnsafePointer<Double>, _ shape: BlockShape,
    outputWeights: UnsafePointer<Double>, valueSums: UnsafeMutablePointer<Double>,
    derivativeSums: UnsafeMutablePointer<Double>
  ) {
    iw_tangent_pairs_f64(
      law.kind, law.slope, z, shape.rows, shape.points, shape.stride, outputWeights, valueSums,
      derivativeSums)
  }

  public static func decomposition(
    _ law: PointwiseLaw<Double>, _ z: UnsafePointer<Double>, initial z0: UnsafePointer<Double>,
    _ shape: BlockShape, outputWeights: UnsafePointer<Double>,
    initialOutputWeights: UnsafePointer<Double>, terms: UnsafeMutablePointer<Double>
  ) {
    iw_decomposition_f64(
      law.slope, z, z0, shape.rows, shape.points, shape.stride, outputWeights,
      initialOutputWeights, terms)
  }

  public static func values(
    _ law: PointwiseLaw<Double>, _ z: UnsafePointer<Double>, count: Int,
    into y: UnsafeMutablePointer<Double>
  ) {
    iw_values_f64(law.kind, law.slope, z, count, y)
  }

  public static func pairValues(
    _ law: PointwiseLaw<Double>, _ z: UnsafeMutablePointer<Double>, _ shape: BlockShape
  ) {
    iw_pair_values_f64(law.kind, law.slope, z, shape.rows, shape.points, shape.stride)
  }

  public static func pairWeights(
    _ a: UnsafePointer<Double>, rows: Int, outputs: Int, into result: UnsafeMutablePointer<Double>
  ) {
    iw_pair_weights_f64(a, rows, outputs, result)
  }

  public static func backwardOutputs(
    _ law: PointwiseLaw<Double>, _ z: UnsafeMutablePointer<Double>,
    _ b: UnsafeMutablePointer<Double>,
    _ shape: BlockShape
  ) {
    iw_backward_outputs_f64(law.kind, law.slope, z, b, shape.rows, shape.points, shape.stride)
  }

  public static func backwardMeans(
    slope: Double, _ z: UnsafeMutablePointer<Double>, start: UnsafePointer<Double>,
    _ b: UnsafeMutablePointer<Double>, _ shape: BlockShape, steps: Double
  ) {
    iw_backward_means_f64(
      slope, z, start, b, shape.rows, shape.points, shape.stride, steps)
  }

  public static func gather(
    _ a: UnsafePointer<Double>, rows: Int, outputs: Int, column: Int,
    into result: UnsafeMutablePointer<Double>
  ) {
    iw_gather_f64(a, rows, outputs, column, result)
  }

  public static func rowRMS(
    _ a: UnsafePointer<Double>, rows: Int, outputs: Int, into result: UnsafeMutablePointer<Double>
  ) {
    iw_row_rms_f64(a, rows, outputs, result)
  }

  public static func scaleRows(
    _ g: UnsafeMutablePointer<Double>, by a: UnsafePointer<Double>, rows: Int, features: Int
  ) {
    iw_scale_rows_f64(g, a, rows, features)
  }

  public static func descend(
    _ x: UnsafeMutablePointer<Double>, along g: UnsafePointer<Double>, count: Int, step: Double
  ) {
    iw_descend_f64(x, g, count, step)
  }

  public static func momentum(
    _ x: UnsafeMutablePointer<Double>, velocity: UnsafeMutablePointer<Double>,
    along g: UnsafePointer<Double>, count: Int, coefficient: Double, step: Double
  ) {
    iw_momentum_f64(x, velocity, g, count, coefficient, step)
  }

  public static func rmsProp(
    _ x: UnsafeMutablePointer<Double>, meanSquare: UnsafeMutablePointer<Double>,
    along g: UnsafePointer<Double>, count: Int, smoothing: Double, step: Double, epsilon: Double
  ) {
    iw_rmsprop_f64(
      x, meanSquare, g, count, Double(smoothing), Double(1 - smoothing), step, epsilon)
  }
}
