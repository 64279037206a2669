import Execution
import Measures
import Networks
import ParticleSystems

extension MeasureLimit.Representation {
  /// The representation of fewer operations a step: for n points a batch b costs 2 n b operations a
  /// particle by preactivations, and directly, in m coordinates, 4 b m where the signs of the
  /// preactivations say everything (piecewise linear activations, one output), else 6 b m.
  package static func cheaper(settings: TrainingSettings, coordinates: Int) -> Self {
    if case .rmsProp = settings.step.update { return .direct }
    let keepsSigns =
      settings.architecture.activation.negativeSlope != nil && settings.outputs == 1
    let direct = (keepsSigns ? 4 : 6) * coordinates
    return 2 * settings.problem.trainingCount <= direct ? .preactivations : .direct
  }

  /// Operations of one update for a block of several steps, in units of a training step's: matrix
  /// products, of n points and m coordinates, are two of 2 n^2 operations against one by
  /// preactivations, and directly five of 2 n m against two where signs are kept (the preactivations
  /// before the block and in its middle are made beside those of the evaluation), five against three
  /// elsewhere, six for several outputs with kinks.
  package func blockCost(settings: TrainingSettings) -> Double {
    if self == .preactivations { return 2 }
    if settings.architecture.activation.negativeSlope == nil { return 5.0 / 3 }
    return settings.outputs == 1 ? 2.5 : 2
  }

  /// Operations of one step with r fast coordinates in units of a step by preactivations in which all move:
  /// two products of 2 n r operations against one of 2 n^2, which the slow ones take once in several steps;
  /// a mean over the run.
  package static func stepCost(of fast: FastCoordinates, settings: TrainingSettings) -> Double {
    2 * Double(fast.count) / Double(settings.problem.trainingCount) + Double(
      fast.moves(inSteps: settings.steps)) / Double(max(settings.steps, 1))
  }

  /// Numbers that are kept for one particle, kept signs counted as much as its weights; without what
  /// an optimizer remembers.
  package func numbers(settings: TrainingSettings, coordinates: Int) -> Int {
    switch self {
    case .direct: 2 * (coordinates + settings.outputs)
    case .preactivations: 2 * settings.problem.trainingCount + settings.outputs
    }
  }

  /// Systems of equally many particles each, in this representation.
  func transport<Scalar: ParticleScalar>(
    _ sources: [any ParticleSource], settings: TrainingSettings,
    inputs: TransportInputs<Scalar>, fastCoordinates: FastCoordinates? = nil, workers: Workers
  ) -> (transport: any LogitTransport, store: any ParticleStore<Scalar>) {
    switch self {
    case .direct:
      precondition(fastCoordinates == nil)
      let ensemble = ParticleEnsemble<Scalar>(sources: sources, workers: workers)
      return (
        ParticleTransport(ensemble, settings: settings, inputs: inputs, workers: workers),
        ensemble
      )
    case .preactivations:
      let ensemble = PreactivationEnsemble<Scalar>(
        sources: sources, training: inputs.training, fastCoordinates: fastCoordinates,
        workers: workers)
      return (
        PreactivationTransport(ensemble, settings: settings, inputs: inputs, workers: workers),
        ensemble
      )
    }
  }
}

extension SampleDesign {
  /// The law of what a basis leaves of the test points' preactivations, in its deviations.
  ///
  /// - Parameter coordinates: of a and of w in the basis together.
  func smoothingLaw(coordinates: Int) -> SmoothingLaw {
    removesRadius ? .student(coordinates: coordinates) : .gaussian
  }
}
