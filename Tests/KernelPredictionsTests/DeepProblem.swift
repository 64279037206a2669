import DeepKernels
import Dynamics
import Execution
import KernelPredictions
import LinearAlgebra
import Networks
import ParticleSystems
import TestSupport
import Testing

/// The points, labels and networks of the fixture.
struct DeepProblem: Decodable {
  struct Ensemble: Decodable {
    let activation: String
    let depth: Int
    let parameterization: String
    let outputs: Int
    /// -1 is infinity; `nil` for the Bayesian network.
    let time: Double?
    let rate: Double?
    let noise: Double?
    let mean: [Double]
    let covariance: [Double]
    let trainMean: [Double]?
    let trainCovariance: [Double]?
  }
  struct Run: Decodable {
    let activation: String
    let depth: Int
    let parameterization: String
    let loss: String
    let rate: Double
    let outputs: Int
    /// Of flows.
    let time: Double?
    /// Of descents.
    let momentum: Double?
    let train: [Double]
    let test: [Double]
  }
  let trainInputs: [Double]
  let testInputs: [Double]
  let trainPoints: Int
  let testPoints: Int
  let dimension: Int
  let weightStd: Double
  let biasStd: Double
  let widths: [Int]
  let batch: Int
  let steps: Int
  let binaryLabels: [Double]
  let classLabels: [Double]
  let trainInitial: [Double]
  let testInitial: [Double]
  let ensembles: [Ensemble]
  let flows: [Run]
  let descents: [Run]

  static func load() throws -> DeepProblem {
    try fixture("neural_tangents", as: DeepProblem.self, in: .module)
  }

  /// Both kernels among training points, across (test x train) and among test points.
  struct Blocks {
    let train, across, test: DeepKernelMatrices<Double>
  }

  func kernels(_ activation: String, depth: Int, _ parameterization: String) throws -> Blocks {
    let named = try #require(Parameterization(rawValue: parameterization))
    let kernels = try #require(
      DeepKernels(
        DeepArchitecture(
          activation: activation == "relu" ? .relu : .erf, hiddenLayers: depth,
          baseWidths: Array(widths.prefix(depth)), weightDeviation: weightStd,
          biasDeviation: biasStd,
          parameterization: named,
          widthScale: 1), inputDimension: dimension))
    func points(_ elements: [Double], _ count: Int) -> DeepKernelPoints<Double> {
      DeepKernelPoints(Matrix(rows: count, columns: dimension, elements: elements), kernels)
    }
    let (train, test) = (points(trainInputs, trainPoints), points(testInputs, testPoints))
    let workers = Workers(count: 1)
    return Blocks(
      train: kernels.matrices(train, workers: workers),
      across: kernels.matrices(test, train, workers: workers),
      test: kernels.matrices(test, workers: workers))
  }

  /// The targets of the squared loss, one training point a row.
  func targets(outputs: Int) -> Matrix<Double> {
    outputs == 1
      ? Matrix(rows: trainPoints, columns: 1, elements: binaryLabels)
      : Matrix(
        rows: trainPoints, columns: outputs,
        elements: classLabels.flatMap { label in (0..<outputs).map { $0 == Int(label) ? 1 : 0 } })
  }

  /// Values at all points, of the first outputs.
  func initial(_ values: [Double], outputs: Int) -> [Double] {
    stride(from: 0, to: values.count, by: 3).flatMap { values[$0..<($0 + outputs)] }
  }

  func learningProblem(outputs: Int) -> LearningProblem {
    LearningProblem(
      trainingInputs: Matrix(rows: trainPoints, columns: dimension, elements: trainInputs),
      trainingLabels: outputs == 1 ? binaryLabels : classLabels,
      testInputs: Matrix(rows: testPoints, columns: dimension, elements: testInputs),
      testLabels: Array(repeating: 1, count: testPoints),
      task: outputs == 1
        ? .binary(classNames: ["a", "b"]) : .multiclass(classNames: ["a", "b", "c"]))
  }

  /// Training with these kernels as a limit runs it, from given initial functions.
  func limit(
    _ blocks: Blocks, loss: Loss, outputs: Int, rate: Double, steps: Int, batch: Int? = nil,
    momentum: Double = 0, initial: (training: [[Double]], test: [[Double]]),
    flowTolerance: Double? = nil
  ) -> Trajectory {
    let settings = TrainingSettings(
      problem: learningProblem(outputs: outputs),
      architecture: Architecture(activation: .relu, hasBias: false), loss: loss,
      step: ParticleStep(
        logitScale: 1, outputStep: 1, inputStep: 1,
        update: momentum > 0 ? .momentum(momentum) : .gradient),
      steps: steps, batches: batch.map { .batches(size: $0, shuffleSeed: nil) } ?? .full,
      recorded: .every(1))
    return KernelLimit(
      kernels: [
        TangentKernelMatrices(
          trainingTraining: blocks.train.tangent.map { rate * $0 },
          trainingTest: blocks.across.tangent.transposed().map { rate * $0 }, probeDiagonal: [])
      ], settings: settings,
      rule: TrainingRule(start: .staysFinite, later: .staysFinite, offset: .always),
      initialFunctions: initial, flowTolerance: flowTolerance
    ).run()
  }
}

/// The last recorded logits of each realization.
func last(_ logits: [Double], of trajectory: Trajectory) -> [[Double]] {
  let size = logits.count / (trajectory.members * trajectory.steps.count)
  return (0..<trajectory.members).map { member in
    let end = (member + 1) * trajectory.steps.count * size
    return Array(logits[(end - size)..<end])
  }
}
