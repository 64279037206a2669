import LinearAlgebra
import ParticleSystems

/// The logits of limits whose measure is frozen: a constant tangent kernel K, in function space,
///
///     f_{k+1}(x) = f_k(x) - sum_i K(x, x_i) g_i
///
/// (Golikov 2020, arXiv 2006.06574; section 3 for gamma < 0). System number s has kernel number s mod
/// E of E kernels. An update of the R systems that share a kernel is a matrix product, 2 R n (n + t)
/// operations for n training and t test points.
final class KernelTransport: LogitTransport {
  private let kernels: [TangentKernelMatrices]
  private let systemsOfKernel: Int
  private let training: AlignedBuffer<Double>
  private let test: AlignedBuffer<Double>

  var systems: Int { kernels.count * systemsOfKernel }
  private var trainingPoints: Int { kernels[0].trainingTraining.rows }
  private var testPoints: Int { kernels[0].trainingTest.columns }

  /// - Parameters:
  ///   - kernels: one or several, of one shape.
  ///   - systemsOfKernel: systems that share each.
  init(_ kernels: [TangentKernelMatrices], systemsOfKernel: Int) {
    precondition(!kernels.isEmpty && systemsOfKernel >= 1)
    self.kernels = kernels
    self.systemsOfKernel = systemsOfKernel
    let systems = kernels.count * systemsOfKernel
    training = AlignedBuffer(count: systems * kernels[0].trainingTraining.rows, repeating: 0)
    test = AlignedBuffer(count: systems * kernels[0].trainingTest.columns, repeating: 0)
  }

  func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    if let update { apply(update) }
    var result = EvaluatedLogits()
    if request.hasNextBatch {
      result.batch = rows(of: training, points: trainingPoints)
      if let batch = request.nextBatch {
        result.batch = result.batch.map { row in batch.map { row[$0] } }
      }
    }
    if request.isRecorded {
      result.training = rows(of: training, points: trainingPoints)
      result.test = rows(of: test, points: testPoints)
      result.tangentKernelDiagonals = (0..<systems).map {
        kernels[$0 % kernels.count].probeDiagonal
      }
    }
    return result
  }

  private func apply(_ update: GradientUpdate) {
    let points = update.gradients[0].count
    let gradients = update.gradients.flatMap { $0 }
    for (number, kernel) in kernels.enumerated() {
      for (matrix, logits) in [(kernel.trainingTraining, training), (kernel.trainingTest, test)] {
        let columns = matrix.columns
        guard columns > 0 else { continue }
        // The kernel's rows of a batch, gathered so that the product is one call.
        let selected =
          update.batch.map { $0.flatMap { Array(matrix.row($0)) } } ?? matrix.elements
        // Every E-th row, from the kernel's own number on, by the leading dimensions.
        gradients.withUnsafeBufferPointer { g in
          Double.multiply(
            g.baseAddress! + number * points, transposed: false,
            leading: kernels.count * points, selected, transposed: false, leading: columns,
            into: logits.base + number * columns, leading: kernels.count * columns,
            m: systemsOfKernel, n: columns, k: points, alpha: -1, beta: 1)
        }
      }
    }
  }

  private func rows(of buffer: AlignedBuffer<Double>, points: Int) -> [[Double]] {
    (0..<systems).map { Array(buffer.contents[($0 * points)..<(($0 + 1) * points)]) }
  }
}
