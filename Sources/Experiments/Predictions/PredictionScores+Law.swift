import DataIO
import Foundation
import KernelPredictions
import LinearAlgebra
import Networks

extension PredictionScores {
  /// Of a Gaussian law of functions, its outputs independent.
  ///
  /// The expected squared loss of one function is that of the mean and half the variance of each output. The
  /// density of a point's targets is the product over outputs of N(y; mean, variance + noise^2).
  init(
    _ problem: LearningProblem, _ training: GaussianPrediction, _ test: GaussianPrediction,
    noise: Double
  ) {
    let outputs = problem.outputs
    func loss(_ labels: [Double], _ law: GaussianPrediction) -> Double {
      Loss.squared.mean(
        labels: labels, logits: law.mean.elements, outputs: outputs, magnitude: .staysFinite)
    }
    func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(max(1, values.count))
    }
    func accuracy(_ labels: [Double], _ law: GaussianPrediction) -> Double {
      problem.task == .regression
        ? .nan
        : problem.accuracy(labels: labels, logits: law.withoutRounding.elements)
    }
    func memberAccuracy(_ labels: [Double], _ law: GaussianPrediction) -> Double {
      problem.task == .regression
        ? .nan : mean(law.classificationProbabilities(labels: labels))
    }
    let (trainingLoss, testLoss) = (
      loss(problem.trainingLabels, training), loss(problem.testLabels, test)
    )
    let half = Double(outputs) / 2
    let targets = PredictionRecord.targets(problem.testLabels, outputs: outputs)
    var density = 0.0
    for point in test.variances.indices {
      let variance = test.variances[point] + noise * noise
      for output in 0..<outputs {
        let gap = targets[point * outputs + output] - test.mean[point, output]
        density += (log(2 * Double.pi * variance) + gap * gap / variance) / 2
      }
    }
    let isSpread = test.variances.allSatisfy { $0 + noise * noise > 0 }
    self.init(
      trainingLoss: trainingLoss, testLoss: testLoss,
      trainingMemberLoss: trainingLoss + half * mean(training.variances),
      testMemberLoss: testLoss + half * mean(test.variances),
      trainingAccuracy: accuracy(problem.trainingLabels, training),
      testAccuracy: accuracy(problem.testLabels, test),
      testDeviation: mean(test.variances.map { $0.squareRoot() }),
      testDensityLoss: isSpread ? density / Double(test.variances.count) : .nan,
      trainingMemberAccuracy: memberAccuracy(problem.trainingLabels, training),
      testMemberAccuracy: memberAccuracy(problem.testLabels, test))
  }
}
