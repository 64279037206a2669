import Foundation
import LinearAlgebra
import Networks
import TestSupport
import Testing

/// Losses of several outputs.
@Suite struct LossOutputsTests {
  static let rows: [[Double]] = [[0.3, -1.2, 2], [0, 0, 0], [-3, 1, 1], [5, -5, 0.1]]

  func mean(_ loss: Loss, _ label: Double, _ row: [Double], _ magnitude: PowerOfWidth) -> Double {
    loss.mean(labels: [label], logits: row, outputs: row.count, magnitude: magnitude)
  }

  func gradients(
    _ loss: Loss, _ label: Double, _ row: [Double], _ magnitude: PowerOfWidth
  ) -> [Double] {
    loss.gradients(labels: [label], logits: row, outputs: row.count, magnitude: magnitude)
  }

  @Test(arguments: [Loss.squared, .softmax], [0.0, 1, 2]) func gradientsMatchCentralDifferences(
    loss: Loss, label: Double
  ) {
    let h = 1e-5
    for row in Self.rows {
      let exact = gradients(loss, label, row, .staysFinite)
      for c in 0..<3 {
        var (up, down) = (row, row)
        up[c] += h
        down[c] -= h
        let difference =
          (mean(loss, label, up, .staysFinite) - mean(loss, label, down, .staysFinite)) / (2 * h)
        #expect(abs(exact[c] - difference) < 1e-9)
      }
    }
  }

  /// Softmax of (f, 0), class 0, is the logistic loss of f with label +1.
  @Test func softmaxOfTwoClassesIsLogistic() {
    for f in [-40, -2, 0, 0.3, 7, 800.0] {
      let value = mean(.softmax, 0, [f, 0], .staysFinite)
      let expected = Loss.logistic.value(label: 1, logit: f)
      #expect(abs(value - expected) <= 1e-15 * max(1, expected))
      let exact = Loss.logistic.derivative(label: 1, logit: f)
      #expect(
        largestDifference(gradients(.softmax, 0, [f, 0], .staysFinite), [exact, -exact]) < 1e-15)
    }
  }

  /// Each limit against the loss itself at logits t f~, t very large or very small; equal logits are
  /// exact multiples, so that they stay equal.
  @Test(arguments: [0.0, 1, 2]) func limitsOfSoftmax(label: Double) {
    let t = 1e5
    for row in Self.rows {
      #expect(
        largestDifference(
          gradients(.softmax, label, row, .diverges),
          gradients(.softmax, label, row.map { t * $0 }, .staysFinite)) < 1e-12)
      #expect(
        abs(
          mean(.softmax, label, row, .diverges)
            - mean(.softmax, label, row.map { t * $0 }, .staysFinite) / t) < 2e-5)
      #expect(
        largestDifference(
          gradients(.softmax, label, row, .vanishes),
          gradients(.softmax, label, row.map { $0 / t }, .staysFinite)) < 1e-4)
      #expect(
        abs(
          mean(.softmax, label, row, .vanishes)
            - mean(.softmax, label, row.map { $0 / t }, .staysFinite)) < 1e-4)
    }
    #expect(
      gradients(.softmax, label, [1, 1, 0], .diverges)[Int(label)] == [-0.5, -0.5, -1][Int(label)])
  }

  @Test func limitOfTheSquaredLossAtVanishingLogits() {
    #expect(gradients(.squared, 1, [3, 4], .vanishes) == [0, -1])
    #expect(mean(.squared, 1, [3, 4], .vanishes) == 0.5)
  }

  @Test func flatArraysHoldThePointsOneAfterAnother() {
    let labels = [2.0, 0, 1, 1]
    let flat = Self.rows.flatMap { $0 }
    let all = Loss.softmax.gradients(
      labels: labels, logits: flat, outputs: 3, magnitude: .staysFinite)
    let single = zip(labels, Self.rows).map { gradients(.softmax, $0, $1, .staysFinite) }
    #expect(all == single.flatMap { $0 })
    let losses = zip(labels, Self.rows).map { mean(.softmax, $0, $1, .staysFinite) }
    let whole = Loss.softmax.mean(
      labels: labels, logits: flat, outputs: 3, magnitude: .staysFinite)
    #expect(abs(whole - losses.reduce(0, +) / 4) < 1e-15)
  }

  @Test func lossesOfNumbersThatAreNoneAreNone() {
    for magnitude in PowerOfWidth.allCases {
      #expect(mean(.softmax, 0, [1, .nan], magnitude).isNaN)
    }
    #expect(gradients(.softmax, 0, [1, .nan], .diverges).allSatisfy { $0.isNaN })
  }

  @Test func outputsThatLossesAccept() {
    #expect(Loss.allCases.filter { $0.accepts(outputs: 1) } == [.logistic, .squared])
    #expect(Loss.allCases.filter { $0.accepts(outputs: 2) } == [.squared, .softmax])
    #expect(Loss.softmax.hasBoundedDerivative)
  }

  @Test func accuracyOfSeveralOutputsCountsTheFirstOfEqualLogits() {
    #expect(
      largestLogitAccuracy(
        labels: [2, 0, 1, 2], logits: [0, 1, 2, 3, 3, 1, 4, 4, 1, -1, -2, -3], outputs: 3) == 0.5)
    #expect(largestLogitAccuracy(labels: [0], logits: [1, .nan], outputs: 2).isNaN)
  }

  @Test func twoClassesWithAnOutputEach() {
    let points = Matrix(rows: 2, columns: 1, elements: [1.0, 2])
    let binary = LearningProblem(
      trainingInputs: points, trainingLabels: [1, -1], testInputs: points, testLabels: [-1, 1],
      task: .binary(classNames: ["3", "8"]))
    let problem = binary.withAnOutputForEachClass()
    #expect(binary.outputs == 1 && problem.outputs == 2)
    #expect(problem.trainingLabels == [1, 0] && problem.testLabels == [0, 1])
    #expect(problem.task == .multiclass(classNames: ["3", "8"]))
    #expect(problem.accuracy(labels: [1, 0], logits: [0, 1, 0, 1]) == 0.5)
    #expect(binary.accuracy(labels: [1, -1], logits: [0.5, 0]) == 0.75)
  }
}
