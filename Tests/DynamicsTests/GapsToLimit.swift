import Execution
import FiniteWidth
import Measures
import Networks
import ParticleSystems

/// Root mean square gaps of networks, 16 seeds of each width, to the test logits of a limit of ten steps on the small
/// problem, after its last step.
///
/// - Parameter settings: of networks with this step.
func gapsToLimit(
  _ limit: Trajectory, widths: [Int], reference: ReferenceNetwork,
  settings: (ParticleStep) -> TrainingSettings
) -> [Double] {
  let size = 15 * limit.outputs
  return widths.map { width in
    let nets = FiniteNetworks(
      width: width, firstSeed: 1, seeds: 16, law: InitialLaw(shape: .gaussian, inputDimension: 3),
      settings: settings(.network(width: width, scaling: .meanField, reference: reference))
    ).train(in: Double.self, workers: Workers(count: 2))
    var sum = 0.0
    for seed in 0..<16 {
      for t in 0..<size {
        let gap = nets.testLogits[(seed * 11 + 10) * size + t] - limit.testLogits[10 * size + t]
        sum += gap * gap
      }
    }
    return (sum / Double(16 * size)).squareRoot()
  }
}
