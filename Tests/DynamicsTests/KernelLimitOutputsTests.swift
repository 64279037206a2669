import Dynamics
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

extension KernelLimitTests {
  /// Three outputs, with and without momentum: every output by itself, entry by entry; the velocity
  /// by its closed form, the sum of momentum^(k - j) times the change of step j.
  @Test(
    arguments: [ParticleUpdate.gradient, .momentum(0.7)],
    [BatchSchedule.full, .batches(size: 7, shuffleSeed: 1)])
  func severalOutputsMatchTheDirectLoop(update: ParticleUpdate, batches: BatchSchedule) {
    let problem = smallProblemOfThreeClasses()
    let settings = settings(
      loss: .softmax, steps: 5, batches: batches, problem: problem, update: update)
    let stream = RandomStream(seed: 5, stream: .syntheticData)
    let initial = (
      training: (0..<2).map { stream.normals(60, particle: $0) },
      test: (0..<2).map { stream.normals(45, particle: 10 + $0) }
    )
    let strengths = [0.5, 0.9]
    let trajectory = KernelLimit(
      kernels: strengths.map(kernel), settings: settings,
      rule: TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always),
      initialFunctions: initial
    ).run()
    let momentum = if case .momentum(let coefficient) = update { coefficient } else { 0.0 }
    for member in 0..<2 {
      var test = [[Double]](repeating: Array(repeating: 0, count: 45), count: 6)
      for strength in strengths {
        var f = initial.training[member]
        var t = initial.test[member]
        var changes: [(f: [Double], t: [Double])] = []
        for step in 0...5 {
          for i in 0..<45 { test[step][i] += t[i] / 2 }
          let batch = batches.indices(update: step, points: 20) ?? Array(0..<20)
          let g = batch.map { i in
            Loss.softmax.gradients(
              labels: [problem.trainingLabels[i]], logits: Array(f[(3 * i)..<(3 * i + 3)]),
              outputs: 3, magnitude: .staysFinite
            ).map { $0 / Double(batch.count) }
          }
          func change(_ points: Matrix<Double>) -> [Double] {
            (0..<points.rows).flatMap { j in
              (0..<3).map { c in
                zip(batch, g).reduce(0) { sum, item in
                  sum + item.1[c]
                    * entry(points.row(j), problem.trainingInputs.row(item.0), strength)
                }
              }
            }
          }
          changes.append((change(problem.trainingInputs), change(problem.testInputs)))
          var weight = 1.0
          for past in changes.reversed() {
            for i in f.indices { f[i] -= weight * past.f[i] }
            for i in t.indices { t[i] -= weight * past.t[i] }
            weight *= momentum
          }
        }
      }
      for step in 0...5 {
        let first = (member * 6 + step) * 45
        #expect(
          largestDifference(Array(trajectory.testLogits[first..<(first + 45)]), test[step])
            < 1e-12)
      }
    }
  }
}
