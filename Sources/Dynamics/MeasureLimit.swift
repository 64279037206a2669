import Checkpoints
import Execution
import Measures
import Networks
import ParticleSystems

/// A limit whose measure moves: a law on the parameters (a, w) of one neuron that follows gradient
/// descent while its mean makes the function,
///
///     f~_k(x) = sigma* d* E[a phi(w . x)]      (plus an initial function, as the rule says)
///
/// as an empirical measure of particles in exact discrete time. The mean-field limit is the one
/// whose rule is plain (Mei, Montanari, Nguyen 2018, arXiv 1804.06561; Chizat, Bach 2018, arXiv
/// 1805.09545); the others take loss gradients elsewhere (Golikov 2020, arXiv 2006.06574).
///
/// A limit with a random initial function has several realizations, each with particles of its own.
/// The particles of a realization are split into independent randomizations of the design, the
/// replicates, each a simulation of its own. Their mean is the result and their spread its error.
public struct MeasureLimit: Sendable {
  /// Particles of all replicates of one realization together.
  public let particles: Int
  /// Independent parts of the particles, for the error.
  public let replicates: Int
  /// Of the random initial function; 1 where there is none.
  public let realizations: Int
  /// The initial law of (a, w), hatted.
  public let law: InitialLaw
  /// How particles are placed in it.
  public let design: SampleDesign
  /// Of all random numbers.
  public let seed: UInt64
  /// Data, loss, steps and what is recorded.
  public let settings: TrainingSettings
  /// Where loss gradients are taken.
  public let rule: TrainingRule
  /// Coordinates in which the particles are kept.
  public let basis: InputBasis
  /// What is kept of a particle.
  public let representation: Representation
  /// The exact initial kernel, where the control variates are wanted.
  public let exactKernel: InitialKernelParts?
  private let wantsBias: Bool
  let firstRandomization: Int
  private let initialFunctions: (training: [[Double]], test: [[Double]])?
  /// Of the error of one integrator step of gradient flow (`ParticleFlow`); `nil` for training steps
  /// as they are.
  public let flowTolerance: Double?
  /// Two step sizes; `nil` for every particle at every step.
  public let multirate: Multirate?

  /// What is kept of a particle.
  public enum Representation: String, Sendable, CaseIterable {
    /// Its output and input weights.
    case direct
    /// Its output weights, preactivations on the training points and coefficients of the training
    /// inputs (`PreactivationEnsemble`).
    case preactivations
  }

  /// - Parameters:
  ///   - particles: a multiple of `replicates` times the design's group size.
  ///   - settings: with ``ParticleStep/meanFieldLimit(of:)``.
  ///   - basis: of the inputs of the settings' problem; the inputs' own coordinates for RMSProp, all
  ///     inputs where the law is not Gaussian or the activation has no smoothing.
  ///   - representation: `nil` for the cheaper one.
  ///   - exactKernel: the kernel of the law at initialization, for control variates.
  ///   - estimatesBias: where there are four replicates or more; a quarter more work with eight.
  ///   - firstRandomization: simulations of one seed are independent where their randomizations,
  ///     `randomizations` from this one on, differ.
  ///   - initialFunctions: one row a realization, on the training and on the test points, flat: (point,
  ///     output); `nil` where the rule adds none.
  ///   - flowTolerance: follows gradient flow instead, without control variates and with particles kept
  ///     as weights; settings and rule as `FlowField` has them.
  ///   - multirate: for gradient descent on the full batch; small sets come beside the particles. With
  ///     fast coordinates, at most those of the basis, particles are kept by preactivations.
  public init(
    particles: Int, replicates: Int, law: InitialLaw, design: SampleDesign, seed: UInt64,
    settings: TrainingSettings, basis: InputBasis, rule: TrainingRule = .plain,
    representation: Representation? = nil, exactKernel: InitialKernelParts? = nil,
    estimatesBias: Bool = true, firstRandomization: Int = 0,
    initialFunctions: (training: [[Double]], test: [[Double]])? = nil,
    flowTolerance: Double? = nil, multirate: Multirate? = nil
  ) {
    precondition(multirate == nil || flowTolerance == nil && settings.allowsMultirate)
    precondition(flowTolerance == nil || exactKernel == nil && representation != .preactivations)
    precondition(replicates >= 1 && particles >= 1)
    precondition(particles % (replicates * design.groupSize) == 0)
    precondition((initialFunctions == nil) == (rule.offset == .never))
    self.particles = particles
    self.replicates = replicates
    self.law = law
    self.design = design
    self.seed = seed
    self.settings = settings
    self.rule = rule
    self.basis = basis
    let hasFastCoordinates = multirate?.fastCoordinates != nil
    precondition(!hasFastCoordinates || representation != .direct)
    self.representation =
      representation
      ?? (flowTolerance != nil
        ? .direct
        : hasFastCoordinates
          ? .preactivations : .cheaper(settings: settings, coordinates: basis.coordinates))
    self.flowTolerance = flowTolerance
    self.multirate = multirate
    self.exactKernel = exactKernel
    wantsBias = estimatesBias
    self.firstRandomization = firstRandomization
    realizations = initialFunctions?.training.count ?? 1
    self.initialFunctions = initialFunctions
  }

  /// Every replicate of a realization, and every half beside them, has the realization's function.
  var offset: InitialFunction {
    guard let initialFunctions else { return .none }
    func rows(_ functions: [[Double]]) -> [[Double]] {
      functions.flatMap { Array(repeating: $0, count: replicates) }
        + (estimatesBias ? functions.flatMap { Array(repeating: $0, count: 4) } : [])
    }
    return .values(
      training: rows(initialFunctions.training), test: rows(initialFunctions.test))
  }

  /// Whether the bias is estimated. It is of the order of the squared noise, nothing beside the noise
  /// of a spherical rule, whose halves would cost its rate. Elsewhere the first two replicates are joined from two halves, each a
  /// randomization of its own, which are simulated beside the replicates (`ReplicateEstimate`).
  public var estimatesBias: Bool {
    wantsBias && replicates >= 4 && design.points != .sphere
      && particles / replicates % (2 * design.groupSize) == 0
  }

  /// Randomizations of the design that the simulation uses at most.
  var randomizations: Int { realizations * (replicates + 4) }

  /// The initial particles of every replicate, realization by realization.
  public func sources(workers: Workers) -> [JoinedParticles] {
    sources(
      size: particles / replicates, firstRandomization: firstRandomization, workers: workers)
  }

  /// Samples of every replicate, of so many particles each.
  func sources(size: Int, firstRandomization: Int, workers: Workers) -> [JoinedParticles] {
    let total = realizations * replicates
    func part(_ randomization: Int, _ count: Int) -> DesignedParticles {
      DesignedParticles(
        law: law, design: design, basis: basis, outputs: settings.outputs, count: count,
        seed: seed, randomization: firstRandomization + randomization, workers: workers)
    }
    return (0..<total).map { system in
      let (realization, replicate) = system.quotientAndRemainder(dividingBy: replicates)
      guard estimatesBias, replicate < 2 else { return JoinedParticles([part(system, size)]) }
      let first = total + 4 * realization + 2 * replicate
      return JoinedParticles([part(first, size / 2), part(first + 1, size / 2)])
    }
  }

  /// Runs the limit.
  ///
  /// - Parameters:
  ///   - progress: called with the updates made so far, of `settings.steps`.
  ///   - atBoundary: called where the run could be interrupted and continued.
  ///   - snapshot: called at `settings.snapshots` with all particles, realization by realization, in
  ///     the coordinates of the basis.
  /// - Returns: one member a realization. A divergence is recorded.
  /// - Throws: what `atBoundary` and `snapshot` throw.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in },
    atBoundary: BoundaryAction? = nil,
    snapshot: (_ step: Int, _ measure: any ParticleStore<Scalar>) throws -> Void
  ) rethrows -> Trajectory {
    let sources = sources(workers: workers)
    let halves = sources.filter { $0.parts.count > 1 }.flatMap(\.parts)
    let inputs = TransportInputs<Scalar>(
      settings, basis: basis,
      law: design.smoothingLaw(coordinates: basis.coordinates + settings.outputs),
      deviation: law.inputWeightDeviation)
    if let flowTolerance {
      return try runFlow(
        sources, halves, inputs, tolerance: flowTolerance, workers: workers, progress: progress,
        atBoundary: atBoundary, snapshot: snapshot)
    }
    let (plain, store) = transport(
      sources, halves, inputs, fastCoordinates: multirate?.fastCoordinates, workers: workers)
    var transport = plain
    let errors =
      hasControlVariates ? initialErrors(sources, halves, inputs, workers) : nil
    var twoRates: MultirateTransport<Scalar>?
    if let multirate {
      let both = multirateTransport(plain, multirate, errors: errors, inputs, workers: workers)
      (transport, twoRates) = (both, both)
    } else if let errors {
      transport = ControlledTransport(
        plain, errors: errors, regression: regression, settings: settings)
    }
    let recorder = ReplicateRecorder(
      realizations: realizations, replicates: replicates, settings: settings,
      hasHalves: !halves.isEmpty)
    let snapshots = Set(settings.snapshots)
    try runTraining(
      transport, settings: settings, rule: rule, offset: offset, recorder: recorder,
      progress: progress, atBoundary: atBoundary,
      atStep: { if snapshots.contains($0) { try snapshot($0, store) } })
    var trajectory = recorder.trajectory
    trajectory.multirate = twoRates.map(record)
    return trajectory
  }

  /// Replicates and then halves, side by side, and the particles of the replicates.
  func transport<Scalar: ParticleScalar>(
    _ sources: [any ParticleSource], _ halves: [any ParticleSource],
    _ inputs: TransportInputs<Scalar>, fastCoordinates: FastCoordinates? = nil, workers: Workers
  ) -> (transport: any LogitTransport, store: any ParticleStore<Scalar>) {
    let main = representation.transport(
      sources, settings: settings, inputs: inputs, fastCoordinates: fastCoordinates,
      workers: workers)
    if halves.isEmpty { return main }
    let (beside, _) = representation.transport(
      halves, settings: settings, inputs: inputs, fastCoordinates: fastCoordinates,
      workers: workers)
    return (CompositeTransport([main.transport, beside]), main.store)
  }

  var regression: ReplicateRegression {
    ReplicateRegression(replicates: replicates, realizations: realizations)
  }

  /// Symmetric designs have no initial logits to correct, and coefficients come from replicates.
  private var hasControlVariates: Bool {
    replicates > 1 && design.takesControlVariates
      && (exactKernel != nil || design.symmetry != .antithetic && design.symmetry != .quadruples)
  }

  /// What the control variates need of the initial particles.
  func initialErrors<Scalar: ParticleScalar>(
    _ sources: [any ParticleSource], _ halves: [any ParticleSource],
    _ inputs: TransportInputs<Scalar>, _ workers: Workers
  ) -> InitialSampleErrors<Scalar> {
    InitialSampleErrors(
      [sources, halves].filter { !$0.isEmpty }.map {
        InitialTangentKernels(
          sources: $0, inputs: inputs, settings: settings, hasKernels: exactKernel != nil,
          workers: workers)
      }, exact: exactKernel, outputs: settings.outputs, workers: workers)
  }

  /// Runs the limit without handing out the measure.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in }
  ) -> Trajectory {
    run(in: precision, workers: workers, progress: progress, snapshot: { _, _ in })
  }
}
