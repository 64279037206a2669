import Execution
import LinearAlgebra
import Networks
import ParticleSystems

/// The terms of the logits of deep networks (``LogitTerms``): with M_l = phi'(z_l) the masks of the trained network
/// and each factor either the initial weights or their increments,
///
///     A M_L V_L M_{L-1} ... V_2 M_1 W x
///
/// where phi(z) = M z, as for a piecewise linear activation; V_2 ... V_L are all initial or all increments (Golikov
/// 2020, arXiv 2003.05884).
///
/// Cost: 10 operations for each weight between hidden layers and point, 6 for one of the first layer. Networks
/// without biases.
final class DeepDecomposition<Scalar: ParticleScalar>: @unchecked Sendable {
  private let forward: DeepForward<Scalar>
  private let increments: DeepIncrements<Scalar>
  private let workers: Workers
  /// One a worker.
  private let scratch: [DeepDecompositionScratch<Scalar>]
  private var layers: [DenseLayer] { forward.ensemble.layers }

  init(
    _ forward: DeepForward<Scalar>, _ increments: DeepIncrements<Scalar>, workers: Workers
  ) {
    precondition(forward.ensemble.layers.allSatisfy { !$0.hasBias })
    self.forward = forward
    self.increments = increments
    self.workers = workers
    scratch = (0..<workers.count).map { _ in DeepDecompositionScratch(forward.ensemble.layers) }
  }

  /// - Returns: system by system, term by term, flat (point, output).
  func terms(_ points: PointSet<Scalar>) -> [[[Double]]] {
    let blocks = DeepForward<Scalar>.blocks(points.count)
    let systems = forward.ensemble.systems
    let parts = workers.results(systems * blocks) { piece, worker -> [[Double]] in
      let (system, block) = piece.quotientAndRemainder(dividingBy: blocks)
      let first = block * DeepForward<Scalar>.block
      return self.terms(
        system, inputs: points.inputs.base + first * points.features,
        rows: min(DeepForward<Scalar>.block, points.count - first), worker)
    }
    return (0..<systems).map { system in
      let own = parts[(system * blocks)..<((system + 1) * blocks)]
      return own.first!.indices.map { term in own.flatMap { $0[term] } }
    }
  }

  /// Of a block of points. Variants of a signal lie one after another: those of initial and moved W below initial V,
  /// and with several hidden layers both again below moved V.
  private func terms(
    _ system: Int, inputs: UnsafePointer<Scalar>, rows: Int, _ worker: Int
  ) -> [[Double]] {
    let (layers, scratch) = (layers, scratch[worker])
    forward.run(
      system: system, inputs: inputs, rows: rows,
      preactivations: { scratch.preactivations[$0].base }, values: scratch.signals[0].base)
    scratch.makeMasks(forward.law, layers, rows: rows)
    var (signal, next) = (scratch.signals[0], scratch.signals[1])
    var variants = 2
    throughInitial(0, system, inputs, rows: rows, into: signal.base)
    throughIncrements(
      0, system, inputs, rows: rows, into: signal.base + rows * layers[0].outputs, worker)
    scratch.mask(0, signal.base, count: rows * layers[0].outputs, variants: 2)
    for number in 1..<(layers.count - 1) {
      let count = rows * layers[number].outputs
      // The first of these layers takes the same two variants through both.
      let other = signal.base + (variants - 2) * rows * layers[number].inputs
      throughInitial(number, system, signal.base, rows: 2 * rows, into: next.base)
      throughIncrements(
        number, system, other, rows: 2 * rows, into: next.base + 2 * count, worker)
      variants = 4
      scratch.mask(number, next.base, count: count, variants: 4)
      swap(&signal, &next)
    }
    let count = rows * layers.last!.outputs
    throughInitial(
      layers.count - 1, system, signal.base, rows: variants * rows, into: next.base)
    throughIncrements(
      layers.count - 1, system, signal.base, rows: variants * rows,
      into: next.base + variants * count, worker)
    let products = widened(next.base, count: 2 * variants * count)
    return Self.terms(
      of: (0..<(2 * variants)).map { Array(products[($0 * count)..<(($0 + 1) * count)]) },
      logits: widened(scratch.preactivations.last!.base, count: count))
  }

  /// - Parameter products: in the order of (a, v, w) or (a, w), each initial and then moved.
  private static func terms(of products: [[Double]], logits: [Double]) -> [[Double]] {
    // f_0, f_a, f_w, f_aw.
    if products.count == 4 { return [0, 2, 1, 3].map { products[$0] } }
    let rest = logits.indices.map { i in products.reduce(logits[i]) { $0 - $1[i] } }
    // f_0, f_a, f_v, f_w, f_vw, f_aw, f_av, f_avw: a counts 4, v 2, w 1.
    return [0, 4, 2, 1, 3, 5, 6, 7].map { products[$0] } + [rest]
  }

  private func throughInitial(
    _ number: Int, _ system: Int, _ below: UnsafePointer<Scalar>, rows: Int,
    into target: UnsafeMutablePointer<Scalar>
  ) {
    let layer = layers[number]
    Scalar.multiply(
      below, transposed: false, leading: layer.inputs,
      increments.initial.weight(number, system: system), transposed: true, leading: layer.inputs,
      into: target, leading: layer.outputs, m: rows, n: layer.outputs, k: layer.inputs,
      alpha: Scalar(layer.weightFactor), beta: 0)
  }

  private func throughIncrements(
    _ number: Int, _ system: Int, _ below: UnsafePointer<Scalar>, rows: Int,
    into target: UnsafeMutablePointer<Scalar>, _ worker: Int
  ) {
    let layer = layers[number]
    increments.forEachBlock(number, system: system, worker: worker) { neurons, increments in
      Scalar.multiply(
        below, transposed: false, leading: layer.inputs, increments, transposed: true,
        leading: layer.inputs, into: target + neurons.lowerBound, leading: layer.outputs, m: rows,
        n: neurons.count, k: layer.inputs, alpha: Scalar(layer.weightFactor), beta: 0)
    }
  }

  private func widened(_ numbers: UnsafePointer<Scalar>, count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    Scalar.widen(numbers, count: count, to: &result)
    return result
  }
}
