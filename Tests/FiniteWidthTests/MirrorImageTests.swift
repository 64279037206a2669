import Execution
import FiniteWidth
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Means of networks and their mirror images a -> -a, in which the initial function is gone.
@Suite struct MirrorImageTests {
  private static let problem = DeepScalingExponentTests.problem
  private static let (slope, rate, reference, width) = (0.1, 0.1, 8, 256)

  private static func trajectories() -> (Trajectory, Trajectory) {
    let networks = DeepNetworks(
      layers: DeepScaling(.meanField, hiddenLayers: 3, optimizer: .gradientDescent).layers(
        width: width, inputDimension: 16, outputs: 1,
        reference: ReferenceNetwork(width: reference, learningRate: rate),
        law: InitialLaw(shape: .gaussian, inputDimension: 16),
        hiddenWeightDeviation: (1 / 3.0).squareRoot()), firstSeed: 1, seeds: 16,
      settings: DeepProblem.settings(
        problem, .leakyReLU(slope: slope), loss: .logistic, steps: 1))
    let workers = Workers(count: 2)
    return (
      networks.train(in: Double.self, workers: workers),
      networks.mirrored.train(in: Double.self, workers: workers)
    )
  }

  /// E[phi phi'] and E[phi' phi''] of a leaky ReLU (Cho, Saul 2009) of Gaussian numbers with these covariances.
  private static func moments(_ qx: Double, _ qy: Double, _ qxy: Double) -> (Double, Double) {
    let root = max(qx * qy - qxy * qxy, 0).squareRoot()
    let factor = (1 - slope) * (1 - slope) / (2 * Double.pi)
    let slopes = (1 + slope * slope) / 2 - factor * atan2(root, qxy)
    return (factor * root + qxy * slopes, slopes)
  }

  /// The tangent kernel of the two hidden layers of weights, sv^2 = sa^2 = 1/3:
  ///
  ///     sa^2 E[phi'(G3) phi'(G3)] E[phi(G2) phi(G2)] + sv^2 sa^2 E[phi'(G3) phi'(G3)] E[phi'(G2) phi'(G2)] E[h1 h1]
  private static func kernel(_ x: [Double], _ y: [Double]) -> Double {
    func covariance(_ u: [Double], _ v: [Double]) -> Double {
      zip(u, v).reduce(0) { $0 + $1.0 * $1.1 } / 48
    }
    var (qx, qy, qxy) = (covariance(x, x), covariance(y, y), covariance(x, y))
    var products: [Double] = []
    var slopes: [Double] = []
    for _ in 0..<3 {
      let (product, slope) = moments(qx, qy, qxy)
      products.append(product)
      slopes.append(slope)
      (qx, qy, qxy) = (moments(qx, qx, qx).0 / 3, moments(qy, qy, qy).0 / 3, product / 3)
    }
    return slopes[2] / 3 * (products[1] + slopes[1] * products[0] / 3)
  }

  /// d f_1 -> -eta d*^2 sum_i g_i K(x, x_i) with g_i = -y_i / (2 n), up to the parts of first and last layer, of
  /// relative order d* / d, and the noise of the mean over seeds.
  @Test func firstStepIsThatOfTheHiddenLayers() {
    let (problem, (own, images)) = (Self.problem, Self.trajectories())
    let tests = problem.testCount
    let expected = (0..<tests).map { test -> Double in
      let x = Array(problem.testInputs.row(test))
      let sum = (0..<problem.trainingCount).reduce(0.0) {
        $0 - problem.trainingLabels[$1] * Self.kernel(x, Array(problem.trainingInputs.row($1)))
      }
      return -Self.rate * Double(Self.reference * Self.reference) * sum
        / Double(2 * problem.trainingCount)
    }
    var found = [Double](repeating: 0, count: tests)
    for seed in 0..<16 {
      for test in 0..<tests {
        let (first, index) = ((seed * 2) * tests + test, (seed * 2 + 1) * tests + test)
        #expect(own.testLogits[first] == -images.testLogits[first])
        found[test] +=
          Double(Self.width) * (own.testLogits[index] + images.testLogits[index]) / 32
      }
    }
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let line = product(found, expected) / product(expected, expected)
    let correlation =
      product(found, expected) / (product(found, found) * product(expected, expected)).squareRoot()
    #expect(abs(line - 1) < 0.15, "\(line)")
    #expect(correlation > 0.95, "\(correlation)")
    // The initial functions are larger than what is left of them and their images.
    #expect(
      product(found, found) / Double(Self.width * Self.width)
        < 0.1 * product(own.testLogits, own.testLogits) / 32)
  }
}
