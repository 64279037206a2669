import Checkpoints
import Dynamics
import Execution
import FiniteWidth
import Measures
import MessagePassing
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Limits and networks whose particles are divided among processes have the bits of one process.
@Suite struct DividedLimitTests {
  /// Three blocks for each of six systems (four replicates, halves of two), so that processes hold parts of systems, whole
  /// ones and several.
  private static let particles = 4 * 1100

  private static func settings(
    optimizer: Optimizer = .gradientDescent, batches: BatchSchedule = .full,
    threeClasses: Bool = false
  ) -> TrainingSettings {
    TrainingSettings(
      problem: threeClasses ? smallProblemOfThreeClasses() : smallProblem(),
      architecture: Architecture(activation: .leakyReLU(slope: 0.1), hasBias: false),
      loss: threeClasses ? .softmax : .logistic,
      step: .meanFieldLimit(
        of: ReferenceNetwork(width: 16, learningRate: 0.3, optimizer: optimizer)), steps: 6,
      batches: batches, recorded: .every(2), probes: 2, snapshots: [0, 6])
  }

  /// What a run leaves: bits of the record, and the particles that were handed out.
  private struct Outcome: Equatable, Sendable {
    let record: [[UInt64]]
    var particles: [UInt32] = []

    init(_ trajectory: Trajectory) {
      record = [
        trajectory.trainingLogits, trajectory.testLogits, trajectory.testLogitsError,
        trajectory.lossGradient, trajectory.tangentKernelDiagonal,
      ].map { $0.map(\.bitPattern) }
    }
  }

  private static func run(_ limit: MeasureLimit, _ ranks: Ranks) -> Outcome {
    var particles: [UInt32] = []
    let trajectory = limit.run(in: Float.self, workers: Workers(count: 2, ranks: ranks)) {
      _, store in
      store.forEachPart { first, a, w in
        particles.append(UInt32(first))
        particles += (Array(a) + Array(w)).map(\.bitPattern)
      }
    }
    var outcome = Outcome(trajectory)
    outcome.particles = particles
    return outcome
  }

  private static func expectSame(_ limit: MeasureLimit) {
    let alone = run(limit, .alone)
    #expect(alone.record[0].contains { $0 != 0 } && !alone.particles.isEmpty)
    for count in [2, 3, 20] {
      let outcomes = ProcessesInMemory.run(count) { run(limit, $0) }
      #expect(outcomes[0] == alone, "\(count) processes")
      for other in outcomes.dropFirst() {
        #expect(other.record == alone.record && other.particles.isEmpty)
      }
    }
  }

  private static func limit(
    _ settings: TrainingSettings, design: String = "independent",
    representation: MeasureLimit.Representation = .direct, flowTolerance: Double? = nil,
    multirate: Multirate? = nil
  ) -> MeasureLimit {
    MeasureLimit(
      particles: particles, replicates: 4, law: InitialLaw(shape: .gaussian, inputDimension: 3),
      design: SampleDesign(name: design)!, seed: 3, settings: settings,
      basis: ownCoordinates(settings), representation: representation,
      flowTolerance: flowTolerance, multirate: multirate)
  }

  @Test("Weights as they are, with the initial logits as control variates")
  func direct() { Self.expectSame(Self.limit(Self.settings())) }

  @Test("Preactivations, three classes, momentum and batches, matched moments")
  func preactivations() {
    let settings = Self.settings(
      optimizer: .momentum(0.5), batches: .batches(size: 6, shuffleSeed: nil), threeClasses: true)
    Self.expectSame(
      Self.limit(settings, design: "independent+moments", representation: .preactivations))
  }

  @Test("Gradient flow, whose step sizes come from sums over all particles")
  func flow() { Self.expectSame(Self.limit(Self.settings(), flowTolerance: 1e-5)) }

  @Test("A driving field")
  func driven() {
    let settings = Self.settings()
    let solved = Self.limit(settings).run(in: Float.self, workers: Workers(count: 2))
    let driven = DrivenParticles(
      fields: [DrivingField(solved, member: 0)], particles: Self.particles, replicates: 2,
      law: InitialLaw(shape: .gaussian, inputDimension: 3),
      design: SampleDesign(name: "independent")!, seed: 5, settings: settings,
      basis: ownCoordinates(settings), workers: Workers(count: 1))
    let alone = Outcome(driven.run(in: Float.self, workers: Workers(count: 2)))
    let outcomes = ProcessesInMemory.run(3) {
      Outcome(driven.run(in: Float.self, workers: Workers(count: 1, ranks: $0)))
    }
    #expect(outcomes == [alone, alone, alone])
  }

  @Test("Finite networks of one hidden layer, more processes than seeds")
  func networks() {
    var settings = Self.settings()
    settings.step = .network(
      width: 700, scaling: Scaling.meanField,
      reference: ReferenceNetwork(width: 16, learningRate: 0.3))
    let networks = FiniteNetworks(
      width: 700, firstSeed: 2, seeds: 3, law: InitialLaw(shape: .gaussian, inputDimension: 3),
      settings: settings)
    let alone = Outcome(networks.train(in: Double.self, workers: Workers(count: 2)))
    for count in [2, 5] {
      let outcomes = ProcessesInMemory.run(count) {
        Outcome(networks.train(in: Double.self, workers: Workers(count: 1, ranks: $0)))
      }
      #expect(outcomes == Array(repeating: alone, count: count))
    }
  }
}
