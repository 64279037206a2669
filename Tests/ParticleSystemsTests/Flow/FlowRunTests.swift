import Checkpoints
import Networks
import Testing
import TimeIntegration

@testable import ParticleSystems

@Suite struct FlowRunTests {
  /// df/dt = f^2 from f = 1/3 on: no solution beyond t = 3.
  final class Explosion: FlowSystem {
    let systems = 1
    let points: Int
    var value = 1.0 / 3
    var slopes = [Double](repeating: 0, count: 7)

    init(points: Int) { self.points = points }

    func value(at weights: [Double]) -> Double {
      weights.indices.reduce(value) { $0 + weights[$1] * slopes[$1] }
    }

    func evaluateSlope(_ index: Int, at weights: [Double]) {
      let f = value(at: weights)
      slopes[index] = f * f
    }

    func norm(_ weights: [Double]) -> Double { abs(value(at: weights) - value) / value }
    func move(by weights: [Double]) { value = value(at: weights) }
    func exchangeSlopes(_ first: Int, _ second: Int) { slopes.swapAt(first, second) }

    func evaluate(at weights: [Double], isRecorded: Bool) -> EvaluatedLogits {
      var result = EvaluatedLogits()
      result.batch = [Array(repeating: value(at: weights), count: points)]
      if isRecorded {
        result.training = result.batch
        result.test = [Array(repeating: value(at: weights), count: 5)]
        result.tangentKernels = [[]]
      }
      return result
    }

    func exchange(_ state: RunState) throws {
      try state.exchange("value", &value)
      try state.exchange("slopes", &slopes, count: 7)
    }
  }

  final class Recorder: TrajectoryRecorder {
    var updates: [Int: [Double]] = [:]
    var records: [Int: [Double]] = [:]
    let stopsAt: Int?

    init(stopsAt: Int? = nil) { self.stopsAt = stopsAt }

    func recordUpdate(
      _ update: Int, batch: [Int]?, labels: [Double], logits: [[Double]], magnitude: PowerOfWidth
    ) -> [Bool] {
      updates[update] = logits[0]
      return [update != stopsAt]
    }

    func record(at index: Int, _ logits: EvaluatedLogits, magnitude: PowerOfWidth) {
      records[index] = logits.training[0] + logits.test[0]
    }

    func exchange(_ state: RunState) throws {
      preconditionFailure("these runs are not interrupted")
    }
  }

  func run(steps: Int, every stride: Int, recorder: Recorder) -> (IntegrationRecord, [Int]) {
    let settings = TrainingSettings(
      problem: randomProblem(training: 4, test: 5, dimension: 2),
      architecture: Architecture(activation: .relu, hasBias: false), loss: .logistic,
      step: ParticleStep(logitScale: 1, outputStep: 1, inputStep: 1), steps: steps,
      recorded: .every(stride))
    var visited: [Int] = []
    let record = runFlow(
      Explosion(points: 4),
      field: FlowField(settings, rule: .plain, offset: .none, systems: 1), settings: settings,
      rule: .plain, tolerance: 1e-9, recorder: recorder,
      atStep: { if recorder.updates[$0] == nil { visited.append($0) } })
    return (record, visited)
  }

  /// 1 / (3 - t) at whole steps; from t = 3 on there is nothing, which the recorder sees once.
  @Test(arguments: [1, 2]) func aCollapseIsTheFirstStepNotReached(stride: Int) {
    let recorder = Recorder()
    let (record, _) = run(steps: 6, every: stride, recorder: recorder)
    #expect(recorder.updates.keys.sorted() == [0, 1, 2, 3])
    for step in 0..<3 {
      #expect(recorder.updates[step]!.allSatisfy { abs($0 * (3 - Double(step)) - 1) < 1e-7 })
    }
    #expect(recorder.updates[3]!.allSatisfy { $0.isNaN })
    #expect(recorder.records.keys.sorted() == (stride == 1 ? [0, 1, 2, 3] : [0, 1]))
    if stride == 1 { #expect(recorder.records[3]!.allSatisfy { $0.isNaN }) }
    #expect(record.accepted > 10 && record.accepted < 3000)
  }

  @Test func everyWholeStepIsVisitedOnceThoughStepsAreLong() {
    let recorder = Recorder()
    let (record, visited) = run(steps: 2, every: 1, recorder: recorder)
    #expect(visited == [0, 1, 2])
    #expect(recorder.updates.keys.sorted() == [0, 1])
    #expect(recorder.records[2]!.count == 9)
    #expect(recorder.records[2]!.allSatisfy { abs($0 - 1) < 1e-7 })
    #expect(record.accepted > 3)
  }

  @Test func nothingGoesOnAfterTheLastSystemStopped() {
    let recorder = Recorder(stopsAt: 1)
    _ = run(steps: 2, every: 1, recorder: recorder)
    #expect(recorder.records.keys.sorted() == [0, 1])
    let none = Recorder(stopsAt: 0)
    #expect(run(steps: 2, every: 1, recorder: none).0.accepted == 0)
    #expect(none.records.keys.sorted() == [0])
  }
}
