import Foundation
import InfiniteWidth

/// A learning problem and how its limit is followed: leaky ReLU of slope 0.1, Gaussian law of
/// PyTorch's variances, d* = 128, full-batch gradient descent on the logistic loss, mean field.
struct Setting {
  let title: String
  let problem: LearningProblem
  let learningRate: Double
  /// Particles of the reference.
  let referenceParticles: Int
  /// Of the compared simulations: double where errors come near the rounding of single precision.
  let comparesInDouble: Bool

  static let steps = [1, 5, 20, 50, 200]
  static let particles = [256, 1024, 4096, 16384]
  /// The number of particles of the table.
  static let tabulated = 4096
  private static let points = 256

  /// All settings, and what is left out.
  static func all(digits: String, images: String) throws -> (settings: [Setting], notes: [String]) {
    var notes: [String] = []
    func ofDigits(
      test: Int?, _ normalization: DatasetRequest.Normalization
    ) throws -> LearningProblem {
      try loadProblem(
        DatasetRequest(
          source: .csv(trainPath: digits), classes: [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]],
          trainCount: points, testCount: test, normalization: normalization))
    }
    var settings = [
      Setting(
        title: "Digits, 0-4 against 5-9, D = 64",
        problem: try ofDigits(test: points, .meanStd(mean: 4.884, std: 6.017)), learningRate: 0.1,
        referenceParticles: 1 << 17, comparesInDouble: false)
    ]
    let standardized = try ofDigits(test: nil, .none).standardized(testPoints: points)
    settings.append(
      Setting(
        title: "Standardized digits, 0-4 against 5-9, D = \(standardized.inputDimension)",
        problem: standardized, learningRate: 0.1, referenceParticles: 1 << 17,
        comparesInDouble: false))
    if FileManager.default.fileExists(atPath: images + "/train.bin") {
      settings.append(
        Setting(
          title: "CIFAR2, airplanes against automobiles, D = 3072",
          problem: try loadProblem(
            DatasetRequest(
              source: .cifar10(trainPath: images + "/train.bin", testPath: images + "/test.bin"),
              classes: [[0], [1]], trainCount: points, testCount: points,
              normalization: .meanStd(mean: 0.4734, std: 0.2516))),
          learningRate: 0.02, referenceParticles: 1 << 17, comparesInDouble: false))
    } else {
      notes.append("CIFAR2 is left out: its images were not there.")
    }
    settings.append(
      Setting(
        title: "XOR of four Gaussians, D = 2",
        problem: GaussianMixture.exclusiveOr(seed: 1).problem(points, points),
        learningRate: 0.3, referenceParticles: 1 << 18, comparesInDouble: true))
    settings.append(
      Setting(
        title: "Six Gaussian clusters, D = 5",
        problem: GaussianMixture.clusters(6, dimension: 5, seed: 2).problem(points, points),
        learningRate: 0.3, referenceParticles: 1 << 18, comparesInDouble: true))
    return (settings, notes)
  }

  var law: InitialLaw { InitialLaw(shape: .gaussian, inputDimension: problem.inputDimension) }
  var reference: ReferenceNetwork { ReferenceNetwork(width: 128, learningRate: learningRate) }

  var training: TrainingSettings {
    // The logarithmic steps contain those that are compared.
    TrainingSettings(
      problem: problem,
      architecture: Architecture(activation: .leakyReLU(slope: 0.1), hasBias: false),
      loss: .logistic, step: .meanFieldLimit(of: reference), steps: Self.steps.last!,
      recorded: .logarithmic)
  }
}
