import LinearAlgebra
import Networks
import ParticleSystems

/// A few points on a spiral and the settings of their training.
enum DeepProblem {
  static func inputs(_ count: Int, dimension: Int) -> Matrix<Double> {
    Matrix(
      rows: count, columns: dimension,
      elements: (0..<(count * dimension)).map { i in
        let (point, feature) = i.quotientAndRemainder(dividingBy: dimension)
        let t = 0.7 * Double(point) + 1.9 * Double(feature)
        return Activation.sin.value(t) + 0.3 * Activation.sin.value(2.3 * t + 1)
      })
  }

  static func problem(
    training: Int, test: Int, dimension: Int = 3, outputs: Int = 1
  ) -> LearningProblem {
    let all = inputs(training + test, dimension: dimension)
    let labels = (0..<(training + test)).map {
      outputs == 1 ? Double($0 % 2 * 2 - 1) : Double($0 % outputs)
    }
    func rows(_ range: Range<Int>) -> Matrix<Double> {
      Matrix(
        rows: range.count, columns: dimension, elements: range.flatMap { Array(all.row($0)) })
    }
    return LearningProblem(
      trainingInputs: rows(0..<training), trainingLabels: Array(labels.prefix(training)),
      testInputs: rows(training..<(training + test)), testLabels: Array(labels.suffix(test)),
      task: outputs == 1
        ? .binary(classNames: ["a", "b"])
        : .multiclass(classNames: (0..<outputs).map { "\($0)" }))
  }

  /// That of the fixtures of PyTorch's training: 12 points to train on, then 4 to test.
  static func oracle(inputs: [[Double]], labels: [Double], outputs: Int) -> LearningProblem {
    func matrix(_ rows: ArraySlice<[Double]>) -> Matrix<Double> {
      Matrix(rows: rows.count, columns: 4, elements: rows.flatMap { $0 })
    }
    return LearningProblem(
      trainingInputs: matrix(inputs[..<12]), trainingLabels: labels,
      testInputs: matrix(inputs[12...]), testLabels: [1, 1, 1, 1],
      task: outputs == 1
        ? .binary(classNames: ["a", "b"]) : .multiclass(classNames: ["a", "b", "c"]))
  }

  static func settings(
    _ problem: LearningProblem, _ activation: Activation, loss: Loss, steps: Int,
    batches: BatchSchedule = .full, probes: Int = 0, pairsProbes: Bool = false
  ) -> TrainingSettings {
    TrainingSettings(
      problem: problem, architecture: Architecture(activation: activation, hasBias: false),
      loss: loss, step: ParticleStep(logitScale: 1, outputStep: 1, inputStep: 1), steps: steps,
      batches: batches, probes: probes, pairsProbes: pairsProbes)
  }
}
