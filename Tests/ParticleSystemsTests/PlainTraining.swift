import Checkpoints
import LinearAlgebra
import Measures
import Networks

@testable import ParticleSystems

/// Training by the equations as they are written, in double precision, one neuron and one point at
/// a time: the slow reference of the sweep.
struct PlainTraining {
  /// Neuron by neuron: one number an output, one number a feature.
  var a: [[Double]]
  var w: [[Double]]
  /// Velocities or mean squares of the update rule, in the shapes of `a` and `w`.
  private var stateOfA: [[Double]]
  private var stateOfW: [[Double]]
  let outputs: Int
  let activation: Activation
  let loss: Loss
  let step: ParticleStep

  init(
    sample: InitialSample, particles: Int, features: Int, outputs: Int = 1,
    activation: Activation, loss: Loss, step: ParticleStep
  ) {
    var flatA = [Double](repeating: 0, count: particles * outputs)
    var flatW = [Double](repeating: 0, count: particles * features)
    sample.fill(
      first: 0, count: particles, features: features, outputs: outputs, outputWeights: &flatA,
      inputWeights: &flatW)
    a = (0..<particles).map { Array(flatA[($0 * outputs)..<(($0 + 1) * outputs)]) }
    w = (0..<particles).map { Array(flatW[($0 * features)..<(($0 + 1) * features)]) }
    stateOfA = a.map { $0.map { _ in 0 } }
    stateOfW = w.map { $0.map { _ in 0 } }
    self.outputs = outputs
    self.activation = activation
    self.loss = loss
    self.step = step
  }

  static func dot(_ u: [Double], _ v: [Double]) -> Double {
    zip(u, v).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func logits(_ x: [Double]) -> [Double] {
    (0..<outputs).map { c in
      var sum = 0.0
      for r in a.indices { sum += a[r][c] * activation.value(Self.dot(w[r], x)) }
      return step.logitScale * sum / Double(a.count)
    }
  }

  /// The mean over outputs of the entries of each output with itself.
  func tangentKernel(_ x: [Double], _ y: [Double]) -> Double {
    var sum = 0.0
    for r in a.indices {
      let (u, v) = (Self.dot(w[r], x), Self.dot(w[r], y))
      sum += step.outputKernelFactor * activation.value(u) * activation.value(v)
      for c in 0..<outputs {
        sum +=
          step.inputKernelFactor * a[r][c] * a[r][c] * activation.derivative(u)
          * activation.derivative(v) * Self.dot(x, y) / Double(outputs)
      }
    }
    return sum / Double(a.count)
  }

  /// One row a point.
  func gradients(_ inputs: [[Double]], _ labels: [Double]) -> [[Double]] {
    zip(inputs, labels).map { x, y in
      loss.gradients(
        labels: [y], logits: logits(x), outputs: outputs, magnitude: .staysFinite
      ).map { $0 / Double(labels.count) }
    }
  }

  mutating func update(_ inputs: [[Double]], _ labels: [Double]) {
    let g = gradients(inputs, labels)
    for r in a.indices {
      var sumsOfA = [Double](repeating: 0, count: outputs)
      var sumsOfW = [Double](repeating: 0, count: w[r].count)
      for (i, x) in inputs.enumerated() {
        let z = Self.dot(w[r], x)
        for c in 0..<outputs { sumsOfA[c] += g[i][c] * activation.value(z) }
        let backward = Self.dot(g[i], a[r]) * activation.derivative(z)
        for j in x.indices { sumsOfW[j] += backward * x[j] }
      }
      for c in 0..<outputs {
        a[r][c] -= step.outputStep * change(sumsOfA[c], &stateOfA[r][c], isOutput: true)
      }
      for j in sumsOfW.indices {
        w[r][j] -= step.inputStep * change(sumsOfW[j], &stateOfW[r][j], isOutput: false)
      }
    }
  }

  /// What is subtracted of one parameter, as PyTorch's SGD and RMSprop define it.
  private func change(_ sum: Double, _ state: inout Double, isOutput: Bool) -> Double {
    switch step.update {
    case .gradient: return sum
    case .momentum(let momentum):
      state = momentum * state + sum
      return state
    case .rmsProp(let smoothing, let outputEpsilon, let inputEpsilon):
      state = smoothing * state + (1 - smoothing) * sum * sum
      return sum / (state.squareRoot() + (isOutput ? outputEpsilon : inputEpsilon))
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
    diagonals.append(logits.tangentKernels)
    if let terms = logits.decompositions { decompositions.append(terms) }
  }

  /// Of one system or several on the same points.
  func exchange(_ state: RunState) throws {
    try state.exchange("training", &training, lengths: training[0].map(\.count))
    try state.exchange("test", &test, lengths: test[0].map(\.count))
    try state.exchange("diagonals", &diagonals, lengths: diagonals[0].map(\.count))
    decompositions = []
  }
}

/// A small random problem: two classes with one output, or as many classes as outputs.
func randomProblem(
  training: Int, test: Int, dimension: Int, outputs: Int = 1, seed: UInt64 = 21
) -> LearningProblem {
  let stream = RandomStream(seed: seed, stream: .syntheticData)
  func inputs(_ count: Int, _ first: Int) -> Matrix<Double> {
    Matrix(
      rows: count, columns: dimension,
      elements: (0..<count).flatMap { stream.normals(dimension, particle: first + $0) })
  }
  if outputs > 1 {
    return LearningProblem(
      trainingInputs: inputs(training, 0),
      trainingLabels: (0..<training).map { Double($0 * 5 % 7 % outputs) },
      testInputs: inputs(test, 100_000),
      testLabels: (0..<test).map { Double($0 % outputs) },
      task: .multiclass(classNames: (0..<outputs).map { "\($0)" }))
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
