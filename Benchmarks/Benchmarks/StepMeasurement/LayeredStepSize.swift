import InfiniteWidth

/// One full-batch step of RMSProp in the mean-field limit of several hidden layers, N particles in each, in
/// single precision.
public struct LayeredStepSize: Sendable {
  public let points: Int
  public let dimension: Int
  public let particles: Int
  public let hiddenLayers: Int

  public init(points: Int, dimension: Int, particles: Int, hiddenLayers: Int) {
    self.points = points
    self.dimension = dimension
    self.particles = particles
    self.hiddenLayers = hiddenLayers
  }

  /// Operations of the matrix products of one step: three with the matrices of each hidden layer above the
  /// first (forward, backward, update), two with the inputs.
  public var operations: Double {
    let n = Double(points)
    let width = Double(particles)
    return n * width * (6 * Double(hiddenLayers - 1) * width + 4 * Double(dimension))
  }

  /// Takes eight steps and times all but the first and the last.
  public func measure() throws -> StepTime {
    let steps = 8
    let problem = try loadProblem(
      DatasetRequest(
        source: .synthetic(dimension: dimension, separation: 2, seed: 1), classes: nil,
        trainCount: points, testCount: 1, subsetSeed: nil, normalization: .none,
        regression: false))
    let reference = ReferenceNetwork(
      width: 128, learningRate: 5e-5, optimizer: .rmsProp(smoothing: 0.99, epsilon: 0))
    let settings = TrainingSettings(
      problem: problem,
      architecture: Architecture(activation: .leakyReLU(slope: 0.1), hasBias: false),
      loss: .logistic, step: .meanFieldLimit(of: reference), steps: steps, recorded: .every(steps))
    let limit = LayeredLimit(
      sizes: LayerSizes(
        features: dimension, layers: Array(repeating: particles, count: hiddenLayers)),
      replicates: 1, law: InitialLaw(shape: .gaussian, inputDimension: dimension),
      design: .full(isControlled: false), seed: 1, settings: settings,
      step: LayeredStep(reference),
      firstStep: RMSPropFirstStep(hiddenLayers: hiddenLayers, hasEpsilon: false))
    let timer = StepTimer(steps: steps)
    _ = limit.run(in: Float.self, workers: Workers(), progress: { timer.made($0) })
    return timer.time
  }
}
