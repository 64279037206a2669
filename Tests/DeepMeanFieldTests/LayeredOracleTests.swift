import DataIO
import Execution
import Foundation
import Measures
import Networks
import ParticleSystems
import Testing

@testable import DeepMeanField

/// Against a program of its own (`Fixtures/layered_oracles.py`), on digits.
@Suite struct LayeredOracleTests {
  struct Limit: Sendable, CustomStringConvertible {
    let name: String
    let layers: [Int]
    let replicates: Int
    let rate: Double
    let optimizer: Optimizer
    var description: String { name }
  }

  static let limits = [
    Limit(
      name: "gd2", layers: [256, 128], replicates: 16, rate: 0.2, optimizer: .gradientDescent),
    Limit(name: "rmsprop2", layers: [1024, 256], replicates: 8, rate: 5e-5, optimizer: signs),
    Limit(
      name: "rmsprop3", layers: [512, 512, 128], replicates: 16, rate: 5e-5, optimizer: signs),
  ]

  /// Distances in units of both standard errors together: their mean square is one where both are right.
  /// Logits of different test points share their errors, so that it fluctuates.
  @Test(arguments: limits) func agreesWithinTheErrors(_ given: Limit) throws {
    let problem = try digits()
    let steps = [1, 2, 3, 5, 10, 20]
    let settings = layeredSettings(problem, steps: 20)
    let isSigns = given.optimizer.stepSize == .normalized
    let run = LayeredLimit(
      sizes: LayerSizes(features: 64, layers: given.layers), replicates: given.replicates,
      law: gaussianLaw(settings), design: .full(isControlled: !isSigns), seed: 4,
      settings: settings,
      step: layeredStep(width: 128, rate: given.rate, given.optimizer),
      firstStep: isSigns
        ? RMSPropFirstStep(hiddenLayers: given.layers.count, hasEpsilon: false)
        : GradientDescentFirstStep()
    ).run(in: Float.self, workers: Workers())
    let expected = try oracle(given.name)
    for step in steps {
      let found = run.testLogits(step: step)
      let errors = run.standardErrors(step: step)
      let rows = expected.filter { $0.step == step }
      #expect(rows.count == 32)
      var square = 0.0
      var largest = 0.0
      var size = 0.0
      for row in rows {
        let error = (row.error * row.error + errors[row.point] * errors[row.point]).squareRoot()
        let distance = (found[row.point] - row.mean) / error
        square += distance * distance / Double(rows.count)
        largest = max(largest, abs(distance))
        size += row.mean * row.mean / (error * error) / Double(rows.count)
      }
      #expect(square < 2.5 && largest < 4, "step \(step): \(square), \(largest)")
      // The errors are small against the logits.
      #expect(size > (step == 1 ? 1 : 25), "step \(step): \(size)")
    }
  }

  private func digits() throws -> LearningProblem {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try loadProblem(
      DatasetRequest(
        source: .csv(trainPath: folder.appendingPathComponent("data/digits.csv").path),
        classes: [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]], trainCount: 256, testCount: 256,
        normalization: .meanStd(mean: 4.884, std: 6.017)))
  }

  private func oracle(
    _ name: String
  ) throws -> [(step: Int, point: Int, mean: Double, error: Double)] {
    let path = try #require(
      Bundle.module.url(
        forResource: "layered_oracles", withExtension: "csv", subdirectory: "Fixtures"))
    return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst()
      .map { $0.split(separator: ",").map(String.init) }
      .filter { $0[0] == name }
      .map { (Int($0[1])!, Int($0[2])!, Double($0[3])!, Double($0[4])!) }
  }
}
