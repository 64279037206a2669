import DeepKernels
import Execution
import FiniteWidth
import LinearAlgebra
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Empirical kernels of finite networks against the kernels of their limit.
@Suite struct EmpiricalKernelTests {
  private static func architecture(_ parameterization: Parameterization) -> DeepArchitecture {
    DeepArchitecture(
      activation: .relu, hiddenLayers: 2, baseWidths: [4, 6], weightDeviation: 1.4,
      biasDeviation: 0.3, parameterization: parameterization)
  }

  /// Functions and tangent kernels of untrained networks at four points.
  private static func initial(
    _ parameterization: Parameterization, width: Int, seeds: Int
  ) -> (trajectory: Trajectory, kernels: DeepKernelMatrices<Double>) {
    let problem = DeepProblem.problem(training: 1, test: 4)
    let own = architecture(parameterization)
    let widths = own.hiddenWidths(first: width)
    let trajectory = DeepNetworks(
      layers: own.layers(
        hiddenWidths: widths, inputDimension: 3, outputs: 1, learningRate: 1,
        optimizer: .gradientDescent), firstSeed: 1, seeds: seeds,
      settings: DeepProblem.settings(
        problem, .relu, loss: .logistic, steps: 0, probes: 4, pairsProbes: true)
    ).train(in: Double.self, workers: Workers(count: 2))
    let kernels = DeepKernels(own.kernelArchitecture(hiddenWidths: widths), inputDimension: 3)!
    return (
      trajectory,
      kernels.matrices(
        DeepKernelPoints<Double>(problem.testInputs, kernels), workers: Workers(count: 1))
    )
  }

  @Test(arguments: Parameterization.allCases)
  func meansAreTheLimits(_ parameterization: Parameterization) {
    let (width, seeds) = (256, 200)
    let (trajectory, kernels) = Self.initial(parameterization, width: width, seeds: seeds)
    let scale = (0..<4).map { kernels.tangent[$0, $0] }.max()!
    for entry in 0..<16 {
      let (i, j) = (entry / 4, entry % 4)
      let samples: [(values: [Double], limit: Double, bias: Double)] = [
        (
          (0..<seeds).map { trajectory.tangentKernel[$0 * 16 + entry] }, kernels.tangent[i, j],
          // Of order 1 / width.
          2 * scale / Double(width)
        ),
        (
          (0..<seeds).map {
            trajectory.testLogits[$0 * 4 + i] * trajectory.testLogits[$0 * 4 + j]
          }, kernels.nngp[i, j], 0
        ),
      ]
      for (values, limit, bias) in samples {
        let mean = values.reduce(0, +) / Double(seeds)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let error = (squares / Double(seeds * (seeds - 1))).squareRoot()
        #expect(abs(mean - limit) < 3.5 * error + bias, "\(i), \(j)")
        #expect(error < 0.15 * kernels.nngp[0, 0] || error < 0.02 * scale)
      }
    }
  }

  /// Relative Frobenius distances from the limit's kernel fall like width^(-1/2).
  @Test(arguments: Parameterization.allCases)
  func distancesFallLikeOneOverTheRootOfTheWidth(_ parameterization: Parameterization) {
    let widths = [32, 64, 128, 256]
    let gaps = widths.map { width -> Double in
      let seeds = 40
      let (trajectory, kernels) = Self.initial(parameterization, width: width, seeds: seeds)
      let norm = kernels.tangent.elements.reduce(0) { $0 + $1 * $1 }
      let squares = (0..<seeds).reduce(0.0) { sum, seed in
        sum
          + (0..<16).reduce(0) {
            let gap = trajectory.tangentKernel[seed * 16 + $1] - kernels.tangent.elements[$1]
            return $0 + gap * gap
          }
      }
      return (squares / Double(seeds) / norm).squareRoot()
    }
    let slope = logLogSlope(widths.map(Double.init), gaps)
    #expect(abs(slope + 0.5) < 0.06, "\(slope)")
    #expect(gaps.last! < 0.2)
  }
}
