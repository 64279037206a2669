/// Values and derivatives of the activation over a block of steps that one update stands for.
///
/// For a smooth activation those at the middle of the block are enough. Where phi has a kink, a
/// preactivation that crosses it within the block has an error of first order in the block's length by
/// its middle alone, of a sign that depends on when it crosses: noise that would be larger than all
/// else. Preactivations move nearly evenly, from z by (z_m - z) / h / B a step, with z_m the preactivation at
/// the midpoint h of the B steps; the means of phi and phi' over these B positions are right to one order
/// more. (For many steps that is the averaged vector field of Quispel and McLaren 2008, J. Phys. A 41,
/// 045206.)
struct BlockMeans<Scalar: ParticleScalar> {
  private let law: PointwiseLaw<Scalar>
  private let steps: Int

  /// - Parameter steps: two or more.
  init(_ law: PointwiseLaw<Scalar>, steps: Int) {
    self.law = law
    self.steps = steps
  }

  /// Whether ``apply(_:start:_:_:)`` needs the preactivations at the block's start.
  var needsStart: Bool { law.isPiecewiseLinear }

  /// Multiplies `b` by the derivatives and replaces the preactivations z at the midpoint by the values.
  ///
  /// - Parameter start: preactivations at the block's start, where they are needed.
  func apply(
    _ z: UnsafeMutablePointer<Scalar>, start: UnsafePointer<Scalar>,
    _ b: UnsafeMutablePointer<Scalar>, _ shape: BlockShape
  ) {
    if law.isPiecewiseLinear {
      Scalar.backwardMeans(slope: law.slope, z, start: start, b, shape, steps: Scalar(steps))
    } else {
      Scalar.backwardOutputs(law, z, b, shape)
    }
  }
}
