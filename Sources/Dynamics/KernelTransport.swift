import Checkpoints
import LinearAlgebra
import Networks
import ParticleSystems

/// The logits of limits whose measure is frozen: a constant tangent kernel K, in function space,
///
///     f_{k+1}(x) = f_k(x) - sum_i K(x, x_i) g_i
///
/// for each output by itself (Golikov 2020, arXiv 2006.06574; section 3 for gamma < 0). With momentum
/// the velocities of the parameters are linear in the gradients, as the logits are in the parameters,
/// so that the recursion of the velocities is exact in function space too: u_k = momentum u_{k-1} +
/// sum_i K(x, x_i) g_i, f_{k+1} = f_k - u_k.
///
/// System number s has kernel number s mod E of E kernels. An update of the R systems that share a
/// kernel is a matrix product, 2 R C n (n + t) operations for n training and t test points and C
/// outputs.
final class KernelTransport: LogitTransport {
  private let kernels: [TangentKernelMatrices]
  private let systemsOfKernel: Int
  private let outputs: Int
  private let momentum: Double
  private let training: Function
  private let test: Function

  /// Values of all systems on a set of points, and what the next update subtracts from them.
  private struct Function {
    /// (system, point, output)
    let values: AlignedBuffer<Double>
    /// The same; empty without momentum, where each update is subtracted at once.
    let velocities: AlignedBuffer<Double>
  }

  var systems: Int { kernels.count * systemsOfKernel }
  private var trainingPoints: Int { kernels[0].trainingTraining.rows }
  private var testPoints: Int { kernels[0].trainingTest.columns }

  /// - Parameters:
  ///   - kernels: one or several, of one shape.
  ///   - systemsOfKernel: systems that share each.
  ///   - settings: with gradient descent or momentum; the steps of RMSProp are not linear in the
  ///     gradients, and no kernel makes them.
  init(_ kernels: [TangentKernelMatrices], systemsOfKernel: Int, settings: TrainingSettings) {
    precondition(!kernels.isEmpty && systemsOfKernel >= 1)
    self.kernels = kernels
    self.systemsOfKernel = systemsOfKernel
    outputs = settings.outputs
    let hasVelocities: Bool
    switch settings.step.update {
    case .gradient: (momentum, hasVelocities) = (0, false)
    case .momentum(let coefficient): (momentum, hasVelocities) = (coefficient, true)
    case .rmsProp: preconditionFailure("RMSProp has no constant-kernel limit")
    }
    let logits = kernels.count * systemsOfKernel * settings.outputs
    func function(points: Int) -> Function {
      Function(
        values: AlignedBuffer(count: logits * points, repeating: 0),
        velocities: AlignedBuffer(count: hasVelocities ? logits * points : 0, repeating: 0))
    }
    training = function(points: kernels[0].trainingTraining.rows)
    test = function(points: kernels[0].trainingTest.columns)
  }

  func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    if let update { apply(update) }
    var result = EvaluatedLogits()
    if request.hasNextBatch {
      result.batch = rows(of: training, points: trainingPoints)
      if let batch = request.nextBatch {
        result.batch = result.batch.map { $0.rows(batch, of: outputs) }
      }
    }
    if request.isRecorded {
      result.training = rows(of: training, points: trainingPoints)
      result.test = rows(of: test, points: testPoints)
      result.tangentKernels = (0..<systems).map {
        kernels[$0 % kernels.count].probeKernel
      }
    }
    return result
  }

  private func apply(_ update: GradientUpdate) {
    let gradients = update.gradients.flatMap { $0 }
    for (function, matrix) in [
      (training, \TangentKernelMatrices.trainingTraining), (test, \.trainingTest),
    ] {
      let velocities = function.velocities
      for i in 0..<velocities.count { velocities.base[i] *= momentum }
      for (number, kernel) in kernels.enumerated() where kernel[keyPath: matrix].columns > 0 {
        subtractProduct(
          kernel[keyPath: matrix], number, update.batch, gradients,
          from: velocities.count > 0 ? velocities : function.values)
      }
      // The velocities are those of f, of the sign of its increments.
      for i in 0..<velocities.count { function.values.base[i] += velocities.base[i] }
    }
  }

  /// Subtracts the products of a kernel with the gradients of the systems that share it.
  private func subtractProduct(
    _ matrix: Matrix<Double>, _ number: Int, _ batch: [Int]?, _ gradients: [Double],
    from target: AlignedBuffer<Double>
  ) {
    let columns = matrix.columns
    let points = gradients.count / (systems * outputs)
    // The kernel's rows of a batch, gathered so that the product is one call.
    let selected = batch.map { $0.flatMap { Array(matrix.row($0)) } } ?? matrix.elements
    gradients.withUnsafeBufferPointer { g in
      if outputs == 1 {
        // Every E-th row, from the kernel's own number on, by the leading dimensions.
        Double.multiply(
          g.baseAddress! + number * points, transposed: false, leading: kernels.count * points,
          selected, transposed: false, leading: columns, into: target.base + number * columns,
          leading: kernels.count * columns, m: systemsOfKernel, n: columns, k: points, alpha: -1,
          beta: 1)
        return
      }
      for system in stride(from: number, to: systems, by: kernels.count) {
        Double.multiply(
          selected, transposed: true, leading: columns,
          g.baseAddress! + system * points * outputs, transposed: false, leading: outputs,
          into: target.base + system * columns * outputs, leading: outputs, m: columns,
          n: outputs, k: points, alpha: -1, beta: 1)
      }
    }
  }

  func exchange(_ state: RunState) throws {
    for (name, function) in [("training", training), ("test", test)] {
      try state.exchange(name, function.values)
      try state.exchange(name + ".velocities", function.velocities)
    }
  }

  private func rows(of function: Function, points: Int) -> [[Double]] {
    let count = points * outputs
    return (0..<systems).map {
      Array(function.values.contents[($0 * count)..<(($0 + 1) * count)])
    }
  }
}
