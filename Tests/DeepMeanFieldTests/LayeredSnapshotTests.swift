import Execution
import Foundation
import Kernels
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import DeepMeanField

/// What snapshots have of the populations: preactivations at probes.
@Suite struct LayeredSnapshotTests {
  /// Weights and preactivations of the replicates, by step.
  struct Copy {
    var w: [[Double]] = []
    var a: [[Double]] = []
    /// Replicate, layer.
    var z: [[[Double]]] = []
  }

  private func run(
    layers: [Int], replicates: Int, activation: Activation = leaky, outputs: Int = 1,
    optimizer: Optimizer = .gradientDescent, rate: Double = 0.3, steps: Int,
    batches: BatchSchedule = .full, probes: Int, takesSnapshots: Bool = true
  ) -> (copies: [Int: Copy], trajectory: Trajectory, limit: LayeredLimit) {
    let settings = layeredSettings(
      outputs == 1 ? layeredProblem() : layeredProblemOfThreeClasses(), activation: activation,
      steps: steps, batches: batches, snapshots: takesSnapshots ? Array(0...steps) : [])
    let isSigns = optimizer.stepSize == .normalized
    let limit = LayeredLimit(
      sizes: LayerSizes(features: 5, layers: layers, outputs: outputs), replicates: replicates,
      law: gaussianLaw(settings), design: .full(isControlled: !isSigns), seed: 1,
      settings: settings, step: layeredStep(rate: rate, optimizer),
      firstStep: isSigns
        ? RMSPropFirstStep(hiddenLayers: layers.count, hasEpsilon: false)
        : GradientDescentFirstStep())
    var copies: [Int: Copy] = [:]
    let trajectory = limit.run(
      in: Double.self, workers: Workers(count: 2), probes: probes
    ) { step, snapshot in
      copies[step] = Copy(
        w: snapshot.particles.map { numbers($0.inputWeights) },
        a: snapshot.particles.map { numbers($0.outputWeights) },
        z: snapshot.preactivations.map { $0.map { numbers($0) } })
    }
    return (copies, trajectory, limit)
  }

  /// The populations make the logits of every step, f = s mean(a phi(z^L)), the control variate included; the first
  /// layer's preactivations are w x, and those above it zero at step 0. More probes than pass through at once.
  @Test(arguments: [
    ([64, 32], Optimizer.gradientDescent, 0.3, 1), ([32, 16], .momentum(0.9), 0.1, 3),
    ([32, 24, 16], signs, 1e-3, 1),
  ])
  func populationsMakeTheLogits(
    _ layers: [Int], _ optimizer: Optimizer, _ rate: Double, _ outputs: Int
  ) throws {
    let probes = 7
    let run = run(
      layers: layers, replicates: 2, outputs: outputs, optimizer: optimizer, rate: rate, steps: 4,
      batches: .batches(size: 6, shuffleSeed: 2), probes: probes)
    let test = run.limit.settings.problem.testInputs
    let last = layers.last!
    for step in 0...4 {
      let copy = try #require(run.copies[step])
      var logits = [Double](repeating: 0, count: probes * outputs)
      for replicate in 0..<2 {
        let (z, a) = (copy.z[replicate].last!, copy.a[replicate])
        for r in 0..<last {
          for p in 0..<probes {
            let h = leaky.value(z[r * probes + p])
            for c in 0..<outputs {
              logits[p * outputs + c] += 4 * a[r * outputs + c] * h / Double(2 * last)
            }
          }
        }
        let first = (0..<(layers[0] * probes)).map { place in
          let (t, p) = place.quotientAndRemainder(dividingBy: probes)
          return (0..<5).reduce(0.0) { $0 + copy.w[replicate][t * 5 + $1] * test[p, $1] }
        }
        #expect(largestDifference(copy.z[replicate][0], first) < 1e-13)
        let isAtRest = copy.z[replicate].dropFirst().joined().allSatisfy { $0 == 0 }
        #expect(isAtRest == (step == 0))
      }
      let expected = Array(run.trajectory.testLogits(step: step).prefix(probes * outputs))
      #expect(largestDifference(logits, expected) < 1e-13, "step \(step)")
    }
  }

  /// Looking at the populations changes no bit of the run.
  @Test func snapshotsDoNotDisturb() {
    let looked = run(layers: [64, 32], replicates: 4, steps: 5, probes: 10)
    let alone = run(layers: [64, 32], replicates: 4, steps: 5, probes: 0, takesSnapshots: false)
    #expect(looked.trajectory.testLogits == alone.trajectory.testLogits)
    #expect(looked.trajectory.lossGradient == alone.trajectory.lossGradient)
  }

  /// Step 1 of a linear network in closed form: K_1(x, x') = sigma_w^2 x.x', phi' = 1, and so
  ///
  ///     z^2_r(x) = -eta s a_r sum_i g_i sigma_w^2 x_i . x.
  @Test func firstPreactivationsOfALinearNetwork() throws {
    let run = run(layers: [32, 16], replicates: 1, activation: .linear, steps: 1, probes: 10)
    let problem = run.limit.settings.problem
    let copy = try #require(run.copies[1])
    for p in 0..<10 {
      let field = (0..<problem.trainingCount).reduce(0.0) { sum, i in
        let dot = zip(problem.trainingInputs.row(i), problem.testInputs.row(p))
          .reduce(0) { $0 + $1.0 * $1.1 }
        return sum - problem.trainingLabels[i] / 2 / Double(problem.trainingCount) * dot / 15
      }
      for r in 0..<16 {
        let expected = -0.3 * 4 * copy.a[0][r] * field
        #expect(abs(copy.z[0][1][r * 10 + p] - expected) < 1e-14)
      }
    }
  }

  /// The second moment of the same with a kink,
  ///
  ///     E z^2(x)^2 = (eta s)^2 E[a^2] sum_ij g_i g_j E[phi'(G_i) phi'(G_j)] K_1(x_i, x) K_1(x_j, x),
  ///
  /// from duals of one pair at a time, within four standard errors of the particles.
  @Test func secondMomentOfTheFirstPreactivations() throws {
    let run = run(layers: [64, 4096], replicates: 1, steps: 1, probes: 10)
    let problem = run.limit.settings.problem
    let copy = try #require(run.copies[1])
    let dual = DualActivation(leaky)
    func kernel(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
      func covariance(_ x: ArraySlice<Double>, _ y: ArraySlice<Double>) -> Double {
        zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } / 15
      }
      return dual(
        PairCovariance(q11: covariance(x, x), q12: covariance(x, y), q22: covariance(y, y))
      ).value
    }
    let n = problem.trainingCount
    let points = (0..<n).map { problem.trainingInputs.row($0) }
    let covariances = points.map { x in points.map { kernel(x, $0) } }
    for p in 0..<10 {
      let fields = (0..<n).map { i in
        -problem.trainingLabels[i] / 2 / Double(n) * kernel(points[i], problem.testInputs.row(p))
      }
      var expected = 0.0
      for i in 0..<n {
        for j in 0..<n {
          let slopes =
            i == j
            ? (1 + 0.01) / 2
            : dual(
              PairCovariance(
                q11: covariances[i][i], q12: covariances[i][j], q22: covariances[j][j])
            ).derivative
          expected += 1.2 * 1.2 / 3 * fields[i] * fields[j] * slopes
        }
      }
      let squares = (0..<4096).map { r in pow(copy.z[0][1][r * 10 + p], 2) }
      let mean = squares.reduce(0, +) / 4096
      let variance = squares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4096
      // Groups of four share their numbers.
      #expect(abs(mean - expected) < 4 * (variance * 4 / 4096).squareRoot(), "\(mean) \(expected)")
      #expect(expected > 0)
    }
  }
}
