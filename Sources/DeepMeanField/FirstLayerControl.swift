import Checkpoints
import LinearAlgebra
import ParticleSystems

/// The control variate of two layers under gradient descent: the first layer's kernel at step 0, exact in
/// the place of the sample's.
///
/// A hidden increment delta_rt is a sum over steps j of P_ri(j) h_ti(j), with the first layer's values h at
/// step j, so that in z_r(x) = s mean_t delta_rt h_t(x; k) the first layer enters through the kernels
/// mean_t h_ti(j) h_t(x; k). Their part of step 0, mean_t h_ti(0) h_t(x; 0), is known exactly. With P_ri
/// the sum of the P_ri(j),
///
///     z_r(x) = (s / N_1) sum_t delta_rt h_t(x) + s sum_i [K_1(x, x_i) - (1/N_1) sum_t h_t(x) h_t(x_i)] P_ri
///
/// where K_1 = E[h h'] and h in the bracket are values of step 0. The bracket vanishes as N_1 grows, so the
/// limit is the same, and the noise of the sample's kernel of step 0 is gone: at step 1 that is all there
/// is. It is not used in the backward pass.
final class FirstLayerControl<Scalar: ParticleScalar>: Sendable {
  let trainingPoints: Int
  private let rows: Int
  /// K_1 less the sample's, (training and test points) x training points.
  private let deviation: AlignedBuffer<Scalar>
  /// P: N_2 x training points.
  private let factors: AlignedBuffer<Scalar>
  /// What momentum remembers of them; empty without.
  private let velocities: AlignedBuffer<Scalar>

  /// - Parameter deviation: is kept.
  init(deviation: AlignedBuffer<Scalar>, trainingPoints: Int, rows: Int, rule: LayeredStep.Rule) {
    self.deviation = deviation
    self.trainingPoints = trainingPoints
    self.rows = rows
    factors = AlignedBuffer(count: rows * trainingPoints, repeating: 0)
    velocities = AlignedBuffer(count: rule == .gradient ? 0 : rows * trainingPoints, repeating: 0)
  }

  /// Of other particles of layer 2, above the same first layer.
  convenience init(_ control: FirstLayerControl, rows: Int, rule: LayeredStep.Rule) {
    self.init(
      deviation: control.deviation, trainingPoints: control.trainingPoints, rows: rows, rule: rule)
  }

  /// Adds the correction to preactivations of some rows of layer 2.
  func add(
    to z: UnsafeMutablePointer<Scalar>, rows: Range<Int>, at points: LayeredPoints<Scalar>,
    scale: Double
  ) {
    let n = trainingPoints
    func add(_ kernels: UnsafePointer<Scalar>) {
      Scalar.multiply(
        factors.base + rows.lowerBound * n, transposed: false, leading: n, kernels,
        transposed: true, leading: n, into: z, leading: points.count, m: rows.count,
        n: points.count, k: n, alpha: Scalar(scale), beta: 1)
    }
    guard let selection = points.selection else { return add(deviation.base + points.first * n) }
    let gathered = AlignedBuffer<Scalar>(count: selection.count * n, repeating: 0)
    withExtendedLifetime(gathered) {
      for (place, point) in selection.enumerated() {
        (gathered.base + place * n).update(from: deviation.base + point * n, count: n)
      }
      add(gathered.base)
    }
  }

  /// The step of P with the signals of a batch, as that of the hidden weights.
  func update(
    rows: Range<Int>, signals: UnsafePointer<Scalar>, at points: LayeredPoints<Scalar>,
    step: LayeredStep, scratch: UnsafeMutablePointer<Scalar>
  ) {
    let n = trainingPoints
    let first = rows.lowerBound * n
    let count = rows.count * n
    if points.count == n, points.selection == nil {
      scratch.update(from: signals, count: count)
    } else {
      scratch.update(repeating: 0, count: count)
      for r in 0..<rows.count {
        for place in 0..<points.count {
          scratch[r * n + (points.selection?[place] ?? points.first + place)] =
            signals[r * points.count + place]
        }
      }
    }
    switch step.rule {
    case .gradient:
      Scalar.descend(
        factors.base + first, along: scratch, count: count, step: Scalar(step.hiddenStep))
    case .momentum(let coefficient):
      Scalar.momentum(
        factors.base + first, velocity: velocities.base + first, along: scratch, count: count,
        coefficient: Scalar(coefficient), step: Scalar(step.hiddenStep))
    case .rmsProp: preconditionFailure("steps of signs have no upper factors")
    }
  }

  func exchange(_ state: RunState) throws {
    try state.exchange("factors", factors)
    try state.exchange("velocities", velocities)
  }
}
