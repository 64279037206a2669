import Dynamics
import Execution
import Experiments
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

/// The exact kernel of the control variates against expectations that are known by hand.
@Suite struct InitialKernelPartsTests {
  private let rate = 0.3
  private let width = 7
  private let deviations = (a: 0.8, w: 0.4)
  /// Two training points at right angles, and a test point between them.
  private let points: [[Double]] = [[2, 0], [0, 3], [1, 1]]

  private func parts(_ activation: Activation) -> InitialKernelParts {
    InitialKernelParts(
      law: InitialLaw(
        shape: .gaussian, inputDimension: 2, outputWeightDeviation: deviations.a,
        inputWeightDeviation: deviations.w),
      architecture: Architecture(activation: activation, hasBias: false),
      reference: ReferenceNetwork(width: width, learningRate: rate),
      problem: LearningProblem(
        trainingInputs: Matrix(rows: 2, columns: 2, elements: [2, 0, 0, 3]),
        trainingLabels: [1, -1], testInputs: Matrix(rows: 1, columns: 2, elements: [1, 1]),
        testLabels: [1], task: .binary(classNames: ["-", "+"])), workers: Workers(count: 1))
  }

  private func product(_ i: Int, _ j: Int) -> Double {
    points[i][0] * points[j][0] + points[i][1] * points[j][1]
  }

  /// phi(z) = z: E[phi phi'] = s_w^2 x . x', and sigma*^2 d* = 1.
  @Test func linear() {
    let parts = parts(.linear)
    let pairs = (0..<2).flatMap { i in (0..<3).map { product(i, $0) } }
    #expect(
      largestDifference(
        parts.output.elements,
        pairs.map { rate * Double(width) * deviations.w * deviations.w * $0 }) < 1e-14)
    #expect(
      largestDifference(
        parts.input.elements, pairs.map { rate * deviations.a * deviations.a * $0 }) < 1e-14)
  }

  /// max(z, 0): half of the linear kernel on the diagonal; at right angles E[phi phi] = s_w^2 |x| |x'| /
  /// (2 pi), and no part of the input weights.
  @Test func halfLine() {
    let parts = parts(.relu)
    let scale = rate * Double(width) * deviations.w * deviations.w
    for i in 0..<2 {
      #expect(abs(parts.output[i, i] - scale * product(i, i) / 2) < 1e-14)
      #expect(
        abs(parts.input[i, i] - rate * deviations.a * deviations.a * product(i, i) / 2) < 1e-14)
      #expect(abs(parts.output[i, 1 - i] - scale * 6 / (2 * .pi)) < 1e-14)
      #expect(abs(parts.input[i, 1 - i]) < 1e-14)
    }
  }
}
