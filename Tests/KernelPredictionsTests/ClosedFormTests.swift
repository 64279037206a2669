import DeepKernels
import Execution
import Foundation
import KernelPredictions
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import Testing

/// What the closed forms must agree with inside the project: kernel regression, descent step by step, the
/// integrator of gradient flow, and the spread of many runs.
@Suite struct ClosedFormTests {
  let problem: DeepProblem
  let blocks: DeepProblem.Blocks
  let basis: KernelEigenbasis
  let rate = 0.3

  init() throws {
    problem = try DeepProblem.load()
    blocks = try problem.kernels("relu", depth: 3, "ntk")
    basis = try #require(KernelEigenbasis(blocks.train.tangent))
  }

  func ensemble(
    rate: Double? = nil, training: SquaredLossTraining = .flow, threads: Int = 1
  ) -> TrainedEnsemble {
    TrainedEnsemble(
      basis, initialCovariance: blocks.train.nngp, learningRate: rate ?? self.rate,
      training: training, workers: Workers(count: threads))
  }

  func points(_ ensemble: TrainedEnsemble, full: Bool = false) -> TrainedEnsemble.Points {
    ensemble.points(
      tangent: blocks.across.tangent, nngp: blocks.across.nngp,
      prior: full
        ? .full(blocks.test.nngp) : .variances((0..<4).map { blocks.test.nngp[$0, $0] }))
  }

  var initial: (training: Matrix<Double>, test: Matrix<Double>) {
    (
      Matrix(rows: 10, columns: 3, elements: problem.trainInitial),
      Matrix(rows: 4, columns: 3, elements: problem.testInitial)
    )
  }

  /// Theta(x, X) Theta^{-1} Y by elimination.
  @Test func theEndIsKernelRegression() throws {
    let targets = problem.targets(outputs: 3)
    let expected = blocks.across.tangent.times(solution(blocks.train.tangent, targets))
    let ensemble = ensemble()
    for time in [Double.infinity, 1e9] {
      let made = ensemble.prediction(points(ensemble), targets: targets, time: time)
      #expect(gap(made.mean, expected) < 1e-12)
      let fitted = ensemble.trainingPrediction(targets: targets, time: time)
      #expect(gap(fitted.mean, targets) < 1e-12)
      #expect(fitted.variances.allSatisfy { $0 < 1e-24 })
    }
    let noise = 0.3
    var shifted = blocks.train.nngp
    for i in 0..<10 { shifted[i, i] += noise }
    let posterior = KernelPosterior(
      try #require(KernelEigenbasis(blocks.train.nngp, addingToDiagonal: noise)))
    let weights = solution(shifted, targets)
    let made = posterior.prediction(
      across: blocks.across.nngp, prior: .full(blocks.test.nngp), targets: targets)
    #expect(gap(made.mean, blocks.across.nngp.times(weights)) < 1e-12)
    let fitted = posterior.trainingPrediction(targets: targets)
    #expect(gap(fitted.mean, blocks.train.nngp.times(weights)) < 1e-12)
    let explained = blocks.train.nngp.times(solution(shifted, blocks.train.nngp))
    for i in 0..<10 {
      #expect(abs(fitted.variances[i] - blocks.train.nngp[i, i] + explained[i, i]) < 1e-12)
    }
  }

  /// Steps with an eta that goes to zero: the gap to the flow at one time halves with it.
  @Test func descentApproachesTheFlowAtFirstOrder() {
    let targets = problem.targets(outputs: 3)
    let (training, test) = initial
    let flow = ensemble(rate: 1)
    let time = 0.8
    let exact = flow.function(
      points(flow), from: test, initialTraining: training, targets: targets, time: time)
    var gaps: [Double] = []
    for steps in [64, 128, 256, 512] {
      let run = problem.limit(
        blocks, loss: .squared, outputs: 3, rate: time / Double(steps), steps: steps,
        initial: ([training.elements], [test.elements]))
      gaps.append(
        gap(Matrix(rows: 4, columns: 3, elements: last(run.testLogits, of: run)[0]), exact))
    }
    for (coarse, fine) in zip(gaps, gaps.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 1) < 0.05, "\(gaps)")
    }
  }

  /// A given function, against the integrator of the limit.
  @Test func flowFromAGivenFunction() {
    let targets = problem.targets(outputs: 3)
    let (training, test) = initial
    let run = problem.limit(
      blocks, loss: .squared, outputs: 3, rate: rate, steps: 30,
      initial: ([training.elements], [test.elements]), flowTolerance: 1e-12)
    let ensemble = ensemble()
    let atTest = ensemble.function(
      points(ensemble), from: test, initialTraining: training, targets: targets, time: 30)
    let atTraining = ensemble.trainingFunction(from: training, targets: targets, time: 30)
    #expect(
      zip(last(run.testLogits, of: run)[0], atTest.elements).allSatisfy { abs($0 - $1) < 1e-9 })
    #expect(
      zip(last(run.trainingLogits, of: run)[0], atTraining.elements).allSatisfy {
        abs($0 - $1) < 1e-9
      })
    #expect(gap(atTraining, training) > 0.1)
  }

  /// Gradient descent step by step, with and without momentum.
  @Test(arguments: [0.0, 0.6], [1, 2, 7, 200])
  func descentInClosedForm(momentum: Double, steps: Int) {
    let targets = problem.targets(outputs: 3)
    let (training, test) = initial
    let run = problem.limit(
      blocks, loss: .squared, outputs: 3, rate: rate, steps: steps, momentum: momentum,
      initial: ([training.elements], [test.elements]))
    let ensemble = ensemble(training: .descent(momentum: momentum))
    let atTest = ensemble.function(
      points(ensemble), from: test, initialTraining: training, targets: targets,
      time: Double(steps))
    let atTraining = ensemble.trainingFunction(
      from: training, targets: targets, time: Double(steps))
    #expect(
      zip(last(run.testLogits, of: run)[0], atTest.elements).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(
      zip(last(run.trainingLogits, of: run)[0], atTraining.elements).allSatisfy {
        abs($0 - $1) < 1e-12
      })
  }

  /// Mean and covariance over 4000 runs of the limit from functions drawn by their covariance.
  @Test func theSpreadOfManyRuns() throws {
    let runs = 4000
    let n = 14
    // Cholesky factor of the joint covariance.
    var joint = Matrix<Double>(rows: n, columns: n, repeating: 0)
    for i in 0..<10 { for j in 0..<10 { joint[i, j] = blocks.train.nngp[i, j] } }
    for i in 0..<4 {
      for j in 0..<10 { joint[10 + i, j] = blocks.across.nngp[i, j] }
      for j in 0..<4 { joint[10 + i, 10 + j] = blocks.test.nngp[i, j] }
    }
    guard case .factorized(let cholesky) = Cholesky.factorize(joint) else {
      Issue.record("not positive definite")
      return
    }
    let stream = RandomStream(seed: 11, stream: .syntheticData)
    let draws = (0..<runs).map { run -> [Double] in
      cholesky.factor.times(
        Matrix(rows: n, columns: 1, elements: stream.normals(n, particle: run))
      ).elements
    }
    let result = problem.limit(
      blocks, loss: .squared, outputs: 1, rate: rate, steps: 5,
      initial: (draws.map { Array($0[..<10]) }, draws.map { Array($0[10...]) }))
    let ensemble = ensemble(training: .descent(momentum: 0))
    let targets = problem.targets(outputs: 1)
    let atTest = ensemble.prediction(
      points(ensemble, full: true), targets: targets, time: 5)
    let atTraining = ensemble.trainingPrediction(
      targets: targets, time: 5, givesCovariance: true)
    for (logits, expected) in [
      (last(result.testLogits, of: result), atTest),
      (last(result.trainingLogits, of: result), atTraining),
    ] {
      let covariance = try #require(expected.covariance)
      let count = covariance.rows
      let mean = (0..<count).map { i in logits.reduce(0) { $0 + $1[i] } / Double(runs) }
      for i in 0..<count {
        // Five standard errors: one false alarm in a million.
        let error = (covariance[i, i] / Double(runs)).squareRoot()
        #expect(abs(mean[i] - expected.mean[i, 0]) < 5 * error)
        for j in 0...i {
          let sample =
            logits.reduce(0) { $0 + ($1[i] - mean[i]) * ($1[j] - mean[j]) } / Double(runs - 1)
          // Variance of a sample covariance of Gaussians.
          let spread =
            ((covariance[i, i] * covariance[j, j] + covariance[i, j] * covariance[i, j])
            / Double(runs)).squareRoot()
          #expect(abs(sample - covariance[i, j]) < 5 * spread)
        }
      }
    }
  }

  @Test func threadsDoNotMatter() {
    let targets = problem.targets(outputs: 3)
    let made = [1, 3].map { threads in
      let ensemble = ensemble(threads: threads)
      return ensemble.prediction(points(ensemble, full: true), targets: targets, time: 3)
    }
    #expect(made[0].mean == made[1].mean && made[0].covariance == made[1].covariance)
  }
}

/// The largest absolute difference.
func gap(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Double {
  zip(a.elements, b.elements).reduce(0) { max($0, abs($1.0 - $1.1)) }
}

/// A^{-1} B by Gaussian elimination with pivots.
func solution(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
  var rows = (0..<a.rows).map { Array(a.row($0)) + Array(b.row($0)) }
  for k in rows.indices {
    let pivot = (k..<rows.count).max { abs(rows[$0][k]) < abs(rows[$1][k]) }!
    rows.swapAt(k, pivot)
    for i in rows.indices where i != k {
      let factor = rows[i][k] / rows[k][k]
      for j in rows[k].indices { rows[i][j] -= factor * rows[k][j] }
    }
  }
  return Matrix(
    rows: b.rows, columns: b.columns,
    elements: rows.indices.flatMap { k in rows[k].suffix(b.columns).map { $0 / rows[k][k] } })
}
