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
  /// Pairs of different probes whose entries of the tangent kernel are wanted: all or none.
  let pairs: Int
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
    probes: Int = 0, pairsProbes: Bool = false, decomposes: Bool = false,
    smoothing: TransportInputs<Scalar>.Smoothing? = nil
  ) {
    self.smoothing = smoothing
    self.points = points
    self.keepsMask = keepsMask
    self.probes = probes
    pairs = pairsProbes ? probes * (probes - 1) / 2 : 0
    self.decomposes = decomposes
    outputs = layout.outputs
    blocksOfSystem = layout.blocksOfSystem
    stride = points.count * outputs * (decomposes ? 5 : 1) + 2 * (probes + pairs)
    shares = AlignedBuffer(count: layout.blockCount * stride, repeating: 0)
  }

  /// Where block `index` adds its share: logits (point, output), then the probes' sums of phi^2 and
  /// of a^2 phi'^2, those of phi phi and of a^2 phi' phi' of their pairs, then the four terms (output,
  /// term, point).
  func clearedShare(of index: Int) -> UnsafeMutablePointer<Scalar> {
    let share = shares.base + index * stride
    share.update(repeating: 0, count: stride)
    return share
  }

  var tangentOffset: Int { points.count * outputs }

  var pairOffset: Int { tangentOffset + 2 * probes }

  func decompositionOffset(output: Int, term: Int) -> Int {
    pairOffset + 2 * pairs + (output * 4 + term) * points.count
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

  /// The tangent kernel at the probes, mean over the outputs of the entries of each with itself: the
  /// diagonal, and then the pairs i < j row by row, where they are wanted.
  ///
  /// - Parameter products: scalar products of the probes, in the same order.
  func tangentKernel(
    system: Int, particles: Int, step: ParticleStep, products: [Double]
  ) -> [Double] {
    func means(_ offset: Int, _ count: Int) -> [Double] {
      sum(system: system, offset: offset, count: count, factor: 1 / Double(particles))
    }
    // The mean of a^2 over the outputs is taken before the sum.
    let values = means(tangentOffset, probes) + means(pairOffset, pairs)
    let derivatives = means(tangentOffset + probes, probes) + means(pairOffset + pairs, pairs)
    precondition(products.count == values.count, "a product for each entry")
    return values.indices.map {
      step.outputKernelFactor * values[$0]
        + step.inputKernelFactor * derivatives[$0] * products[$0]
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
