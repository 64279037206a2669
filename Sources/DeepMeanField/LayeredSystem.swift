import Checkpoints
import LinearAlgebra
import Networks
import ParticleSystems

/// One simulation by layered particles: the pieces of a forward pass, of a backward pass and of an update, each
/// the work of one thread on some rows (particles) of one layer.
///
/// Preactivations are kept particle by particle (N_l x points). Backward, with g the loss gradients of a batch,
///
///     E^L_ri = phi'(z^L_ri) sum_c g_ic a_rc,    E^l_ti = phi'(z^l_ti) (s / N_{l+1}) sum_r V^{l+1}_rt E^{l+1}_ri
///
/// so that dL/dz^l_t = (s / N_l) E^l_t: all are of order one. Every product with a matrix of weights is one
/// call of the BLAS on whole sums: rows of the result are shared out, and no sum is, but that of the
/// logits.
///
/// Safety: pieces write to rows of their own.
final class LayeredSystem<Scalar: ParticleScalar>: Sendable {
  let particles: LayeredParticles<Scalar>
  let memory: LayeredMemory<Scalar>
  let step: LayeredStep
  let control: FirstLayerControl<Scalar>?
  let law: PointwiseLaw<Scalar>
  /// z^l, by l - 1, until the backward pass makes phi(z^l) of it.
  let preactivations: [AlignedBuffer<Scalar>]
  /// phi(z^l).
  let values: [AlignedBuffer<Scalar>]
  /// E^l.
  let signals: [AlignedBuffer<Scalar>]

  var sizes: LayerSizes { particles.sizes }

  /// - Parameters:
  ///   - points: at most so many at once.
  ///   - batch: points of the largest batch.
  convenience init(
    _ particles: LayeredParticles<Scalar>, step: LayeredStep, activation: Activation,
    points: Int, batch: Int, control: FirstLayerControl<Scalar>?
  ) {
    func buffers(_ points: Int) -> [AlignedBuffer<Scalar>] {
      particles.sizes.layers.map { AlignedBuffer(count: $0 * points, repeating: 0) }
    }
    self.init(
      particles: particles, memory: LayeredMemory(step.rule, particles.sizes), step: step,
      law: PointwiseLaw(activation), control: control, preactivations: buffers(points),
      values: buffers(points), signals: buffers(batch))
  }

  /// Of buffers that may be shared.
  init(
    particles: LayeredParticles<Scalar>, memory: LayeredMemory<Scalar>, step: LayeredStep,
    law: PointwiseLaw<Scalar>, control: FirstLayerControl<Scalar>?,
    preactivations: [AlignedBuffer<Scalar>], values: [AlignedBuffer<Scalar>],
    signals: [AlignedBuffer<Scalar>]
  ) {
    self.particles = particles
    self.memory = memory
    self.step = step
    self.law = law
    self.control = control
    self.preactivations = preactivations
    self.values = values
    self.signals = signals
  }

  // MARK: Forward

  /// z and phi(z) of some rows of a layer, from the layer below.
  func forward(layer: Int, rows: Range<Int>, at points: LayeredPoints<Scalar>) {
    let z = preactivations[layer - 1].base + rows.lowerBound * points.count
    let below = layer == 1 ? sizes.features : sizes.layers[layer - 2]
    if layer == 1 {
      Scalar.multiply(
        particles.inputWeights.base + rows.lowerBound * below, transposed: false, leading: below,
        points.inputs, transposed: true, leading: below, into: z, leading: points.count,
        m: rows.count, n: points.count, k: below, alpha: 1, beta: 0)
    } else {
      Scalar.multiply(
        particles.increments[layer - 2].base + rows.lowerBound * below, transposed: false,
        leading: below, values[layer - 2].base, transposed: false, leading: points.count, into: z,
        leading: points.count, m: rows.count, n: points.count, k: below,
        alpha: Scalar(step.scale / Double(below)), beta: 0)
      control?.add(to: z, rows: rows, at: points, scale: step.scale)
    }
    Scalar.values(
      law, z, count: rows.count * points.count,
      into: values[layer - 1].base + rows.lowerBound * points.count)
  }

  /// sum_r a_rc phi(z^L_ri) over some rows, flat: (point, output).
  func partialLogits(rows: Range<Int>, points: Int) -> [Double] {
    let outputs = sizes.outputs
    var sums = [Scalar](repeating: 0, count: points * outputs)
    sums.withUnsafeMutableBufferPointer {
      Scalar.multiply(
        values.last!.base + rows.lowerBound * points, transposed: true, leading: points,
        particles.outputWeights.base + rows.lowerBound * outputs, transposed: false,
        leading: outputs, into: $0.baseAddress!, leading: outputs, m: points, n: outputs,
        k: rows.count, alpha: 1, beta: 0)
    }
    var wide = [Double](repeating: 0, count: sums.count)
    Scalar.widen(sums, count: sums.count, to: &wide)
    return wide
  }

  // MARK: Backward

  /// sum_c g_ic a_rc of some rows of the last layer.
  func outputSignals(rows: Range<Int>, points: Int, gradients: UnsafePointer<Scalar>) {
    let outputs = sizes.outputs
    Scalar.multiply(
      particles.outputWeights.base + rows.lowerBound * outputs, transposed: false,
      leading: outputs, gradients, transposed: true, leading: outputs,
      into: signals.last!.base + rows.lowerBound * points, leading: points, m: rows.count,
      n: points, k: outputs, alpha: 1, beta: 0)
  }

  /// (s / N_{l+1}) sum_r V_rt E^{l+1}_ri of some rows t of layer l < L.
  func carrySignals(layer: Int, rows: Range<Int>, points: Int) {
    let above = sizes.layers[layer]
    Scalar.multiply(
      particles.increments[layer - 1].base + rows.lowerBound, transposed: true,
      leading: sizes.layers[layer - 1], signals[layer].base, transposed: false, leading: points,
      into: signals[layer - 1].base + rows.lowerBound * points, leading: points, m: rows.count,
      n: points, k: above, alpha: Scalar(step.scale / Double(above)), beta: 0)
  }

  /// Multiplies the signals of some rows by phi'(z).
  func mask(layer: Int, rows: Range<Int>, points: Int) {
    let first = rows.lowerBound * points
    Scalar.backwardOutputs(
      law, preactivations[layer - 1].base + first, signals[layer - 1].base + first,
      BlockShape(rows: rows.count, points: points, stride: points))
  }

  func exchange(_ state: RunState) throws {
    try particles.exchange(state.part("particles"))
    try memory.exchange(state.part("memory"))
    try control?.exchange(state.part("control"))
  }
}
