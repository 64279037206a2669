import Execution
import LinearAlgebra
import Networks
import ParticleSystems

/// Logits of deep networks on a set of points, and their empirical tangent kernels among the first of them.
final class DeepEvaluation<Scalar: ParticleScalar>: @unchecked Sendable {
  private let forward: DeepForward<Scalar>
  private let workers: Workers
  /// One a worker.
  private let scratch: [DeepScratch<Scalar>]
  private var ensemble: DeepEnsemble<Scalar> { forward.ensemble }

  init(_ forward: DeepForward<Scalar>, hasProbes: Bool, workers: Workers) {
    self.forward = forward
    self.workers = workers
    scratch = (0..<workers.count).map { _ in
      DeepScratch(forward.ensemble.layers, hasProbes: hasProbes)
    }
  }

  /// - Returns: system by system, flat (point, output).
  func logits(_ points: PointSet<Scalar>) -> [[Double]] {
    let blocks = DeepForward<Scalar>.blocks(points.count)
    let parts = workers.results(ensemble.systems * blocks) { piece, worker -> [Double] in
      let (system, block) = piece.quotientAndRemainder(dividingBy: blocks)
      let first = block * DeepForward<Scalar>.block
      let rows = min(DeepForward<Scalar>.block, points.count - first)
      self.run(system, points, first: first, rows: rows, self.scratch[worker])
      return self.scratch[worker].logits(rows: rows)
    }
    return (0..<ensemble.systems).map { system in
      parts[(system * blocks)..<((system + 1) * blocks)].flatMap { $0 }
    }
  }

  private func run(
    _ system: Int, _ points: PointSet<Scalar>, first: Int, rows: Int,
    _ scratch: DeepScratch<Scalar>
  ) {
    forward.run(
      system: system, inputs: points.inputs.base + first * points.features, rows: rows,
      preactivations: { scratch.preactivations[$0].base }, values: scratch.values.base)
  }

  /// The tangent kernels at the first `probes` points, learning rates included: the mean over outputs c of
  ///
  ///     K_cc(x, x') = sum over parameters of learningRate df_c(x) df_c(x')
  ///     = sum over layers of learningRate (weightFactor^2 (y . y') + biasFactor^2) (delta . delta')
  ///
  /// with the values y below a layer and the gradients delta of f_c by its preactivations: the step of gradient
  /// descent is f_c <- f_c - sum_i K_cc(x, x_i) g_ic - (terms of other outputs) + second order. A product of
  /// Gram matrices a layer and output.
  ///
  /// - Parameter pairs: all pairs, of at most a block of probes; else the diagonal alone.
  /// - Returns: system by system, in the order of `EvaluatedLogits/tangentKernels`.
  func tangentKernels(_ points: PointSet<Scalar>, probes: Int, pairs: Bool) -> [[Double]] {
    precondition(!pairs || probes <= DeepForward<Scalar>.block)
    guard probes > 0 else { return Array(repeating: [], count: ensemble.systems) }
    let blocks = DeepForward<Scalar>.blocks(probes)
    let parts = workers.results(ensemble.systems * blocks) { piece, worker -> [Double] in
      let (system, block) = piece.quotientAndRemainder(dividingBy: blocks)
      let first = block * DeepForward<Scalar>.block
      return self.kernel(
        system, points, first: first, rows: min(DeepForward<Scalar>.block, probes - first),
        self.scratch[worker])
    }
    return (0..<ensemble.systems).map { system in
      let kernels = parts[(system * blocks)..<((system + 1) * blocks)]
      var result: [Double] = []
      for kernel in kernels {
        let rows = Int(Double(kernel.count).squareRoot())
        result += (0..<rows).map { kernel[$0 * (rows + 1)] }
        guard pairs else { continue }
        for i in 0..<rows { result += kernel[(i * rows + i + 1)..<((i + 1) * rows)] }
      }
      return result
    }
  }

  /// All pairs of a block (row by row).
  private func kernel(
    _ system: Int, _ points: PointSet<Scalar>, first: Int, rows: Int,
    _ scratch: DeepScratch<Scalar>
  ) -> [Double] {
    let layers = ensemble.layers
    run(system, points, first: first, rows: rows, scratch)
    // Values in the place of preactivations, and the slopes phi' beside them.
    for (number, layer) in layers.dropLast().enumerated() {
      let slopes = scratch.slopes[number]
      slopes.base.update(repeating: 1, count: rows * layer.outputs)
      Scalar.backwardOutputs(
        forward.law, scratch.preactivations[number].base, slopes.base,
        BlockShape(rows: rows, points: layer.outputs, stride: layer.outputs))
    }
    let valueProducts = layers.indices.map { number in
      number == 0
        ? scratch.products(points.inputs.base + first * points.features, rows, points.features)
        : scratch.products(
          scratch.preactivations[number - 1].base, rows, layers[number].inputs)
    }
    let outputs = layers.last!.outputs
    var kernel = [Double](repeating: 0, count: rows * rows)
    for output in 0..<outputs {
      let top = scratch.deltas[0].base
      top.update(repeating: 0, count: rows * outputs)
      for point in 0..<rows { top[point * outputs + output] = 1 }
      var (delta, next) = (scratch.deltas[0], scratch.deltas[1])
      for (number, layer) in layers.enumerated().reversed() {
        let products = scratch.products(delta.base, rows, layer.outputs)
        let weight = layer.learningRate * layer.weightFactor * layer.weightFactor
        let bias = layer.hasBias ? layer.learningRate * layer.biasFactor * layer.biasFactor : 0
        let values = valueProducts[number]
        for i in kernel.indices {
          kernel[i] += (weight * values[i] + bias) * products[i] / Double(outputs)
        }
        guard number > 0 else { break }
        forward.pullBack(
          number, system: system, gradients: delta.base, rows: rows, into: next.base)
        Scalar.multiply(
          next.base, by: scratch.slopes[number - 1].base, count: rows * layer.inputs, factor: 1)
        swap(&delta, &next)
      }
    }
    return kernel
  }
}
