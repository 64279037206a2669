import DataIO
import Execution
import Foundation
import Measures
import Networks
import ParticleSystems

/// What finite networks and limits are compared on: handwritten digits, 0, 4, 6 against 3, 5, 9.
///
/// These classes are nearly separable, so that the mean over training points of K(x, x_i) y_i does
/// not cancel. It does for 0-4 against 5-9: after a step f~ is small against its changes from a few
/// other signs, and limits that take signs are far from networks of any width that can be trained.
struct ConvergenceSetting {
  let problem: LearningProblem
  let architecture = Architecture(activation: .leakyReLU(slope: 0.1), hasBias: false)
  let law: InitialLaw
  /// d* = 1 makes d/d* as large as it can be: corrections fall like powers of d/d* with exponents
  /// down to 1/6.
  let reference: ReferenceNetwork
  let steps: Int
  let widths = [1 << 8, 1 << 10, 1 << 12, 1 << 14]
  let seeds: Int
  let workers = Workers()

  /// - Parameter trainingPoints: n; the 200 points after them are the test points.
  init(learningRate: Double, steps: Int, trainingPoints: Int = 256, seeds: Int = 16) throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("data/digits.csv").path
    problem = try loadProblem(
      DatasetRequest(
        source: .csv(trainPath: file), classes: [[0, 4, 6], [3, 5, 9]],
        trainCount: trainingPoints, testCount: 200,
        normalization: .meanStd(mean: 4.884, std: 6.017)))
    law = InitialLaw(shape: .gaussian, inputDimension: problem.inputDimension)
    reference = ReferenceNetwork(width: 1, learningRate: learningRate)
    self.steps = steps
    self.seeds = seeds
  }

  /// (d/d*)^exponent.
  func power(_ exponent: ExactDecimal, width: Int) -> Double {
    pow(Double(width) / Double(reference.width), exponent.value)
  }

  func settings(_ step: ParticleStep) -> TrainingSettings {
    TrainingSettings(
      problem: problem, architecture: architecture, loss: .logistic, step: step, steps: steps)
  }
}
