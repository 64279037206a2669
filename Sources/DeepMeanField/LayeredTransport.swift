import Checkpoints
import Execution
import LinearAlgebra
import Networks
import ParticleSystems

/// Layered particles as systems of a training run: limits of the mean-field scaling with several hidden
/// layers, and networks of particles without a special step 0.
///
/// Work is shared out by systems and by blocks of rows, 256 particles each, so that bits do not depend on
/// the number of threads. Cost of a step: 6 N_l N_{l-1} n operations for each hidden layer above the first
/// and n points, 4 N_1 D n for the first.
final class LayeredTransport<Scalar: ParticleScalar>: LogitTransport {
  let simulations: [LayeredSystem<Scalar>]
  /// One a system, where there is a special step 0.
  private let samples: [LayeredSample]
  private let makeStart: (() -> LayeredStart<Scalar>)?
  let inputs: LayeredInputs<Scalar>
  let settings: TrainingSettings
  let workers: Workers
  private let pieces: [[LayeredPiece]]
  private var updates = 0
  /// Whether the simulations hold values of the batch that the next update uses.
  var holdsBatch = false
  /// Fresh particles that see the simulations.
  var driven: DrivenLayerGroup<Scalar>?

  var systems: Int { simulations.count }
  var hiddenLayers: Int { pieces.count }
  private var outputs: Int { settings.outputs }

  /// - Parameters:
  ///   - start: makes the special step 0 where the run gets there; `nil` for none.
  ///   - samples: of the systems, where there is one.
  init(
    _ simulations: [LayeredSystem<Scalar>], inputs: LayeredInputs<Scalar>,
    settings: TrainingSettings, start: (() -> LayeredStart<Scalar>)?, samples: [LayeredSample],
    workers: Workers
  ) {
    precondition(start == nil || samples.count == simulations.count)
    self.simulations = simulations
    self.inputs = inputs
    self.settings = settings
    self.samples = samples
    makeStart = start
    self.workers = workers.forProducts
    pieces = simulations[0].sizes.layers.indices.map { layer in
      simulations.enumerated().flatMap { system, simulation in
        LayeredPiece.pieces(system: system, rows: simulation.sizes.layers[layer])
      }
    }
  }

  func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    if let update { apply(update) }
    var result = EvaluatedLogits()
    defer { if request.isRecorded { driven?.finishRecord() } }
    if makeStart != nil, updates == 0 { return zeroLogits(request) }
    if request.isRecorded {
      result.test = logits(of: inputs.test, first: settings.problem.trainingCount)
      result.training = logits(of: inputs.training, first: 0)
      result.tangentKernels = Array(repeating: [], count: systems)
    }
    holdsBatch = false
    if request.hasNextBatch {
      let points = inputs.points(request.nextBatch)
      let isThere =
        request.isRecorded && request.nextBatch == nil && inputs.fitsAtOnce(points.count)
      result.batch = isThere ? result.training : evaluate(points)
      holdsBatch = true
    }
    return result
  }

  /// f_0 vanishes as the width grows.
  private func zeroLogits(_ request: EvaluationRequest) -> EvaluatedLogits {
    func zeros(_ points: Int) -> [[Double]] {
      Array(repeating: Array(repeating: 0, count: points * outputs), count: systems)
    }
    var result = EvaluatedLogits()
    let problem = settings.problem
    if request.hasNextBatch {
      result.batch = zeros(request.nextBatch?.count ?? problem.trainingCount)
    }
    if request.isRecorded {
      result.training = zeros(problem.trainingCount)
      result.test = zeros(problem.testCount)
      result.tangentKernels = Array(repeating: [], count: systems)
    }
    return result
  }

  // MARK: Passes

  private func forEach(
    _ layer: Int,
    _ body: @Sendable (LayeredSystem<Scalar>, LayeredPiece, _ worker: Int) -> Void
  ) {
    let pieces = pieces[layer - 1]
    let simulations = simulations
    workers.forEach(pieces.count) { number, worker in
      let piece = pieces[number]
      body(simulations[piece.system], piece, worker)
    }
  }

  func forward(_ layer: Int, at points: LayeredPoints<Scalar>) {
    forEach(layer) { system, piece, _ in
      system.forward(layer: layer, rows: piece.rows, at: points)
    }
  }

  /// Logits of some points, which the simulations then hold the values of.
  private func evaluate(_ points: LayeredPoints<Scalar>) -> [[Double]] {
    for layer in 1...hiddenLayers { forward(layer, at: points) }
    let pieces = pieces[hiddenLayers - 1]
    let simulations = simulations
    let partial = workers.results(pieces.count) { number in
      simulations[pieces[number].system].partialLogits(
        rows: pieces[number].rows, points: points.count)
    }
    var sums = Array(
      repeating: [Double](repeating: 0, count: points.count * outputs), count: systems)
    for (piece, values) in zip(pieces, partial) {
      for i in values.indices { sums[piece.system][i] += values[i] }
    }
    for system in sums.indices {
      let factor = simulations[system].step.scale / Double(simulations[system].sizes.layers.last!)
      for i in sums[system].indices { sums[system][i] *= factor }
    }
    return sums
  }

  private func logits(of set: AlignedBuffer<Scalar>, first: Int) -> [[Double]] {
    var result: [[Double]] = Array(repeating: [], count: systems)
    for points in inputs.chunks(of: set, first: first) {
      for (system, values) in evaluate(points).enumerated() { result[system] += values }
      driven?.addLogits(at: points, outputs: outputs, workers: workers)
    }
    return result
  }

  // MARK: Updates

  private func apply(_ update: GradientUpdate) {
    precondition(update.steps == 1)
    let points = inputs.points(update.batch)
    let gradients = update.gradients.map { Scalar.lossGradients($0) }
    let isFirst = updates == 0
    if isFirst, let makeStart {
      let start = makeStart()
      fill(start, points, gradients)
      driven?.step(at: points, gradients: gradients, start: start, workers: workers)
      step(points, gradients) { start.firstStep.moves($0) }
      for block in LayeredBlock.all(hiddenLayers: hiddenLayers)
      where !start.firstStep.remembers(block) {
        for simulation in simulations { simulation.memory.forget(block) }
      }
    } else {
      if !holdsBatch { _ = evaluate(points) }
      backward(points, gradients)
      driven?.step(at: points, gradients: gradients, start: nil, workers: workers)
      step(points, gradients) { _ in true }
    }
    updates += 1
  }

  /// Values and signals of step 0.
  private func fill(
    _ start: LayeredStart<Scalar>, _ points: LayeredPoints<Scalar>, _ gradients: [[Scalar]]
  ) {
    forward(1, at: points)
    let samples = samples
    for layer in 1...hiddenLayers {
      forEach(layer) { system, piece, _ in
        start.fill(
          system, samples[piece.system], layer: layer, rows: piece.rows,
          drawn: piece.rows, gradients: gradients[piece.system])
      }
    }
  }

  private func backward(_ points: LayeredPoints<Scalar>, _ gradients: [[Scalar]]) {
    let last = hiddenLayers
    for layer in stride(from: last, through: 1, by: -1) {
      forEach(layer) { system, piece, _ in
        if layer == last {
          system.outputSignals(
            rows: piece.rows, points: points.count, gradients: gradients[piece.system])
        } else {
          system.carrySignals(layer: layer, rows: piece.rows, points: points.count)
        }
        system.mask(layer: layer, rows: piece.rows, points: points.count)
      }
    }
  }

  /// The update of all blocks that move, from values and signals of the whole batch.
  private func step(
    _ points: LayeredPoints<Scalar>, _ gradients: [[Scalar]], moves: (LayeredBlock) -> Bool
  ) {
    let room = simulations.map { $0.scratch(rows: LayeredPiece.largest) }.max()!
    let scratch = (0..<workers.count).map { _ in AlignedBuffer<Scalar>(count: room, repeating: 0) }
    for block in LayeredBlock.all(hiddenLayers: hiddenLayers) where moves(block) {
      forEach(simulations[0].shape(block).layer) { system, piece, worker in
        system.update(
          block, rows: piece.rows, at: points, gradients: gradients[piece.system],
          scratch: scratch[worker].base)
      }
    }
  }

  func exchange(_ state: RunState) throws {
    try state.exchange("updates", &updates)
    guard updates >= 0 else { throw state.misfit("updates", "the value \(updates)") }
    for (number, simulation) in simulations.enumerated() {
      try simulation.exchange(state.part("system \(number)"))
    }
    try driven?.exchange(state.part("driven"))
    // Values are made again where the next update needs them.
    if state.isRestoring { holdsBatch = false }
  }
}

/// Rows of one layer of one system, the work of one thread.
struct LayeredPiece: Sendable {
  let system: Int
  let rows: Range<Int>

  /// Particles of a piece, at most.
  static let largest = 256

  static func pieces(system: Int, rows: Int) -> [LayeredPiece] {
    stride(from: 0, to: rows, by: largest).map {
      LayeredPiece(system: system, rows: $0..<min($0 + largest, rows))
    }
  }
}
