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
  private let layout: ParticleLayout
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
    self.layout = layout
    stride = points.count * layout.outputs * (decomposes ? 5 : 1) + 2 * (probes + pairs)
    shares = AlignedBuffer(count: layout.held.count * stride, repeating: 0)
  }

  /// Where block `index`, one of those that this process holds, adds its share: logits (point, output), then the probes' sums of phi^2 and
  /// of a^2 phi'^2, those of phi phi and of a^2 phi' phi' of their pairs, then the four terms (output,
  /// term, point).
  func clearedShare(of index: Int) -> UnsafeMutablePointer<Scalar> {
    let share = shares.base + (index - layout.held.lowerBound) * stride
    share.update(repeating: 0, count: stride)
    return share
  }

  var tangentOffset: Int { points.count * layout.outputs }

  var pairOffset: Int { tangentOffset + 2 * probes }

  func decompositionOffset(output: Int, term: Int) -> Int {
    pairOffset + 2 * pairs + (output * 4 + term) * points.count
  }

  /// What the blocks of all processes have added; all processes call it.
  func sums() -> EvaluatedSums {
    EvaluatedSums(
      BlockSums(shares.base, width: stride, layout: layout), points: points.count,
      outputs: layout.outputs, probes: probes, pairs: pairs)
  }
}
