import Checkpoints
import Dynamics
import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

/// The mean-field limit of networks with several hidden layers, in discrete time, as the law of large
/// numbers has it: hidden layers that are means over particles, whose hidden weights are increments alone,
/// after a step 0 that knows what the initial weights leave behind (``FirstStep``).
///
/// Independent simulations of few particles each, the replicates, give the mean and its error: at a given
/// error the cost is proportional to the particles of one. Where there are four replicates or more, halves
/// of the first two are simulated beside them, from which the bias of order one over the particles is
/// estimated.
public struct LayeredLimit: Sendable {
  /// Of one replicate.
  public let sizes: LayerSizes
  /// Independent simulations, for the mean and its error.
  public let replicates: Int
  /// Gaussian, of the first weights w and the last weights a, hatted.
  public let law: InitialLaw
  /// How particles are placed.
  public let design: LayeredDesign
  /// Of all random numbers.
  public let seed: UInt64
  /// Data, loss, steps and what is recorded.
  public let settings: TrainingSettings
  /// Steps of the three kinds of weights.
  public let step: LayeredStep
  /// Step 0, which differs from all later ones.
  public let firstStep: any FirstStep
  /// Of the first replicate; simulations of one seed are independent where their randomizations,
  /// `randomizations` from this one on, differ.
  public let firstRandomization: Int

  /// - Parameters:
  ///   - law: Gaussian.
  ///   - settings: whose architecture has no bias and a closed form, without probes; their step is not used.
  ///   - step: of the networks at any width.
  public init(
    sizes: LayerSizes, replicates: Int, law: InitialLaw, design: LayeredDesign, seed: UInt64,
    settings: TrainingSettings, step: LayeredStep, firstStep: any FirstStep,
    firstRandomization: Int = 0
  ) {
    precondition(replicates >= 1 && law.shape == .gaussian && !settings.architecture.hasBias)
    precondition(sizes.hiddenLayers == firstStep.hiddenLayers && design.suits(sizes))
    precondition(sizes.outputs == settings.outputs && settings.probes == 0)
    precondition(sizes.features == settings.problem.inputDimension)
    precondition(!design.isControlled || firstStep is GradientDescentFirstStep)
    self.sizes = sizes
    self.replicates = replicates
    self.law = law
    self.design = design
    self.seed = seed
    self.settings = settings
    self.step = step
    self.firstStep = firstStep
    self.firstRandomization = firstRandomization
  }

  /// Whether the bias is estimated.
  public var estimatesBias: Bool {
    replicates >= 4 && sizes.layers.allSatisfy { $0 % 2 == 0 } && design.suits(sizes.halved)
  }

  /// Randomizations that the simulation uses.
  var randomizations: Int { systems }

  /// Simulations beside each other: the replicates, and then the halves.
  var systems: Int { replicates + (estimatesBias ? 4 : 0) }

  /// Simulations beside each other, in numbers of whole ones by the cost of their products.
  package var costInReplicates: Double { Double(replicates) + (estimatesBias ? 1 : 0) }

  /// Runs the limit.
  ///
  /// - Parameters:
  ///   - progress: called with the updates made so far, of `settings.steps`.
  ///   - atBoundary: called where the run could be interrupted and continued.
  ///   - probes: test points, the first ones, whose preactivations snapshots have.
  ///   - snapshot: called at `settings.snapshots` with the populations of all replicates.
  /// - Returns: one member. A divergence is recorded.
  /// - Throws: what `atBoundary` and `snapshot` throw.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in },
    atBoundary: BoundaryAction? = nil, probes: Int = 0,
    snapshot: (_ step: Int, _ snapshot: LayeredSnapshot<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    precondition(probes <= settings.problem.testCount)
    let transport = transport(in: Scalar.self, workers: workers)
    let snapshots = Set(settings.snapshots)
    return try train(
      transport, progress: progress, atBoundary: atBoundary,
      atStep: { step in
        guard snapshots.contains(step) else { return }
        try snapshot(step, transport.snapshot(replicates: replicates, probes: probes))
      })
  }

  /// The simulations as they are at first.
  func transport<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers
  ) -> LayeredTransport<Scalar> {
    let inputs = LayeredInputs<Scalar>(settings)
    let samples = samples
    let kernel: [Scalar]? = design.isControlled ? exactKernel(workers: workers) : nil
    return LayeredTransport(
      samples.map { simulation($0, inputs, kernel: kernel, workers: workers) }, inputs: inputs,
      settings: settings, start: { makeStart(workers: workers) }, samples: samples,
      workers: workers)
  }

  /// Takes them through all updates.
  func train<Scalar: ParticleScalar>(
    _ transport: LayeredTransport<Scalar>, progress: (Int) -> Void, atBoundary: BoundaryAction?,
    atStep: (Int) throws -> Void
  ) rethrows -> Trajectory {
    let recorder = ReplicateRecorder(
      realizations: 1, replicates: replicates, settings: settings, hasHalves: estimatesBias)
    try runTraining(
      transport, settings: settings, recorder: recorder, progress: progress,
      atBoundary: atBoundary, atStep: atStep)
    return recorder.trajectory
  }

  /// Runs the limit without handing out the weights.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in }
  ) -> Trajectory {
    run(in: precision, workers: workers, progress: progress, snapshot: { _, _ in })
  }

  /// Of the replicates, and then of the halves.
  var samples: [LayeredSample] {
    func sample(_ sizes: LayerSizes, _ randomizations: [Int]) -> LayeredSample {
      LayeredSample(
        law: law, design: design, seed: seed, sizes: sizes,
        randomizations: randomizations.map { firstRandomization + $0 })
    }
    let whole = (0..<replicates).map { replicate in
      let half = replicates + 2 * replicate
      return sample(
        sizes, estimatesBias && replicate < 2 ? [half, half + 1] : [replicate])
    }
    guard estimatesBias else { return whole }
    return whole + (0..<4).map { sample(sizes.halved, [replicates + $0]) }
  }

  private func makeStart<Scalar: ParticleScalar>(workers: Workers) -> LayeredStart<Scalar> {
    let problem = settings.problem
    let activation = settings.architecture.activation
    let batch = settings.batches.indices(update: 0, points: problem.trainingCount)
    let inputs =
      batch.map { batch in
        Matrix(
          rows: batch.count, columns: problem.inputDimension,
          elements: batch.flatMap { Array(problem.trainingInputs.row($0)) })
      } ?? problem.trainingInputs
    return LayeredStart(
      firstStep,
      InitialProcesses(
        inputs: inputs, deviation: law.inputWeightDeviation, activation: activation,
        hiddenLayers: sizes.hiddenLayers, forward: firstStep.forwardLayers,
        backward: firstStep.backwardLayers, workers: workers),
      activation: activation)
  }
}
