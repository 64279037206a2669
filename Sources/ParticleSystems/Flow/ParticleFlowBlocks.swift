import Execution
import LinearAlgebra
import Networks

/// What a `ParticleFlow` does with one block of particles at a time, in parallel.
struct ParticleFlowBlocks<Scalar: ParticleScalar>: Sendable {
  let state: ParticleEnsemble<Scalar>
  let stage: ParticleEnsemble<Scalar>
  var slopes: ParticleSlopes<Scalar>
  private let training: PointSet<Scalar>
  private let step: ParticleStep
  private let evaluator: PointEvaluator<Scalar>
  private let sums: GradientSums<Scalar>
  private let workers: Workers
  private let scratch: [SweepScratch<Scalar>]

  /// One number for each kind of weight.
  struct Pair {
    var output: Double
    var input: Double
  }

  init(
    _ ensemble: ParticleEnsemble<Scalar>, settings: TrainingSettings,
    inputs: TransportInputs<Scalar>, workers: Workers
  ) {
    let layout = ensemble.layout
    state = ensemble
    stage = ParticleEnsemble(copying: ensemble)
    slopes = ParticleSlopes(layout)
    training = inputs.training
    step = settings.step
    let law = PointwiseLaw<Scalar>(settings.architecture.activation)
    evaluator = PointEvaluator(law: law, layout: layout)
    sums = GradientSums(law: law, layout: layout)
    self.workers = workers.forProducts
    let points = min(
      PointChunks.largest, (max(inputs.training.count, inputs.test.count) + 63) / 64 * 64)
    scratch = (0..<self.workers.count).map { _ in
      SweepScratch(rows: layout.largestBlock, points: points, layout: layout, decomposes: false)
    }
  }

  private var layout: ParticleLayout { state.layout }

  /// Calls `body` with every block that this process holds, and its number.
  private func forEachBlock(
    _ body: @Sendable (_ number: Int, _ block: ParticleLayout.Block, _ worker: Int) -> Void
  ) {
    let held = layout.held
    workers.forEach(held.count) { piece, worker in
      let number = held.lowerBound + piece
      body(number, layout.block(number), worker)
    }
  }

  /// Makes the stage y + sum_j weights_j k_j, and while a block of it is in cache its shares of the
  /// evaluations.
  func evaluateStage(at weights: [Double], _ evaluations: [Evaluation<Scalar>]) {
    forEachBlock { number, block, worker in
      combine(weights, of: block, into: stage)
      for evaluation in evaluations {
        evaluator.add(
          outputWeights: stage.outputWeights(of: block),
          inputWeights: stage.inputWeights(of: block), rows: block.count,
          masses: stage.massesBySize(of: block), to: evaluation,
          evaluation.clearedShare(of: number), scratch[worker], eachChunk: { _, _, _ in })
      }
    }
  }

  /// Slope `index`, at the stage. `gradients`: dL/df (point, output), system by system.
  func fillSlope(_ index: Int, gradients: [Scalar]) {
    forEachBlock { _, block, worker in
      let a = stage.outputWeights(of: block)
      let w = stage.inputWeights(of: block)
      let output = slopes.output(index, of: block)
      let input = slopes.input(index, of: block)
      gradients.withUnsafeBufferPointer {
        let g = $0.baseAddress! + block.system * training.count * layout.outputs
        if layout.outputs == 1 {
          sums.ofOneOutput(
            inputWeights: w, rows: block.count, training, g, intoOutput: output,
            intoInput: input, scratch[worker])
          Scalar.scaleRows(input, by: a, rows: block.count, features: layout.features)
        } else {
          sums.ofSeveralOutputs(
            outputWeights: a, inputWeights: w, rows: block.count, training, g,
            intoOutput: output, intoInput: input, scratch[worker])
        }
      }
    }
  }

  /// y <- y + sum_j weights_j k_j
  func move(by weights: [Double]) {
    forEachBlock { _, block, _ in combine(weights, of: block, into: state) }
  }

  /// The block's part of `target` becomes y + sum_j weights_j k_j.
  private func combine(
    _ weights: [Double], of block: ParticleLayout.Block, into target: ParticleEnsemble<Scalar>
  ) {
    let terms = slopes.terms(weights, of: block)
    Scalar.combine(
      into: target.outputWeights(of: block), from: state.outputWeights(of: block),
      slopes: terms.output, weights: terms.weights.map { -step.outputStep * $0 },
      count: block.count * layout.outputs)
    Scalar.combine(
      into: target.inputWeights(of: block), from: state.inputWeights(of: block),
      slopes: terms.input, weights: terms.weights.map { -step.inputStep * $0 },
      count: block.count * layout.features)
  }

  /// System by system: the root mean squares of y.
  func stateSize() -> [Pair] {
    rootMeanSquares { block in
      (
        [UnsafePointer(state.outputWeights(of: block))],
        [UnsafePointer(state.inputWeights(of: block))], [1]
      )
    }
  }

  /// System by system: the root mean squares of sum_j weights_j k_j.
  func size(_ weights: [Double]) -> [Pair] {
    rootMeanSquares { slopes.terms(weights, of: $0) }.map {
      Pair(output: step.outputStep * $0.output, input: step.inputStep * $0.input)
    }
  }

  private func rootMeanSquares(
    _ terms:
      @Sendable (ParticleLayout.Block) -> (
        output: [UnsafePointer<Scalar>], input: [UnsafePointer<Scalar>], weights: [Double]
      )
  ) -> [Pair] {
    let squares = AlignedBuffer<Double>(count: 2 * layout.held.count, repeating: 0)
    forEachBlock { number, block, _ in
      let terms = terms(block)
      let place = squares.base + 2 * (number - layout.held.lowerBound)
      place[0] = Scalar.combinedSquares(
        slopes: terms.output, weights: terms.weights, count: block.count * layout.outputs)
      place[1] = Scalar.combinedSquares(
        slopes: terms.input, weights: terms.weights, count: block.count * layout.features)
    }
    let sums = BlockSums(squares.base, width: 2, layout: layout)
    return (0..<layout.systems).map { system in
      Pair(
        output: (sums[system, 0] / Double(layout.particles * layout.outputs)).squareRoot(),
        input: (sums[system, 1] / Double(layout.particles * layout.features)).squareRoot())
    }
  }
}
