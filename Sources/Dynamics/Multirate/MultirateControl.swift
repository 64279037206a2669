import Checkpoints
import ParticleSystems

/// The control variates of ``ControlledTransport`` for a simulation with two step sizes.
///
/// To first order in the steps the logits of a set X of particles are f_0^X - (K + dK_X) S(k), with
/// dK_X = K^X - K. Those of ``MultirateTransport``, f_S(k) + D(k) with D continued from
/// f_L - f_S at the starts of blocks, are then off by f_0^L - dK_S S(k) - (dK_L - dK_S) S~(k), with S~ the
/// same continuation of S: the control variates are -f_0^L and, for each part of the kernel,
///
///     dK_L S~(k) + dK_S (S(k) - S~(k)).
struct MultirateControl<Scalar: ParticleScalar> {
  private let large: InitialSampleErrors<Scalar>
  private let small: InitialSampleErrors<Scalar>
  private var sums: StepSums
  private var atStarts = BlockValues()

  init(
    large: InitialSampleErrors<Scalar>, small: InitialSampleErrors<Scalar>,
    settings: TrainingSettings
  ) {
    precondition(large.systems == small.systems)
    self.large = large
    self.small = small
    sums = StepSums(systems: large.systems, settings: settings)
  }

  mutating func add(_ update: GradientUpdate) { sums.add(update) }

  mutating func exchange(_ state: RunState) throws {
    try sums.exchange(state.part("sums"))
    try atStarts.exchange(state.part("at_starts"), lengths: sums.values.map(\.count))
  }

  mutating func startBlock() { atStarts.append(sums.values) }

  func variates(on points: InitialSampleErrors<Scalar>.Points, _ place: [[Double]]) -> [[[Double]]]
  {
    let start = atStarts.continued(place)
    var result = large.variates(on: points, sums: start)
    if start == sums.values { return result }
    let rest = zip(sums.values, start).map { zip($0, $1).map { $0 - $1 } }
    let parts = small.kernelParts
    for (system, variates) in small.variates(on: points, sums: rest).enumerated() {
      let first = result[system].count - parts
      for (part, variate) in variates.suffix(parts).enumerated() {
        for i in variate.indices { result[system][first + part][i] += variate[i] }
      }
    }
    return result
  }
}
