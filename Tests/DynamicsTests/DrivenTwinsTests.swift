import Dynamics
import Execution
import FiniteWidth
import Measures
import Networks
import ParticleSystems
import Testing

/// Twins of a network's neurons, driven by loss gradients.
@Suite struct DrivenTwinsTests {
  static let law = InitialLaw(shape: .gaussian, inputDimension: 3)
  static let reference = ReferenceNetwork(width: 16, learningRate: 0.3)

  func settings(
    _ problem: LearningProblem, step: ParticleStep, loss: Loss = .logistic,
    batches: BatchSchedule = .full
  ) -> TrainingSettings {
    TrainingSettings(
      problem: problem,
      architecture: Architecture(activation: .leakyReLU(slope: 0.1), hasBias: false), loss: loss,
      step: step, steps: 9, batches: batches, recorded: .every(3))
  }

  func networks(width: Int, _ settings: TrainingSettings) -> FiniteNetworks {
    FiniteNetworks(width: width, firstSeed: 5, seeds: 3, law: Self.law, settings: settings)
  }

  /// Driven by a mean-field network's own loss gradients, twins are its neurons: seed by seed, in
  /// batches and with several outputs.
  @Test(
    arguments: [
      BatchSchedule.full, .batches(size: 7, shuffleSeed: nil), .batches(size: 7, shuffleSeed: 2),
    ], [1, 3])
  func drivenByTheirOwnGradients(batches: BatchSchedule, outputs: Int) throws {
    let problem = outputs == 1 ? smallProblem() : smallProblemOfThreeClasses()
    let loss: Loss = outputs == 1 ? .logistic : .softmax
    let width = 600
    let own = settings(
      problem, step: .network(width: width, scaling: .meanField, reference: Self.reference),
      loss: loss, batches: batches)
    let networks = networks(width: width, own)
    let workers = Workers(count: 2)
    let trajectory = networks.train(in: Double.self, workers: workers)
    let twins = DrivenTwins<Double>(
      sources: networks.sources, fields: (0..<3).map { DrivingField(trajectory, member: $0) },
      settings: settings(
        problem, step: .meanFieldLimit(of: Self.reference), loss: loss, batches: batches),
      workers: workers)
    // Of one seed's field the others' twins differ.
    let strangers = DrivenTwins<Double>(
      sources: networks.sources,
      fields: Array(repeating: DrivingField(trajectory), count: 3),
      settings: settings(
        problem, step: .meanFieldLimit(of: Self.reference), loss: loss, batches: batches),
      workers: workers)
    var steps = 0
    func compare(_ step: Int, _ neurons: ParticleEnsemble<Double>) {
      guard step % 3 == 0 else { return }
      twins.advance(to: step)
      strangers.advance(to: step)
      let squares = neurons.meanSquaredDistances(to: twins.ensemble, workers: workers)
      #expect(squares.allSatisfy { $0 < 1e-26 }, "\(step): \(squares)")
      let others = neurons.meanSquaredDistances(to: strangers.ensemble, workers: workers)
      #expect(others[0] < 1e-26)
      if step > 0 { #expect(others[1] > 1e-8 && others[2] > 1e-8) }
      steps += 1
    }
    _ = networks.train(
      in: Double.self, workers: workers, progress: { _ in }, atStep: compare)
    #expect(steps == 4)
  }

  /// The mean squared distance, written out.
  @Test func meanSquaredDistances() {
    let problem = smallProblem()
    let own = settings(
      problem, step: .network(width: 700, scaling: .meanField, reference: Self.reference))
    let networks = networks(width: 700, own)
    let initial = ParticleEnsemble<Float>(sources: networks.sources, workers: Workers(count: 1))
    func weights(_ ensemble: ParticleEnsemble<Float>) -> [[Double]] {
      var rows: [[Double]] = []
      ensemble.forEachPart { _, a, w in
        for r in 0..<a.count {
          rows.append([Double(a[r])] + w[(r * 3)..<(r * 3 + 3)].map { Double($0) })
        }
      }
      return rows
    }
    let start = weights(initial)
    func check(_ step: Int, _ neurons: ParticleEnsemble<Float>) {
      guard step == 9 else { return }
      let end = weights(neurons)
      var expected = [0.0, 0, 0]
      for row in start.indices {
        for (x, y) in zip(start[row], end[row]) { expected[row / 700] += (x - y) * (x - y) / 700 }
      }
      let one = neurons.meanSquaredDistances(to: initial, workers: Workers(count: 1))
      for (a, b) in zip(one, expected) { #expect(abs(a - b) < 1e-12 * b) }
      #expect(one.allSatisfy { $0 > 0 })
      #expect(one == neurons.meanSquaredDistances(to: initial, workers: Workers(count: 3)))
    }
    _ = networks.train(
      in: Float.self, workers: Workers(count: 1), progress: { _ in }, atStep: check)
  }
}
