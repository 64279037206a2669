import Checkpoints
import Execution
import LinearAlgebra
import Networks
import TimeIntegration

/// Particles (a, w) that follow the gradient flow of their mean loss,
///
///     da/dt = -outputStep sum_i g_i phi(w . x_i),   dw/dt = -inputStep sum_i (g_i . a) phi'(w . x_i) x_i
///
/// in units of training steps (Mei, Montanari, Nguyen 2018, arXiv 1804.06561; Chizat, Bach 2018, arXiv
/// 1805.09545, for the mean-field limit), with an explicit Runge-Kutta method of seven slopes.
///
/// Memory is nine times that of the particles: the state, the state of a stage and seven slopes. For D
/// features, N particles in all and n training points a slope costs 6 n D N operations (6 n (D + C) N
/// with C > 1 outputs), an evaluation 2 D N a point. Work is done on blocks of particles, and sums are
/// made in the order of the blocks: the same bits for any number of threads.
///
/// *Norm.* Of a combination of slopes: the larger of the root mean squares over the output weights, and
/// over those coordinates of the input weights that can move, each in units of the larger of its root
/// mean squares in the initial and in the present state; the largest of all systems. So every kind of
/// weight of every system meets the tolerance by itself.
package final class ParticleFlow<Scalar: ParticleScalar>: FlowSystem {
  private let settings: TrainingSettings
  private let field: FlowField
  private let firstSystem: Int
  private let trainingEvaluation: Evaluation<Scalar>
  private let testEvaluation: Evaluation<Scalar>
  private let probeProducts: [Double]
  private var blocks: ParticleFlowBlocks<Scalar>
  /// Root of the number of coordinates of w by those that move.
  private let movingFactor: Double
  /// System by system: the size of the initial state, and the present unit of sizes.
  private let initialSize: [ParticleFlowBlocks<Scalar>.Pair]
  private var unit: [ParticleFlowBlocks<Scalar>.Pair]

  package var systems: Int { blocks.state.systems }

  /// The state that was evaluated last: within `atStep` of a run the particles at that step.
  package var stage: ParticleEnsemble<Scalar> { blocks.stage }

  /// - Parameters:
  ///   - ensemble: the initial particles, which the flow moves.
  ///   - inputs: in the coordinates of the ensemble's input weights.
  ///   - movingFeatures: coordinates of w that can move, as ``InputBasis/movingCoordinates``.
  ///   - field: of the ensemble's systems, and others.
  ///   - firstSystem: the number of the ensemble's first system in the field.
  package init(
    _ ensemble: ParticleEnsemble<Scalar>, settings: TrainingSettings,
    inputs: TransportInputs<Scalar>, movingFeatures: Int, field: FlowField, firstSystem: Int = 0,
    workers: Workers
  ) {
    precondition(ensemble.features == inputs.training.features)
    precondition(ensemble.outputs == settings.outputs && !settings.decomposes)
    precondition(field.isAlive.count >= firstSystem + ensemble.systems)
    self.settings = settings
    self.field = field
    self.firstSystem = firstSystem
    trainingEvaluation = Evaluation(inputs.training, layout: ensemble.layout)
    testEvaluation = Evaluation(
      inputs.test, layout: ensemble.layout, probes: settings.probes,
      pairsProbes: settings.pairsProbes, smoothing: inputs.smoothing)
    probeProducts = inputs.probeProducts
    movingFactor = (Double(ensemble.features) / Double(max(movingFeatures, 1))).squareRoot()
    blocks = ParticleFlowBlocks(ensemble, settings: settings, inputs: inputs, workers: workers)
    initialSize = blocks.stateSize()
    unit = []
    chooseUnit()
  }

  package func evaluateSlope(_ index: Int, at weights: [Double]) {
    blocks.evaluateStage(at: weights, [trainingEvaluation])
    let gradients = field.gradients(logits(trainingEvaluation.sums()), first: firstSystem)
    blocks.fillSlope(index, gradients: gradients.flatMap(Scalar.lossGradients))
  }

  package func norm(_ weights: [Double]) -> Double {
    var largest = 0.0
    for (system, size) in blocks.size(weights).enumerated()
    where field.isAlive[firstSystem + system] {
      let output = size.output / unit[system].output
      let input = movingFactor * size.input / unit[system].input
      // A maximum must not lose a NaN.
      guard output.isFinite, input.isFinite else { return .infinity }
      largest = max(largest, output, input)
    }
    return largest
  }

  package func move(by weights: [Double]) {
    blocks.move(by: weights)
    chooseUnit()
  }

  package func exchangeSlopes(_ first: Int, _ second: Int) {
    blocks.slopes.exchange(first, second)
  }

  package func evaluate(at weights: [Double], isRecorded: Bool) -> EvaluatedLogits {
    blocks.evaluateStage(
      at: weights, isRecorded ? [trainingEvaluation, testEvaluation] : [trainingEvaluation])
    var result = EvaluatedLogits()
    result.batch = logits(trainingEvaluation.sums())
    guard isRecorded else { return result }
    result.training = result.batch
    let test = testEvaluation.sums()
    result.test = logits(test)
    result.tangentKernels = (0..<systems).map {
      test.tangentKernel(
        system: $0, particles: blocks.state.particles, step: settings.step, products: probeProducts)
    }
    return result
  }

  package func exchange(_ state: RunState) throws {
    try blocks.state.exchange(state)
    try blocks.slopes.exchangeFirst(state)
    if state.isRestoring { chooseUnit() }
  }

  private func logits(_ sums: EvaluatedSums) -> [[Double]] {
    let factor = settings.step.logitScale / Double(blocks.state.particles)
    return (0..<systems).map { sums.logits(system: $0, factor: factor) }
  }

  private func chooseUnit() {
    // Weights that are all zero have no size of their own.
    func larger(_ a: Double, _ b: Double) -> Double { max(a, b) == 0 ? 1 : max(a, b) }
    unit = zip(initialSize, blocks.stateSize()).map {
      .init(output: larger($0.output, $1.output), input: larger($0.input, $1.input))
    }
  }
}
