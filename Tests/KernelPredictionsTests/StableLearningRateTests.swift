import DeepKernels
import Foundation
import KernelPredictions
import LinearAlgebra
import Networks
import ParticleSystems
import Testing

/// Descent just below the largest stable learning rate and just above it.
@Suite struct StableLearningRateTests {
  @Test(arguments: [0.0, 0.5, 0.9])
  func squaredLoss(momentum: Double) throws {
    let problem = try DeepProblem.load()
    let blocks = try problem.kernels("erf", depth: 3, "ntk")
    let basis = try #require(KernelEigenbasis(blocks.train.tangent))
    let largest = largestStableLearningRate(
      largestEigenvalue: basis.largest, trainingPoints: 10, loss: .squared, momentum: momentum)
    // From the leading eigenvector alone: nothing else grows or hides growth.
    let targets = problem.targets(outputs: 1).elements
    let start = (0..<10).map { targets[$0] + basis.vectors[9, $0] }
    func distance(_ share: Double, _ steps: Int) -> Double {
      let run = problem.limit(
        blocks, loss: .squared, outputs: 1, rate: share * largest, steps: steps,
        momentum: momentum, initial: ([start], [[0, 0, 0, 0]]))
      return zip(last(run.trainingLogits, of: run)[0], targets)
        .reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot()
    }
    #expect(distance(0.99, 3000) < 1e-6)
    #expect(distance(1.01, 3000) > 1e3)
  }

  /// The loss falls at every step; of small logits, where the logistic loss has its largest curvature, a
  /// little more makes it grow.
  @Test func logisticAndSoftmaxLoss() throws {
    let problem = try DeepProblem.load()
    let blocks = try problem.kernels("erf", depth: 3, "ntk")
    let basis = try #require(KernelEigenbasis(blocks.train.tangent))
    for (loss, outputs) in [(Loss.logistic, 1), (.softmax, 3)] {
      let largest = largestStableLearningRate(
        largestEigenvalue: basis.largest, trainingPoints: 10, loss: loss, momentum: 0)
      let initial = problem.initial(problem.trainInitial, outputs: outputs).map { 5 * $0 }
      let run = problem.limit(
        blocks, loss: loss, outputs: outputs, rate: 0.99 * largest, steps: 300,
        initial: ([initial], [Array(repeating: 0, count: 4 * outputs)]))
      #expect(zip(run.trainingLoss, run.trainingLoss.dropFirst()).allSatisfy { $0 > $1 })
    }
  }

  /// The largest curvature, by the second derivative of each loss along its steepest direction.
  @Test func curvatures() {
    let h = 1e-4
    let half = 0.5.squareRoot()
    for (loss, outputs, direction) in [
      (Loss.logistic, 1, [1.0]), (.squared, 1, [1]),
      (.softmax, 3, [half, -half, 0]),
    ] {
      func value(_ t: Double) -> Double {
        // Two classes share the probability, the third has none.
        let logits = outputs == 1 ? [t] : [t * direction[0], t * direction[1], -200]
        return loss.mean(labels: [1], logits: logits, outputs: outputs, magnitude: .staysFinite)
      }
      let second = (value(h) - 2 * value(0) + value(-h)) / (h * h)
      #expect(abs(second - loss.largestCurvature) < 1e-6, "\(loss)")
    }
  }
}
