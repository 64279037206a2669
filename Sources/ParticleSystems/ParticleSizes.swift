import LinearAlgebra

/// A block of particles of a positively homogeneous activation whose sizes stand for masses, as
/// weighted particles of the law's own size.
///
/// A particle (sqrt(m) a, sqrt(m) w) of mass one is (a, w) of mass m wherever functions of degree two are
/// summed. What test points have outside the span of the basis is integrated with the law's own
/// deviation beside w x, so that there the particles need their own size.
struct ParticleSizes<Scalar: ParticleScalar> {
  /// m
  let masses: UnsafePointer<Scalar>
  /// a
  let plain: UnsafePointer<Scalar>
  /// m a
  let weighted: UnsafePointer<Scalar>
  /// m, a, m a and 1 / sqrt(m), one after another.
  private let numbers: AlignedBuffer<Scalar>
  private let rows: Int

  /// - Parameter outputWeights: sqrt(m) a, one a particle.
  init(_ masses: [Double], outputWeights: UnsafePointer<Scalar>) {
    rows = masses.count
    numbers = AlignedBuffer(count: 4 * rows, repeating: 0)
    for (r, mass) in masses.enumerated() {
      let size = mass.squareRoot()
      numbers.base[r] = Scalar(mass)
      numbers.base[rows + r] = outputWeights[r] / Scalar(size)
      numbers.base[2 * rows + r] = outputWeights[r] * Scalar(size)
      numbers.base[3 * rows + r] = Scalar(1 / size)
    }
    self.masses = UnsafePointer(numbers.base)
    plain = UnsafePointer(numbers.base + rows)
    weighted = UnsafePointer(numbers.base + 2 * rows)
  }

  /// From phi(w x) to phi(sqrt(m) w x).
  func restore(_ values: UnsafeMutablePointer<Scalar>, _ shape: BlockShape) {
    scaleRows(values, shape) { 1 / numbers.base[3 * rows + $0] }
  }

  /// From sqrt(m) w x to w x.
  func remove(from z: UnsafeMutablePointer<Scalar>, _ shape: BlockShape) {
    scaleRows(z, shape) { numbers.base[3 * rows + $0] }
  }

  private func scaleRows(
    _ values: UnsafeMutablePointer<Scalar>, _ shape: BlockShape, by factor: (Int) -> Scalar
  ) {
    for r in 0..<shape.rows {
      let factor = factor(r)
      for i in 0..<shape.points { values[r * shape.stride + i] *= factor }
    }
  }
}
