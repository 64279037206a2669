import LinearAlgebra
import Networks

/// Logits (and what else is asked for) of every system of an ensemble on one set of points, summed
/// from the blocks' shares in the order of the blocks.
final class Evaluation<Scalar: ParticleScalar>: @unchecked Sendable {
  let points: PointSet<Scalar>
  /// The sweep keeps the signs of the preactivations for the update that follows.
  let keepsMask: Bool
  /// Points, the first ones, whose tangent-kernel diagonal is wanted.
  let probes: Int
  /// Whether the four terms of the logits (Golikov 2020) are wanted.
  let decomposes: Bool
  /// Of points with components outside the particles' coordinates.
  let smoothing: TransportInputs<Scalar>.Smoothing?
  private let outputs: Int
  private let blocksOfSystem: Int
  private let stride: Int
  private let shares: AlignedBuffer<Scalar>

  init(
    _ points: PointSet<Scalar>, layout: ParticleLayout, keepsMask: Bool = false,
    probes: Int = 0, decomposes: Bool = false,
    smoothing: TransportInputs<Scalar>.Smoothing? = nil
  ) {
    self.smoothing = smoothing
    self.points = points
    self.keepsMask = keepsMask
    self.probes = probes
    self.decomposes = decomposes
    outputs = layout.outputs
    blocksOfSystem = layout.blocksOfSystem
    stride = points.count * outputs * (decomposes ? 5 : 1) + 2 * probes
    shares = AlignedBuffer(count: layout.blockCount * stride, repeating: 0)
  }

  /// Where block `index` adds its share: logits (point, output), then the probes' sums of phi^2 and
  /// of a^2 phi'^2, then the four terms (output, term, point).
  func clearedShare(of index: Int) -> UnsafeMutablePointer<Scalar> {
    let share = shares.base + index * stride
    share.update(repeating: 0, count: stride)
    return share
  }

  var tangentOffset: Int { points.count * outputs }

  func decompositionOffset(output: Int, term: Int) -> Int {
    tangentOffset + 2 * probes + (output * 4 + term) * points.count
  }

  /// Sums over the blocks of one system, `count` numbers from `offset` on, times `factor`.
  private func sum(system: Int, offset: Int, count: Int, factor: Double) -> [Double] {
    var total = [Double](repeating: 0, count: count)
    for block in 0..<blocksOfSystem {
      let share = shares.base + (system * blocksOfSystem + block) * stride + offset
      for i in 0..<count { total[i] += Double(share[i]) }
    }
    for i in 0..<count { total[i] *= factor }
    return total
  }

  /// Logits (point, output).
  func logits(system: Int, factor: Double) -> [Double] {
    sum(system: system, offset: 0, count: points.count * outputs, factor: factor)
  }

  /// Means of phi^2 and of a^2 phi'^2 over the particles, one of each a probe; a^2 is the mean over
  /// the outputs.
  private func tangentMeans(system: Int, particles: Int) -> (value: [Double], derivative: [Double])
  {
    let sums = sum(
      system: system, offset: tangentOffset, count: 2 * probes, factor: 1 / Double(particles))
    return (Array(sums[..<probes]), Array(sums[probes...]))
  }

  /// Diagonal of the tangent kernel at the probes, mean over the outputs.
  ///
  /// - Parameter norms: |x|^2 of the probes.
  func tangentKernelDiagonal(
    system: Int, particles: Int, step: ParticleStep, norms: [Double]
  ) -> [Double] {
    let means = tangentMeans(system: system, particles: particles)
    return norms.indices.map {
      step.outputKernelFactor * means.value[$0]
        + step.inputKernelFactor * means.derivative[$0] * norms[$0]
    }
  }

  /// The terms f_0, f_a, f_w, f_aw of the logits, each (point, output).
  func decomposition(system: Int, factor: Double) -> [[Double]] {
    let count = points.count
    let all = sum(
      system: system, offset: decompositionOffset(output: 0, term: 0),
      count: 4 * count * outputs, factor: factor)
    return (0..<4).map { term in
      (0..<count).flatMap { point in
        (0..<outputs).map { all[($0 * 4 + term) * count + point] }
      }
    }
  }
}
