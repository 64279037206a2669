import DataIO
import Foundation
import ParticleSystems

/// Files in a folder of their own, whose names and texts are full of marks of HTML.
final class ReportFiles {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "report größe \(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  static let config = """
    # <script>alert("1 & 2")</script> ]]> 'é'
    data:
      format: synthetic
      dimension: 5
      train: 4
      test: 3
    training:
      learning_rate: 0.2
      steps: 2
    """

  private static func metadata(
    _ config: String, extra: [String: AttributeValue]
  ) -> FileMetadata {
    FileMetadata(
      configText: config, history: "2026-01-02T03:04:05Z infwidth limit <a> & \"b\"",
      source: "InfiniteWidth 1.2.3", seed: 7,
      extra: [
        "experiment": .text("a<b>&\"c\""), "loss": .text("logistic"),
        "precision": .text("single"), "reference_width": .int(8),
      ].merging(extra) { $1 })
  }

  private static func recording(_ trajectory: Trajectory) -> RecordingDescription {
    RecordingDescription(
      steps: trajectory.steps, updates: 2, outputs: 1, probes: 2, trainingLabels: [-1, 1, -1, 1],
      testLabels: [1, -1, 1])
  }

  /// Losses 0.5 + step / 10 + member / 100, with standard errors of 0.002 of one member.
  static func trajectory(members: Int, hasError: Bool) -> Trajectory {
    var result = Trajectory(
      steps: [0, 1, 2], members: members, updates: 2, trainingPoints: 4, testPoints: 3, outputs: 1,
      probes: 2, hasAccuracy: true, hasDecomposition: false, hasError: hasError)
    for member in 0..<members {
      for step in 0..<3 {
        let row = member * 3 + step
        let value = 0.5 + Double(step) / 10 + Double(member) / 100
        result.trainingLoss[row] = value
        result.testLoss[row] = value + 0.25
        result.trainingAccuracy[row] = 0.75
        result.testAccuracy[row] = 0.5
        for point in 0..<3 { result.testLogits[row * 3 + point] = value * Double(point - 1) }
        for probe in 0..<2 { result.tangentKernelDiagonal[row * 2 + probe] = 1 + value }
        if hasError {
          result.testLossStandardError[row] = 0.002
          result.trainingLossStandardError[row] = 0.001
        }
      }
    }
    if hasError { result.testLogitsError = [0, 0.012, 0.034] }
    return result
  }

  /// - Parameter particles: 0 for a limit without.
  func run(
    _ name: String, limit: String = "mean_field", members: Int = 1, particles: Int = 1000,
    config: String = config, divergedAt: Int? = nil, extra: [String: AttributeValue] = [:]
  ) throws -> String {
    var trajectory = Self.trajectory(members: members, hasError: true)
    if let divergedAt {
      trajectory.divergedAtStep[0] = divergedAt
      for step in divergedAt..<3 {
        trajectory.testLoss[step] = .nan
        trajectory.trainingLoss[step] = .nan
      }
    }
    let writer = try RunFileWriter(
      path: path(name), force: false,
      RunFileDescription(
        metadata: Self.metadata(config, extra: extra),
        limit: LimitDescription(name: limit, alpha: -0.5, beta: 0, gamma: 0),
        particles: particles, realizations: members, recording: Self.recording(trajectory)))
    try writer.write(trajectory)
    try writer.finish()
    return path(name)
  }

  func nets(
    _ name: String, widths: [Int] = [8, 32], seeds: Int = 3, config: String = config,
    limit: String = "mean_field", isDiverged: Bool = false,
    allDiverged: Bool = false
  ) throws -> String {
    var trajectory = Self.trajectory(members: seeds, hasError: false)
    let writer = try NetsFileWriter(
      path: path(name), force: false,
      NetsFileDescription(
        metadata: Self.metadata(config, extra: [:]),
        limit: LimitDescription(name: limit, alpha: -0.5, beta: 0, gamma: 0), widths: widths,
        seeds: Array(1...seeds), recording: Self.recording(trajectory)))
    for seed in 0..<seeds where allDiverged || isDiverged && seed == 1 {
      trajectory.divergedAtStep[seed] = 2
      let last = seed * 3 + 2
      (trajectory.trainingLoss[last], trajectory.testLoss[last]) = (.nan, .nan)
    }
    for index in widths.indices { try writer.write(trajectory, widthIndex: index) }
    try writer.finish()
    return path(name)
  }

  /// Two scalings that tie at even steps, at their floors, of which the first is better at odd ones.
  func comparison(_ name: String, seeds: Int = 3, steps: Int = 2) throws -> String {
    let odd = (0..<steps).map { $0 % 2 == 1 }
    func rate(_ metric: String, _ verdict: String, rate: Double, predicted: Double) -> ComparedRate
    {
      ComparedRate(
        metric: metric, step: 1, values: [0.4, 0.2], standardErrors: [0.031, 0.012],
        floors: [0.1, 0.05], limitError: 0.01, rate: rate,
        rateStandardError: rate.isNaN ? .nan : 0.04,
        intercept: 0, chiSquare: 1, fittedWidths: 2, predicted: predicted, predictionSource: "x",
        verdict: verdict)
    }
    func scaling(_ name: String, _ title: String, _ rates: [ComparedRate]) -> ScalingComparison {
      ScalingComparison(
        name: name, title: title, limit: LimitDescription(name: name, alpha: 0, beta: 0, gamma: 0),
        particles: 64, widths: [8, 32], seeds: Array(1...seeds), realizations: 1,
        steps: Array(0..<steps),
        snapshots: [0], projections: ["a"], testPoints: 3, outputs: 1, rates: rates,
        notes: ["a <remark> & more"])
    }
    let record = ComparisonRecord(
      path: path(name), title: "a<b>&\"c\"", referenceWidth: 8,
      scalings: [
        scaling(
          "mean_field", "MF",
          [
            rate("logit_bias", "agrees (0.5 standard errors off)", rate: -0.48, predicted: -0.5),
            rate(
              "test_loss_gap",
              "floor reached: 0 of 2 widths are clearly above the limit's own error", rate: .nan,
              predicted: -1),
          ]),
        scaling(
          "ntk", "NTK",
          [
            rate(
              "logit_bias", "deviates by 3.0 standard errors, slower", rate: -0.2, predicted: -0.5),
            rate("wasserstein1[a]", "no prediction", rate: -0.3, predicted: .nan),
          ]),
      ],
      ranking: ReferenceRanking(
        scalings: ["mean_field", "ntk"], steps: Array(0..<steps),
        criteria: [
          .init(
            name: "logit_gap", longName: "root mean square gap", units: "1",
            values: odd.map { $0 ? 0.1 : 0.2 } + odd.map { $0 ? 0.4 : 0.2 },
            standardErrors: odd.map { $0 ? 0.012 : 0.011 } + odd.map { $0 ? 0.014 : 0.013 },
            best: odd.map { _ in 0 }, ties: odd.map { _ in true } + odd.map { !$0 },
            floors: (odd + odd).map { $0 ? 0.02 : 0.19 }, atFloor: (odd + odd).map { !$0 })
        ]), notes: ["a note of both"])
    try ComparisonFile.write(record, metadata: Self.metadata(Self.config, extra: [:]), force: false)
    return path(name)
  }
}
