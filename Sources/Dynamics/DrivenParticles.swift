import Checkpoints
import Execution
import Measures
import Networks
import ParticleSystems

/// Fresh particles that follow the driving field of a solved limit, any number of them in bounded
/// memory.
///
/// Since the field is given, particles are independent of each other: they are drawn, taken through all
/// updates and forgotten, a group at a time. Their mean is an unbiased estimate, up to the moment
/// matching of the design, of the function of the measure *that the field drives*,
///
///     F_k[g](x) = sigma* d* E[a_k phi(w_k . x)],   (a_k, w_k) driven by g(0), ..., g(k - 1),
///
/// which is the limit's own where g is. The error of g, that of the run it comes from, is no part of the
/// standard errors here. With two replicates or more the initial logits, which are known to vanish, are a
/// control variate.
///
/// A limit with a random initial function has a field for each realization of it, and particles of their own for
/// each. The function belongs to the logits, not to what moves the particles: all it does to them is in g.
///
/// Each replicate is one randomization of the design as a whole, gone through in windows, so that designs
/// whose points fill space together keep their rate.
///
/// Cost: a particle's part of a run (`ParticleTransport`, `PreactivationTransport`). Memory:
/// `particlesAtOnce` particles and the record of every replicate.
public struct DrivenParticles: Sendable {
  /// One a realization.
  public let fields: [DrivingField]
  /// Data, loss and steps, those of the solved limit.
  public let settings: TrainingSettings
  /// Where loss gradients of the solved limit were taken.
  public let rule: TrainingRule
  /// What is kept of a particle.
  public let representation: MeasureLimit.Representation
  /// The initial particles of every replicate, realization by realization.
  package let sources: [DesignedParticles]
  private let smoothingLaw: SmoothingLaw
  private let deviation: Double
  private let initialFunctions: (training: [[Double]], test: [[Double]])?

  private var replicates: Int { sources.count / fields.count }

  /// The first randomization of fresh particles: far beyond those that a run takes of the same seed, so
  /// that they are independent of the particles that made the field.
  public static let firstRandomization = 1 << 24

  /// - Parameters:
  ///   - particles: of all replicates of one realization, a multiple of `replicates` times the design's group size.
  ///   - settings: those of the run that the field comes from; recorded steps, probes, snapshots and
  ///     test points may be others.
  ///   - basis: of the inputs of the settings' problem, as ``MeasureLimit`` has it.
  ///   - firstRandomization: simulations of one seed are independent where their randomizations,
  ///     `replicates` for each field from this one on, differ.
  ///   - initialFunctions: one row a field, on the training and on the test points, flat: (point, output);
  ///     `nil` where the rule adds none.
  /// - Precondition: each field has a gradient for every update and training point of the settings.
  public init(
    fields: [DrivingField], particles: Int, replicates: Int, law: InitialLaw, design: SampleDesign,
    seed: UInt64, settings: TrainingSettings, basis: InputBasis, rule: TrainingRule = .plain,
    representation: MeasureLimit.Representation? = nil,
    firstRandomization: Int = DrivenParticles.firstRandomization,
    initialFunctions: (training: [[Double]], test: [[Double]])? = nil, workers: Workers
  ) {
    precondition(replicates >= 1 && particles >= 1 && !fields.isEmpty)
    precondition(particles % (replicates * design.groupSize) == 0)
    precondition((initialFunctions == nil) == (rule.offset == .never))
    precondition(initialFunctions.map { $0.training.count == fields.count } ?? true)
    precondition(
      fields.allSatisfy {
        $0.updates == settings.steps && $0.points == settings.problem.trainingCount
          && $0.outputs == settings.outputs
      })
    self.fields = fields
    self.initialFunctions = initialFunctions
    self.settings = settings
    self.rule = rule
    self.representation =
      representation ?? .cheaper(settings: settings, coordinates: basis.coordinates)
    smoothingLaw = design.smoothingLaw(coordinates: basis.coordinates + settings.outputs)
    deviation = law.inputWeightDeviation
    sources = (0..<(fields.count * replicates)).map {
      DesignedParticles(
        law: law, design: design, basis: basis, outputs: settings.outputs,
        count: particles / replicates, seed: seed, randomization: firstRandomization + $0,
        workers: workers)
    }
  }

  /// Particles that are in memory together, at most: whole blocks, by their size alone, because the
  /// order of sums depends on their number and must not depend on the machine.
  package var particlesAtOnce: Int {
    Self.particlesAtOnce(
      numbersEach: representation.numbers(settings: settings, coordinates: sources[0].features))
  }

  /// - Parameter numbersEach: that are kept for one particle.
  package static func particlesAtOnce(numbersEach: Int) -> Int {
    let blocks = (1 << 26) / (numbersEach * ParticleLayout.blockSize)
    return min(max(blocks, 8), 64) * ParticleLayout.blockSize
  }

  /// Takes all particles through all updates.
  ///
  /// - Parameters:
  ///   - progress: called with the particles done so far, of all realizations, updates of a group counted
  ///     in part.
  ///   - atBoundary: called where the run could be interrupted and continued.
  ///   - snapshot: called at `settings.snapshots` with every group of particles, group after group: the
  ///     step, the number of the group's first particle through all replicates and realizations, and the
  ///     group in the coordinates of the basis.
  /// - Returns: one member a field: means over the particles with standard errors from the replicates,
  ///   and the fields. A divergence is recorded.
  /// - Throws: what `atBoundary` and `snapshot` throw.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in },
    atBoundary: BoundaryAction? = nil,
    snapshot: (_ step: Int, _ firstParticle: Int, _ measure: any ParticleStore<Scalar>) throws ->
      Void
  ) rethrows -> Trajectory {
    let inputs = TransportInputs<Scalar>(
      settings, basis: sources[0].basis, law: smoothingLaw, deviation: deviation)
    let size = sources[0].count
    let snapshots = Set(settings.snapshots)
    var sums = DrivenSums()
    func nextGroup() -> DrivenGroup<Scalar> {
      let window = ParticleWindow(
        sources[sums.system], first: sums.first, count: min(particlesAtOnce, size - sums.first))
      return DrivenGroup(
        window, representation, settings: settings, inputs: inputs, workers: workers)
    }
    var group: DrivenGroup<Scalar>?
    func exchange(_ state: RunState) throws {
      try sums.exchange(
        state, systems: sources.count, size: size, atOnce: particlesAtOnce, settings)
      if state.isRestoring { group = nextGroup() }
      try group?.exchange(state.part("group"))
    }
    try atBoundary?(.start, exchange)
    while sums.system < sources.count {
      let present = group ?? nextGroup()
      group = present
      let number = sums.system * size + sums.first
      let evaluated = try present.drive(fields[sums.system / replicates]) { step in
        try atBoundary?(.step(step), exchange)
      } atStep: { step in
        progress(number + present.count * step / max(settings.steps, 1))
        if snapshots.contains(step) { try snapshot(step, number, present.store) }
      }
      group = nil
      sums.add(evaluated, particles: present.count, of: size)
    }
    return trajectory(of: sums.means)
  }

  /// Runs without handing out the measure.
  public func run<Scalar: ParticleScalar>(
    in precision: Scalar.Type, workers: Workers, progress: (Int) -> Void = { _ in }
  ) -> Trajectory {
    run(in: precision, workers: workers, progress: progress, snapshot: { _, _, _ in })
  }

  private func trajectory(of means: [[EvaluatedLogits]]) -> Trajectory {
    let recorder = ReplicateRecorder(
      realizations: fields.count, replicates: replicates, settings: settings)
    let split = settings.problem.trainingCount * settings.outputs
    func rows(_ index: Int, of realization: Int) -> [[Double]] {
      means[(realization * replicates)..<((realization + 1) * replicates)].map {
        $0[index].training[0] + $0[index].test[0]
      }
    }
    // Step 0 is always recorded.
    let controls = fields.indices.map { InitialLogitControl(rows(0, of: $0)) }
    for (index, step) in settings.recorded.list(upTo: settings.steps).enumerated() {
      let corrected = fields.indices.flatMap { realization in
        let rows = controls[realization].corrected(rows(index, of: realization))
        guard let initialFunctions, rule.addsOffset(at: step) else { return rows }
        let offset =
          initialFunctions.training[realization] + initialFunctions.test[realization]
        return rows.map { zip($0, offset).map { $0 + $1 } }
      }
      var logits = EvaluatedLogits()
      logits.training = corrected.map { Array($0[..<split]) }
      logits.test = corrected.map { Array($0[split...]) }
      logits.tangentKernels = means.map { $0[index].tangentKernels[0] }
      recorder.record(at: index, logits, magnitude: rule.magnitude(at: step))
    }
    var result = recorder.trajectory
    if settings.recordsLossGradient { result.lossGradient = fields.flatMap(\.values) }
    return result
  }
}
