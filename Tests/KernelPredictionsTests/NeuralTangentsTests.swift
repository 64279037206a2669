import DeepKernels
import KernelPredictions
import LinearAlgebra
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Against the program of Novak et al. 2020 (script and versions beside the fixture): means and covariances of
/// trained ensembles at four times, infinity among them, and of Bayesian networks with and without noise; flows on other losses.
@Suite struct NeuralTangentsTests {
  @Test func ensemblesAndPosteriors() throws {
    let problem = try DeepProblem.load()
    #expect(problem.ensembles.count == 4 * 2 * (4 + 2))
    var largest = LargestError()
    for expected in problem.ensembles {
      let name =
        "\(expected.activation) \(expected.depth) \(expected.outputs) t \(expected.time ?? .nan)"
      let blocks = try problem.kernels(
        expected.activation, depth: expected.depth, expected.parameterization)
      let targets = problem.targets(outputs: expected.outputs)
      let scale = (0..<4).reduce(0) { max($0, blocks.test.nngp[$1, $1]) }
      func compare(_ mine: [Double], _ theirs: [Double], _ unit: Double, _ what: String) {
        #expect(mine.count == theirs.count)
        for (a, b) in zip(mine, theirs) { largest.add(abs(a - b) / unit, "\(name) \(what)") }
      }
      if let noise = expected.noise {
        let posterior = KernelPosterior(
          try #require(KernelEigenbasis(blocks.train.nngp, addingToDiagonal: noise)))
        let made = posterior.prediction(
          across: blocks.across.nngp, prior: .full(blocks.test.nngp), targets: targets)
        compare(made.mean.elements, expected.mean, 1, "mean")
        compare(made.covariance!.elements, expected.covariance, scale, "covariance")
        compare(made.variances, (0..<4).map { expected.covariance[5 * $0] }, scale, "variance")
        continue
      }
      let time = expected.time! < 0 ? Double.infinity : expected.time!
      let basis = try #require(KernelEigenbasis(blocks.train.tangent))
      #expect(basis.leftOut == 0)
      let ensemble = TrainedEnsemble(
        basis, initialCovariance: blocks.train.nngp, learningRate: expected.rate!)
      let points = ensemble.points(
        tangent: blocks.across.tangent, nngp: blocks.across.nngp, prior: .full(blocks.test.nngp))
      let made = ensemble.prediction(points, targets: targets, time: time)
      compare(made.mean.elements, expected.mean, 1, "mean")
      compare(made.covariance!.elements, expected.covariance, scale, "covariance")
      compare(made.variances, (0..<4).map { expected.covariance[5 * $0] }, scale, "variance")
      let fitted = ensemble.trainingPrediction(targets: targets, time: time, givesCovariance: true)
      compare(fitted.mean.elements, expected.trainMean!, 1, "training mean")
      compare(
        fitted.covariance!.elements, expected.trainCovariance!, scale, "training covariance")
      compare(
        fitted.variances, (0..<10).map { expected.trainCovariance![11 * $0] }, scale,
        "training variance")
    }
    #expect(largest.value < 1e-12, "\(largest.place)")
  }

  /// Logistic and cross-entropy flows of the limit with the same kernels, within what their integrator leaves.
  @Test func flowsOnOtherLosses() throws {
    let problem = try DeepProblem.load()
    #expect(problem.flows.count == 4 * 2 * 2)
    var largest = LargestError()
    for expected in problem.flows {
      let blocks = try problem.kernels(
        expected.activation, depth: expected.depth, expected.parameterization)
      let loss = try #require(Loss(rawValue: expected.loss))
      let run = problem.limit(
        blocks, loss: loss, outputs: expected.outputs, rate: expected.rate,
        steps: Int(expected.time!),
        initial: (
          [problem.initial(problem.trainInitial, outputs: expected.outputs)],
          [problem.initial(problem.testInitial, outputs: expected.outputs)]
        ), flowTolerance: 1e-11)
      for (mine, theirs) in [(run.trainingLogits, expected.train), (run.testLogits, expected.test)]
      {
        for (a, b) in zip(last(mine, of: run)[0], theirs) {
          largest.add(abs(a - b), "\(expected.loss) \(expected.activation) \(expected.time!)")
        }
      }
    }
    #expect(largest.value < 1e-7, "\(largest.place)")
  }

  /// Discrete gradient descent with momentum and mini-batches on three losses, from a plain program.
  @Test func descentsWithMomentum() throws {
    let problem = try DeepProblem.load()
    #expect(problem.descents.count == 4 * 3 * 2)
    var largest = LargestError()
    for expected in problem.descents {
      let blocks = try problem.kernels(
        expected.activation, depth: expected.depth, expected.parameterization)
      let loss = try #require(Loss(rawValue: expected.loss))
      let run = problem.limit(
        blocks, loss: loss, outputs: expected.outputs,
        rate: expected.rate, steps: problem.steps, batch: problem.batch,
        momentum: expected.momentum!,
        initial: (
          [problem.initial(problem.trainInitial, outputs: expected.outputs)],
          [problem.initial(problem.testInitial, outputs: expected.outputs)]
        ))
      for (mine, theirs) in [(run.trainingLogits, expected.train), (run.testLogits, expected.test)]
      {
        for (a, b) in zip(last(mine, of: run)[0], theirs) {
          largest.add(abs(a - b) / max(1, abs(b)), "\(expected.loss) \(expected.activation)")
        }
      }
    }
    #expect(largest.value < 1e-12, "\(largest.place)")
  }
}
