private import CKernels
import Checkpoints
import LinearAlgebra

extension Float: ParticleScalar {
  public static var precisionName: String { "single" }

  public static func select(_ numbers: BothPrecisions) -> [Float] { numbers.single }

  public static func round(
    _ from: UnsafePointer<Double>, count: Int, to: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<count { to[i] = Float(from[i]) }
  }

  public static func shift(
    _ from: UnsafePointer<Float>, stride: Int, by shift: [Float], factor: Float, rows: Int,
    columns: Int, to: UnsafeMutablePointer<Float>, stride toStride: Int
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
    _ x: UnsafeMutablePointer<Float>, by y: UnsafePointer<Float>, count: Int, factor: Float
  ) {
    for i in 0..<count { x[i] *= factor * y[i] }
  }

  public static func forward(
    _ law: PointwiseLaw<Float>, _ z: UnsafePointer<Float>, _ shape: BlockShape,
    coefficients: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>
  ) {
    iw_forward_f32(
      law.kind, law.slope, z, shape.rows, shape.points, shape.stride, coefficients, sums)
  }

  public static func packMask(
    _ z: UnsafePointer<Float>, _ shape: BlockShape, mask: UnsafeMutablePointer<UInt64>, words: Int
  ) {
    iw_pack_mask_f32(z, shape.rows, shape.points, shape.stride, mask, words)
  }

  public static func expandMask(
    _ law: PointwiseLaw<Float>, mask: UnsafePointer<UInt64>, words: Int, _ shape: BlockShape,
    gradient: UnsafePointer<Float>, into z: UnsafeMutablePointer<Float>
  ) {
    iw_expand_mask_f32(
      law.slope, mask, words, shape.rows, shape.points, shape.stride, gradient, z)
  }

  public static func backward(
    _ law: PointwiseLaw<Float>, _ z: UnsafeMutablePointer<Float>, _ shape: BlockShape,
    gradient: UnsafePointer<Float>, sums: UnsafeMutablePointer<Float>
  ) {
    iw_backward_f32(
      law.kind, law.slope, z, shape.rows, shape.points, shape.stride, gradient, sums)
  }

  public static func preactivationStep(
    _ law: PointwiseLaw<Float>, _ z: UnsafePointer<Float>, rows: Int, points: Int,
    gradient: UnsafePointer<Float>, outputWeights: UnsafePointer<Float>, step: Float,
    delta: UnsafeMutablePointer<Float>, deltaStride: Int,
    coefficients: UnsafeMutablePointer<Float>?,
    sums: UnsafeMutablePointer<Float>
  ) {
    iw_preactivation_step_f32(
      law.kind, law.slope, z, rows, points, gradient, outputWeights, step, delta,
      deltaStride, coefficients,
      sums)
  }

  public static func rowDots(
    _ w: UnsafePointer<Float>, _ v: UnsafePointer<Float>, rows: Int, features: Int,
    sums: UnsafeMutablePointer<Float>
  ) {
    iw_row_dots_f32(w, v, rows, features, sums)
  }

  public static func update(
    _ w: UnsafeMutablePointer<Float>, _ v: UnsafePointer<Float>, _ a: UnsafeMutablePointer<Float>,
    sums: UnsafePointer<Float>, rows: Int, features: Int, inputStep: Float, outputStep: Float
  ) {
    iw_update_f32(w, v, a, sums, rows, features, inputStep, outputStep)
  }

  public static func tangentSums(
    _ law: PointwiseLaw<Float>, _ z: UnsafePointer<Float>, _ shape: BlockShape,
    outputWeights: UnsafePointer<Float>, masses: UnsafePointer<Float>,
    valueSums: UnsafeMutablePointer<Float>, derivativeSums: UnsafeMutablePointer<Float>
  ) {
    iw_tangent_sums_f32(
      law.kind, law.slope, z, shape.rows, shape.points, shape.stride, outputWeights, masses,
      valueSums, derivativeSums)
  }

  public static func tangentPairs(
    _ law: PointwiseLaw<Float>, _ z: UnsafePointer<Float>, _ shape: BlockShape,
    outputWeights: UnsafePointer<Float>, valueSums: UnsafeMutablePointer<Float>,
    derivativeSums: UnsafeMutablePointer<Float>
  ) {
    iw_tangent_pairs_f32(
      law.kind, law.slope, z, shape.rows, shape.points, shape.stride, outputWeights, valueSums,
      derivativeSums)
  }

  public static func decomposition(
    _ law: PointwiseLaw<Float>, _ z: UnsafePointer<Float>, initial z0: UnsafePointer<Float>,
    _ shape: BlockShape, outputWeights: UnsafePointer<Float>,
    initialOutputWeights: UnsafePointer<Float>, terms: UnsafeMutablePointer<Float>
  ) {
    iw_decomposition_f32(
      law.slope, z, z0, shape.rows, shape.points, shape.stride, outputWeights,
      initialOutputWeights, terms)
  }

  public static func values(
    _ law: PointwiseLaw<Float>, _ z: UnsafePointer<Float>, count: Int,
    into y: UnsafeMutablePointer<Float>
  ) {
    iw_values_f32(law.kind, law.slope, z, count, y)
  }

  public static func pairValues(
    _ law: PointwiseLaw<Float>, _ z: UnsafeMutablePointer<Float>, _ shape: BlockShape
  ) {
    iw_pair_values_f32(law.kind, law.slope, z, shape.rows, shape.points, shape.stride)
  }

  public static func pairWeights(
    _ a: UnsafePointer<Float>, rows: Int, outputs: Int, into result: UnsafeMutablePointer<Float>
  ) {
    iw_pair_weights_f32(a, rows, outputs, result)
  }

  public static func backwardOutputs(
    _ law: PointwiseLaw<Float>, _ z: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>,
    _ shape: BlockShape
  ) {
    iw_backward_outputs_f32(law.kind, law.slope, z, b, shape.rows, shape.points, shape.stride)
  }

  public static func backwardMeans(
    slope: Float, _ z: UnsafeMutablePointer<Float>, start: UnsafePointer<Float>,
    _ b: UnsafeMutablePointer<Float>, _ shape: BlockShape, steps: Float
  ) {
    iw_backward_means_f32(
      slope, z, start, b, shape.rows, shape.points, shape.stride, steps)
  }

  public static func gather(
    _ a: UnsafePointer<Float>, rows: Int, outputs: Int, column: Int,
    into result: UnsafeMutablePointer<Float>
  ) {
    iw_gather_f32(a, rows, outputs, column, result)
  }

  public static func rowRMS(
    _ a: UnsafePointer<Float>, rows: Int, outputs: Int, into result: UnsafeMutablePointer<Float>
  ) {
    iw_row_rms_f32(a, rows, outputs, result)
  }

  public static func scaleRows(
    _ g: UnsafeMutablePointer<Float>, by a: UnsafePointer<Float>, rows: Int, features: Int
  ) {
    iw_scale_rows_f32(g, a, rows, features)
  }

  public static func descend(
    _ x: UnsafeMutablePointer<Float>, along g: UnsafePointer<Float>, count: Int, step: Float
  ) {
    iw_descend_f32(x, g, count, step)
  }

  public static func momentum(
    _ x: UnsafeMutablePointer<Float>, velocity: UnsafeMutablePointer<Float>,
    along g: UnsafePointer<Float>, count: Int, coefficient: Float, step: Float
  ) {
    iw_momentum_f32(x, velocity, g, count, coefficient, step)
  }

  public static func rmsProp(
    _ x: UnsafeMutablePointer<Float>, meanSquare: UnsafeMutablePointer<Float>,
    along g: UnsafePointer<Float>, count: Int, smoothing: Double, step: Float, epsilon: Float
  ) {
    iw_rmsprop_f32(
      x, meanSquare, g, count, Float(smoothing), Float(1 - smoothing), step, epsilon)
  }
}
