import Checkpoints
import LinearAlgebra
import Networks
import ParticleSystems
import TimeIntegration

/// Gradient flow with a constant tangent kernel K in function space,
///
///     df(x)/dt = -sum_i K(x, x_i) g_i
///
/// in units of training steps, for each output by itself (Jacot, Gabriel, Hongler 2018, arXiv
/// 1806.07572). The logits on training and test points are the state of the system: a slope costs 2 R C n
/// (n + t) operations for the R systems that share a kernel, n training and t test points and C outputs.
///
/// *Norm.* The root mean square over all points and outputs of a system, in units of the larger of the
/// root mean square of its present logits and that of the targets (one where there are classes, which
/// is where losses bend); the largest of all systems.
final class KernelFlow: FlowSystem {
  private let settings: TrainingSettings
  private let field: FlowField
  private let kernels: [TangentKernelMatrices]
  private let systemsOfKernel: Int
  /// Kernel by kernel: the logits on training points, then on test points, n x (n + t).
  private let matrices: [Matrix<Double>]
  /// Rows (kernel, system of the kernel, output), columns points.
  private let state: AlignedBuffer<Double>
  private let stage: AlignedBuffer<Double>
  private var slopes: [AlignedBuffer<Double>]
  private let targetSize: Double
  private var unit: [Double]

  var systems: Int { kernels.count * systemsOfKernel }
  private var outputs: Int { settings.outputs }
  private var trainingPoints: Int { kernels[0].trainingTraining.rows }
  private var points: Int { matrices[0].columns }

  /// - Parameters:
  ///   - kernels: one or several, of one shape; system number s has number s mod E of E kernels.
  ///   - field: of E times `systemsOfKernel` systems.
  init(
    _ kernels: [TangentKernelMatrices], systemsOfKernel: Int, settings: TrainingSettings,
    field: FlowField
  ) {
    precondition(!kernels.isEmpty && systemsOfKernel >= 1)
    precondition(field.isAlive.count == kernels.count * systemsOfKernel)
    self.kernels = kernels
    self.systemsOfKernel = systemsOfKernel
    self.settings = settings
    self.field = field
    matrices = kernels.map { kernel in
      let n = kernel.trainingTraining.rows
      return Matrix(
        rows: n, columns: n + kernel.trainingTest.columns,
        elements: (0..<n).flatMap { kernel.trainingTraining.row($0) + kernel.trainingTest.row($0) })
    }
    let count = kernels.count * systemsOfKernel * settings.outputs * matrices[0].columns
    func buffer() -> AlignedBuffer<Double> { AlignedBuffer(count: count, repeating: 0) }
    state = buffer()
    stage = buffer()
    slopes = (0..<DormandPrince.slopes).map { _ in buffer() }
    let labels = settings.problem.trainingLabels
    let meanSquare = labels.reduce(0) { $0 + $1 * $1 / Double(labels.count) }
    targetSize =
      settings.problem.task == .regression && meanSquare > 0 ? meanSquare.squareRoot() : 1
    unit = Array(repeating: targetSize, count: kernels.count * systemsOfKernel)
  }

  func evaluateSlope(_ index: Int, at weights: [Double]) {
    combine(weights, into: stage)
    let gradients = field.gradients(logits(0..<trainingPoints))
    let n = trainingPoints
    // Rows as in the state, so that the systems of a kernel take one product.
    var rows = [Double](repeating: 0, count: systems * outputs * n)
    for system in 0..<systems {
      for point in 0..<n {
        for output in 0..<outputs {
          rows[row(system, output) * n + point] = gradients[system][point * outputs + output]
        }
      }
    }
    let rowsOfKernel = systemsOfKernel * outputs
    rows.withUnsafeBufferPointer { g in
      for (number, matrix) in matrices.enumerated() {
        Double.multiply(
          g.baseAddress! + number * rowsOfKernel * n, transposed: false, leading: n,
          matrix.elements, transposed: false, leading: points,
          into: slopes[index].base + number * rowsOfKernel * points, leading: points,
          m: rowsOfKernel, n: points, k: n, alpha: -1, beta: 0)
      }
    }
  }

  func norm(_ weights: [Double]) -> Double {
    var largest = 0.0
    for system in 0..<systems where field.isAlive[system] {
      let size = rootMeanSquare(slopes.map { UnsafePointer($0.base) }, weights, of: system)
      guard size.isFinite else { return .infinity }
      largest = max(largest, size / unit[system])
    }
    return largest
  }

  func move(by weights: [Double]) {
    combine(weights, into: state)
    for system in 0..<systems {
      unit[system] = max(targetSize, rootMeanSquare([UnsafePointer(state.base)], [1], of: system))
    }
  }

  func exchangeSlopes(_ first: Int, _ second: Int) { slopes.swapAt(first, second) }

  func evaluate(at weights: [Double], isRecorded: Bool) -> EvaluatedLogits {
    combine(weights, into: stage)
    var result = EvaluatedLogits()
    result.batch = logits(0..<trainingPoints)
    guard isRecorded else { return result }
    result.training = result.batch
    result.test = logits(trainingPoints..<points)
    result.tangentKernels = (0..<systems).map {
      kernels[$0 % kernels.count].probeKernel
    }
    return result
  }

  func exchange(_ runState: RunState) throws {
    try runState.exchange("logits", state)
    try runState.exchange("slope", slopes[0])
    try runState.exchange("unit", &unit, count: systems)
  }

  private func row(_ system: Int, _ output: Int) -> Int {
    let (number, kernel) = system.quotientAndRemainder(dividingBy: kernels.count)
    return (kernel * systemsOfKernel + number) * outputs + output
  }

  /// The stage's, flat: (point, output).
  private func logits(_ range: Range<Int>) -> [[Double]] {
    (0..<systems).map { system in
      range.flatMap { point in
        (0..<outputs).map { stage.base[row(system, $0) * points + point] }
      }
    }
  }

  private func combine(_ weights: [Double], into target: AlignedBuffer<Double>) {
    Double.combine(
      into: target.base, from: state.base,
      slopes: slopes.prefix(weights.count).map { UnsafePointer($0.base) }, weights: weights,
      count: state.count)
  }

  /// Of the rows of one system in a combination of buffers shaped as the state.
  private func rootMeanSquare(
    _ buffers: [UnsafePointer<Double>], _ weights: [Double], of system: Int
  ) -> Double {
    let count = outputs * points
    let squares = Double.combinedSquares(
      slopes: buffers.prefix(weights.count).map { $0 + row(system, 0) * points },
      weights: weights, count: count)
    return (squares / Double(count)).squareRoot()
  }
}
