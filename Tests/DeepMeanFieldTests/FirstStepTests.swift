import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import DeepMeanField

/// What is known exactly of the first steps.
@Suite struct FirstStepTests {
  /// With symmetric groups, an exact second moment of a and the exact first-layer kernel no sampling is left in
  ///
  ///     f_1(x) = -eta s^2 E[a^2] ((1 + slope) / 2)^2 sum_i g_i E[phi(w x_i) phi(w x)],    s^2 = d*
  ///
  /// (delta_rt = -eta sum_i g_i a_r phi'(G_ri) h_t(x_i), and phi(z) - phi(-z) = (1 + slope) z, phi'(G) +
  /// phi'(-G) = 1 + slope).
  @Test(
    arguments: [leaky, .relu, .linear],
    [BatchSchedule.full, .batches(size: 7, shuffleSeed: 2)])
  func firstStepOfTwoLayers(_ activation: Activation, _ batches: BatchSchedule) {
    let problem = layeredProblem()
    let settings = layeredSettings(problem, activation: activation, steps: 1, batches: batches)
    let batch =
      batches.indices(update: 0, points: problem.trainingCount)
      ?? Array(0..<problem.trainingCount)
    let law = gaussianLaw(settings)
    let run = LayeredLimit(
      sizes: LayerSizes(features: 5, layers: [12, 8]), replicates: 1, law: law,
      design: .full(isControlled: true), seed: 1, settings: settings,
      step: layeredStep(width: 16, rate: 0.3), firstStep: GradientDescentFirstStep()
    ).run(in: Double.self, workers: Workers())

    // By the dual of one pair at a time, not by the recursion that the program has.
    let dual = DualActivation(activation)
    func covariance(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / 15
    }
    let slope = activation.negativeSlope!
    let expected = (0..<problem.testCount).map { test in
      let x = problem.testInputs.row(test)
      return batch.reduce(0.0) { sum, i in
        let y = problem.trainingInputs.row(i)
        let kernel = dual(
          PairCovariance(
            q11: covariance(x, x), q12: covariance(x, y), q22: covariance(y, y))
        ).value
        let gradient = -problem.trainingLabels[i] / 2 / Double(batch.count)
        return sum - 0.3 * 16 / 3 * (1 + slope) * (1 + slope) / 4 * gradient * kernel
      }
    }
    #expect(largestDifference(run.testLogits(step: 1), expected) < 1e-14)
    #expect(rootMeanSquare(expected) > 0.003)
    #expect(run.testLogits(step: 0).allSatisfy { $0 == 0 })
  }

  /// Steps of signs: all three blocks move by one number, rate / sqrt(1 - smoothing).
  @Test func firstStepOfSigns() {
    let problem = layeredProblem()
    let settings = layeredSettings(problem, steps: 1, snapshots: [0, 1])
    let step = layeredStep(width: 16, rate: 1e-3, signs)
    var weights: [[[Double]]] = []
    _ = LayeredLimit(
      sizes: LayerSizes(features: 5, layers: [16, 12, 8]), replicates: 1,
      law: gaussianLaw(settings), design: .full(isControlled: false), seed: 1,
      settings: settings, step: step,
      firstStep: RMSPropFirstStep(hiddenLayers: 3, hasEpsilon: false)
    ).run(in: Double.self, workers: Workers()) { _, snapshot in
      weights.append(
        LayeredBlock.all(hiddenLayers: 3).map { numbers(snapshot.particles[0].weights($0)) })
    }
    for (block, size) in [1e-3, 4e-3, 4e-3, 4e-3].enumerated() {
      let moves = zip(weights[1][block], weights[0][block]).map { abs($0 - $1) }
      #expect(largestDifference(moves, moves.map { _ in size * 10 }) < 1e-12, "block \(block)")
      let ups = zip(weights[1][block], weights[0][block]).count { $0 > $1 }
      #expect((moves.count / 5)...(moves.count * 4 / 5) ~= ups, "both signs in block \(block)")
    }
  }

  /// A second moment of signals: Cov H^2 = E[phi' phi'] of layer 3, and Cov H^1 = Cov H^2 E[phi' phi'] of layer
  /// 2, against a sample of the networks that they come from.
  @Test func covariancesAreThoseOfWideNetworks() {
    let problem = layeredProblem(training: 4)
    let processes = InitialProcesses(
      inputs: problem.trainingInputs, deviation: 0.4, activation: leaky, hiddenLayers: 3,
      forward: [2, 3], backward: [1, 2], workers: Workers())
    let width = 300
    var sums = [String: [Double]]()
    let networks = 40
    for seed in 0..<networks {
      let stream = RandomStream(seed: UInt64(seed), stream: .deepNetworkWeights)
      func normals(_ rows: Int, _ columns: Int, _ number: Int) -> Matrix<Double> {
        Matrix(
          rows: rows, columns: columns, elements: stream.normals(rows * columns, particle: number))
      }
      func covariance(_ name: String, _ values: Matrix<Double>) {
        let product = values.transposed().times(values)
        for i in 0..<16 {
          sums[name, default: Array(repeating: 0, count: 16)][i] +=
            product.elements[i] / Double(values.rows * networks)
        }
      }
      let root = Double(width).squareRoot()
      let w = normals(width, 5, 0).map { 0.4 * $0 }
      let v2 = normals(width, width, 1).map { $0 / root }
      let v3 = normals(width, width, 2).map { $0 / root }
      let z1 = w.times(transposed: problem.trainingInputs)
      let z2 = v2.times(z1.map { leaky.value($0) })
      let z3 = v3.times(z2.map { leaky.value($0) })
      covariance("G2", z2)
      covariance("G3", z3)
      let a = stream.normals(width, particle: 3)
      var b3 = z3.map { leaky.derivative($0) }
      for i in b3.elements.indices { b3.elements[i] *= a[i / 4] }
      let h2 = v3.transposed().times(b3)
      covariance("H2", h2)
      var b2 = z2.map { leaky.derivative($0) }
      for i in b2.elements.indices { b2.elements[i] *= h2.elements[i] }
      covariance("H1", v2.transposed().times(b2))
    }
    let drawn: [(String, GaussianProcess)] = [
      ("G2", processes.forward[2]!), ("G3", processes.forward[3]!),
      ("H1", processes.backward[1]!), ("H2", processes.backward[2]!),
    ]
    for (name, process) in drawn {
      let count = 20_000
      let samples = process.realizations(0..<count, seed: 9)
      let product = samples.times(transposed: samples)
      let found = product.elements.map { $0 / Double(count) }
      let expected = sums[name]!
      #expect(
        rootMeanSquare(found, less: expected) < 0.04 * rootMeanSquare(expected),
        "\(name): \(found) \(expected)")
    }
  }
}
