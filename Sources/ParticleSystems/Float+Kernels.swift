private import CKernels
import LinearAlgebra

extension Float: ParticleScalar {
  public static var precisionName: String { "single" }

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

  public static func decomposition(
    _ law: PointwiseLaw<Float>, _ z: UnsafePointer<Float>, initial z0: UnsafePointer<Float>,
    _ shape: BlockShape, outputWeights: UnsafePointer<Float>,
    initialOutputWeights: UnsafePointer<Float>, terms: UnsafeMutablePointer<Float>
  ) {
    iw_decomposition_f32(
      law.slope, z, z0, shape.rows, shape.points, shape.stride, outputWeights,
      initialOutputWeights, terms)
  }
}
