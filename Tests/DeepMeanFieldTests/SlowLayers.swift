import LinearAlgebra
import Networks
import ParticleSystems

@testable import DeepMeanField

/// Layered particles by plain loops over single numbers, as the formulas of ``LayeredParticles`` and
/// ``LayeredStep`` have them: no matrix products, no shared sums.
struct SlowLayers {
  var w: [[Double]]
  var v: [[[Double]]]
  var a: [[Double]]
  let step: LayeredStep
  let activation: Activation
  private var memory: [[[Double]]]?

  init(_ particles: LayeredParticles<Double>, _ step: LayeredStep, _ activation: Activation) {
    func rows(_ numbers: UnsafeBufferPointer<Double>, _ columns: Int) -> [[Double]] {
      stride(from: 0, to: numbers.count, by: columns).map { Array(numbers[$0..<($0 + columns)]) }
    }
    w = rows(particles.inputWeights.contents, particles.sizes.features)
    v = zip(particles.increments, particles.sizes.increments).map {
      rows($0.contents, $1.columns)
    }
    a = rows(particles.outputWeights.contents, particles.sizes.outputs)
    self.step = step
    self.activation = activation
  }

  /// Preactivations by layer, of one point, and its logits.
  func forward(_ x: [Double]) -> (z: [[Double]], logits: [Double]) {
    var z = [w.map { row in zip(row, x).reduce(0) { $0 + $1.0 * $1.1 } }]
    for m in v {
      let h = z.last!.map { activation.value($0) }
      z.append(
        m.map { row in
          step.scale / Double(h.count) * zip(row, h).reduce(0) { $0 + $1.0 * $1.1 }
        })
    }
    let h = z.last!.map { activation.value($0) }
    let logits = a[0].indices.map { c in
      step.scale / Double(a.count) * a.indices.reduce(0) { $0 + a[$1][c] * h[$1] }
    }
    return (z, logits)
  }

  /// The sums S, block by block.
  func sums(_ points: [[Double]], _ gradients: [[Double]]) -> [[[Double]]] {
    var result = ([w] + v + [a]).map { $0.map { $0.map { _ in 0.0 } } }
    for (x, g) in zip(points, gradients) {
      let z = forward(x).z
      let h = z.map { $0.map { activation.value($0) } }
      var signal = a.indices.map { r in
        activation.derivative(z.last![r]) * zip(g, a[r]).reduce(0) { $0 + $1.0 * $1.1 }
      }
      for r in a.indices { for c in g.indices { result[v.count + 1][r][c] += g[c] * h.last![r] } }
      for l in v.indices.reversed() {
        var below = h[l].map { _ in 0.0 }
        for r in signal.indices {
          for t in below.indices {
            result[l + 1][r][t] += signal[r] * h[l][t]
            below[t] += step.scale / Double(signal.count) * v[l][r][t] * signal[r]
          }
        }
        signal = below.indices.map { below[$0] * activation.derivative(z[l][$0]) }
      }
      for t in signal.indices { for j in x.indices { result[0][t][j] += signal[t] * x[j] } }
    }
    return result
  }

  mutating func update(_ points: [[Double]], _ gradients: [[Double]]) {
    let sums = sums(points, gradients)
    var blocks = [w] + v + [a]
    var kept = memory ?? blocks.map { $0.map { $0.map { _ in 0.0 } } }
    for b in blocks.indices {
      let (size, epsilon) = constants(b, of: blocks.count)
      for r in blocks[b].indices {
        for j in blocks[b][r].indices {
          let s = sums[b][r][j]
          switch step.rule {
          case .gradient: blocks[b][r][j] -= size * s
          case .momentum(let coefficient):
            kept[b][r][j] = coefficient * kept[b][r][j] + s
            blocks[b][r][j] -= size * kept[b][r][j]
          case .rmsProp(let smoothing, _, _, _):
            kept[b][r][j] = smoothing * kept[b][r][j] + (1 - smoothing) * s * s
            let root = kept[b][r][j].squareRoot() + epsilon
            blocks[b][r][j] -= root == 0 ? 0 : size * s / root
          }
        }
      }
    }
    memory = kept
    w = blocks[0]
    v = Array(blocks[1..<(blocks.count - 1)])
    a = blocks.last!
  }

  private func constants(_ block: Int, of blocks: Int) -> (size: Double, epsilon: Double) {
    var epsilons = [0.0, 0, 0]
    if case .rmsProp(_, let input, let hidden, let output) = step.rule {
      epsilons = [input, hidden, output]
    }
    return block == 0
      ? (step.inputStep, epsilons[0])
      : block == blocks - 1 ? (step.outputStep, epsilons[2]) : (step.hiddenStep, epsilons[1])
  }

  /// Test logits after each update.
  mutating func train(_ settings: TrainingSettings) -> [[Double]] {
    let problem = settings.problem
    func points(_ rows: [Int]) -> [[Double]] { rows.map { Array(problem.trainingInputs.row($0)) } }
    let test = (0..<problem.testCount).map { Array(problem.testInputs.row($0)) }
    var result = [test.flatMap { forward($0).logits }]
    for number in 0..<settings.steps {
      let batch =
        settings.batches.indices(update: number, points: problem.trainingCount)
        ?? Array(0..<problem.trainingCount)
      let x = points(batch)
      let flat = settings.lossGradients(
        labels: batch.map { problem.trainingLabels[$0] }, logits: x.flatMap { forward($0).logits },
        magnitude: .staysFinite)
      let outputs = settings.outputs
      update(x, batch.indices.map { Array(flat[($0 * outputs)..<(($0 + 1) * outputs)]) })
      result.append(test.flatMap { forward($0).logits })
    }
    return result
  }
}
