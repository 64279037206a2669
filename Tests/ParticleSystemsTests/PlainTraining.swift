import LinearAlgebra
import Measures
import Networks

@testable import ParticleSystems

/// Training by the equations as they are written, in double precision, one neuron and one point at
/// a time: the slow reference of the sweep.
struct PlainTraining {
  var a: [Double]
  var w: [[Double]]
  let activation: Activation
  let loss: Loss
  let step: ParticleStep

  init(
    sample: InitialSample, particles: Int, features: Int, activation: Activation, loss: Loss,
    step: ParticleStep
  ) {
    a = Array(repeating: 0, count: particles)
    var flat = [Double](repeating: 0, count: particles * features)
    sample.fill(
      first: 0, count: particles, features: features, outputWeights: &a, inputWeights: &flat)
    w = (0..<particles).map { Array(flat[($0 * features)..<(($0 + 1) * features)]) }
    self.activation = activation
    self.loss = loss
    self.step = step
  }

  static func dot(_ u: [Double], _ v: [Double]) -> Double {
    zip(u, v).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func logit(_ x: [Double]) -> Double {
    var sum = 0.0
    for r in a.indices { sum += a[r] * activation.value(Self.dot(w[r], x)) }
    return step.logitScale * sum / Double(a.count)
  }

  func tangentKernel(_ x: [Double], _ y: [Double]) -> Double {
    var values = 0.0
    var derivatives = 0.0
    for r in a.indices {
      let (u, v) = (Self.dot(w[r], x), Self.dot(w[r], y))
      values += activation.value(u) * activation.value(v)
      derivatives += a[r] * a[r] * activation.derivative(u) * activation.derivative(v)
    }
    let inner = Self.dot(x, y)
    return step.outputKernelFactor * values / Double(a.count)
      + step.inputKernelFactor * derivatives * inner / Double(a.count)
  }

  func gradients(_ inputs: [[Double]], _ labels: [Double]) -> [Double] {
    zip(inputs, labels).map { x, y in
      loss.derivative(label: y, logit: logit(x)) / Double(labels.count)
    }
  }

  mutating func update(_ inputs: [[Double]], _ labels: [Double]) {
    let g = gradients(inputs, labels)
    for r in a.indices {
      var outputStep = 0.0
      var inputStep = [Double](repeating: 0, count: w[r].count)
      for (i, x) in inputs.enumerated() {
        let z = Self.dot(w[r], x)
        outputStep += g[i] * activation.value(z)
        for j in x.indices { inputStep[j] += g[i] * a[r] * activation.derivative(z) * x[j] }
      }
      for j in inputStep.indices { w[r][j] -= step.inputStep * inputStep[j] }
      a[r] -= step.outputStep * outputStep
    }
  }
}

/// Keeps what it is told, for one system or several, and lets all go on.
final class PlainRecorder: TrajectoryRecorder {
  var training: [[[Double]]] = []
  var test: [[[Double]]] = []
  var diagonals: [[[Double]]] = []
  var decompositions: [[[[Double]]]] = []

  func recordUpdate(
    _ update: Int, batch: [Int]?, labels: [Double], logits: [[Double]], magnitude: PowerOfWidth
  ) -> [Bool] {
    logits.map { _ in true }
  }

  func record(at index: Int, _ logits: EvaluatedLogits, magnitude: PowerOfWidth) {
    training.append(logits.training)
    test.append(logits.test)
    diagonals.append(logits.tangentKernelDiagonals)
    if let terms = logits.decompositions { decompositions.append(terms) }
  }
}

/// A small random two-class problem.
func randomProblem(training: Int, test: Int, dimension: Int, seed: UInt64 = 21) -> LearningProblem {
  let stream = RandomStream(seed: seed, stream: .syntheticData)
  func inputs(_ count: Int, _ first: Int) -> Matrix<Double> {
    Matrix(
      rows: count, columns: dimension,
      elements: (0..<count).flatMap { stream.normals(dimension, particle: first + $0) })
  }
  return LearningProblem(
    trainingInputs: inputs(training, 0),
    trainingLabels: (0..<training).map { $0 % 3 == 0 ? 1 : -1 }, testInputs: inputs(test, 100_000),
    testLabels: (0..<test).map { $0 % 2 == 0 ? 1 : -1 }, task: .binary(classNames: ["a", "b"]))
}

/// The points of a matrix as the network sees them.
func points(_ matrix: Matrix<Double>, _ architecture: Architecture) -> [[Double]] {
  (0..<matrix.rows).map { Array(matrix.row($0)) + (architecture.hasBias ? [1] : []) }
}
