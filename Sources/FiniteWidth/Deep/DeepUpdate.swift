import Execution
import LinearAlgebra
import Networks
import ParticleSystems

/// The batch of the next update on its way through all networks of an ensemble: forward passes keep the
/// preactivations, and the update uses them up.
///
/// With delta_l the gradients of the batch's mean loss by the preactivations of layer l, backpropagation is
///
///     delta_{l-1} = weightFactor (delta_l W_l) * phi'(z_{l-1}),
///     dL/dW_l = weightFactor delta_l^T phi(z_{l-1}),    dL/db_l = biasFactor sum over points of delta_l
///
/// Cost: 6 operations for each weight and point, those of weights of the first layer 4. Memory: two numbers for each
/// neuron and point of the largest batch.
final class DeepUpdate<Scalar: ParticleScalar>: @unchecked Sendable {
  private let forward: DeepForward<Scalar>
  private let largestBatch: Int
  private let workers: Workers
  private var ensemble: DeepEnsemble<Scalar> { forward.ensemble }
  private var layers: [DenseLayer] { forward.ensemble.layers }
  // One buffer a layer, (system, point, neuron). Threads write to rows of their own.
  private let preactivations: [AlignedBuffer<Scalar>]
  private let deltas: [AlignedBuffer<Scalar>]
  /// One a worker: values of a block; gradients of a block of neurons, where the optimizer needs them apart.
  private let values: [AlignedBuffer<Scalar>]
  private let gradients: [AlignedBuffer<Scalar>]
  private let ones: AlignedBuffer<Scalar>

  /// Neurons whose parameters are updated as one piece of work.
  private static var neurons: Int { 128 }

  init(_ forward: DeepForward<Scalar>, largestBatch: Int, workers: Workers) {
    self.forward = forward
    self.largestBatch = largestBatch
    self.workers = workers
    let layers = forward.ensemble.layers
    let rows = forward.ensemble.systems * largestBatch
    preactivations = layers.map { AlignedBuffer(count: rows * $0.outputs, repeating: 0) }
    deltas = layers.map { AlignedBuffer(count: rows * $0.outputs, repeating: 0) }
    values = (0..<workers.count).map { _ in
      AlignedBuffer(count: DeepForward<Scalar>.block * layers.widestHidden, repeating: 0)
    }
    let apart = layers.map {
      if case .rmsProp = $0.optimizer { Self.neurons * ($0.inputs + 1) } else { 0 }
    }.max()!
    gradients = (0..<workers.count).map { _ in AlignedBuffer(count: apart, repeating: 0) }
    ones = AlignedBuffer(count: largestBatch, repeating: 1)
  }

  /// Preactivations of the batch.
  ///
  /// - Returns: the logits, system by system.
  func keep(_ inputs: PointSet<Scalar>) -> [[Double]] {
    let points = inputs.count
    let blocks = DeepForward<Scalar>.blocks(points)
    workers.forEach(ensemble.systems * blocks) { piece, worker in
      let (system, block) = piece.quotientAndRemainder(dividingBy: blocks)
      let first = block * DeepForward<Scalar>.block
      self.forward.run(
        system: system, inputs: inputs.inputs.base + first * inputs.features,
        rows: min(DeepForward<Scalar>.block, points - first),
        preactivations: { self.row(self.preactivations, $0, system, first) },
        values: self.values[worker].base)
    }
    return (0..<ensemble.systems).map { system in
      let logits = row(preactivations, layers.count - 1, system, 0)
      var result = [Double](repeating: 0, count: points * layers.last!.outputs)
      Scalar.widen(logits, count: result.count, to: &result)
      return result
    }
  }

  /// The update from the batch that was kept.
  ///
  /// - Parameter lossGradients: dL/df, system by system, flat (point, output).
  func apply(_ lossGradients: [[Double]], inputs: PointSet<Scalar>) {
    let points = inputs.count
    for (system, row) in lossGradients.enumerated() {
      let rounded = Scalar.lossGradients(row)
      self.row(deltas, layers.count - 1, system, 0).update(from: rounded, count: rounded.count)
    }
    let blocks = DeepForward<Scalar>.blocks(points)
    workers.forEach(ensemble.systems * blocks) { piece, _ in
      let (system, block) = piece.quotientAndRemainder(dividingBy: blocks)
      let first = block * DeepForward<Scalar>.block
      self.propagate(
        system, first: first, rows: min(DeepForward<Scalar>.block, points - first))
    }
    for (number, layer) in layers.enumerated() {
      let blocks = (layer.outputs + Self.neurons - 1) / Self.neurons
      workers.forEach(ensemble.systems * blocks) { piece, worker in
        let (system, block) = piece.quotientAndRemainder(dividingBy: blocks)
        let first = block * Self.neurons
        self.step(
          number, system, first: first, neurons: min(Self.neurons, layer.outputs - first),
          below: number == 0
            ? UnsafePointer(inputs.inputs.base)
            : UnsafePointer(self.row(self.preactivations, number - 1, system, 0)),
          points: points, gradients: self.gradients[worker].base)
      }
    }
  }

  /// The deltas of a block of points; in the place of preactivations it leaves their values.
  private func propagate(_ system: Int, first: Int, rows: Int) {
    for number in layers.indices.dropFirst().reversed() {
      let below = row(deltas, number - 1, system, first)
      forward.pullBack(
        number, system: system, gradients: row(deltas, number, system, first), rows: rows,
        into: below)
      let width = layers[number - 1].outputs
      Scalar.backwardOutputs(
        forward.law, row(preactivations, number - 1, system, first), below,
        BlockShape(rows: rows, points: width, stride: width))
    }
  }

  private func step(
    _ number: Int, _ system: Int, first: Int, neurons: Int, below: UnsafePointer<Scalar>,
    points: Int, gradients: UnsafeMutablePointer<Scalar>
  ) {
    let layer = layers[number]
    let delta = row(deltas, number, system, 0) + first
    /// target = beta target + factor delta^T values, for `columns` numbers a point.
    func add(
      _ values: UnsafePointer<Scalar>, columns: Int, factor: Double, beta: Scalar,
      into target: UnsafeMutablePointer<Scalar>
    ) {
      Scalar.multiply(
        delta, transposed: true, leading: layer.outputs, values, transposed: false,
        leading: columns, into: target, leading: columns, m: neurons, n: columns, k: points,
        alpha: Scalar(factor), beta: beta)
    }
    func step(
      _ parameters: UnsafeMutablePointer<Scalar>, remembered: UnsafeMutablePointer<Scalar>,
      columns: Int, factor: Double, of values: UnsafePointer<Scalar>
    ) {
      let (target, memory) = (parameters + first * columns, remembered + first * columns)
      let count = neurons * columns
      switch layer.optimizer {
      case .gradientDescent:
        add(values, columns: columns, factor: -layer.learningRate * factor, beta: 1, into: target)
      case .momentum(let coefficient):
        add(values, columns: columns, factor: factor, beta: Scalar(coefficient), into: memory)
        Scalar.descend(target, along: memory, count: count, step: Scalar(layer.learningRate))
      case .rmsProp(let smoothing, let epsilon):
        add(values, columns: columns, factor: factor, beta: 0, into: gradients)
        Scalar.rmsProp(
          target, meanSquare: memory, along: gradients, count: count, smoothing: smoothing,
          step: Scalar(layer.learningRate), epsilon: Scalar(epsilon))
      }
    }
    step(
      ensemble.weight(number, system: system),
      remembered: ensemble.rememberedWeight(number, system: system), columns: layer.inputs,
      factor: layer.weightFactor, of: below)
    guard layer.hasBias else { return }
    step(
      ensemble.bias(number, system: system),
      remembered: ensemble.rememberedBias(number, system: system), columns: 1,
      factor: layer.biasFactor, of: ones.base)
  }

  private func row(
    _ buffers: [AlignedBuffer<Scalar>], _ layer: Int, _ system: Int, _ point: Int
  ) -> UnsafeMutablePointer<Scalar> {
    buffers[layer].base + (system * largestBatch + point) * layers[layer].outputs
  }
}
