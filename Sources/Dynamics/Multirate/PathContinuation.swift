import Checkpoints
import LinearAlgebra

/// How much of each of the last blocks' summed gradients is in those of the block that runs: the
/// coefficients by which numbers known at the starts of blocks are continued (``BlockValues``).
///
/// A difference D of two samples' functions changes along summed gradients G by -(dK) G, with the difference
/// dK of their tangent kernels, which hardly changes from block to block. So with G = sum_i c_i G_i, a
/// combination of what earlier blocks had, D changes by sum_i c_i dD_i. The c_i are those of least squares;
/// what is left of G is taken to change nothing. Gradients are sums of few modes that decay at their own rates:
/// four blocks were better than one, two or three by measurement.
struct PathContinuation {
  static let largestCount = 4
  /// Added to the diagonal of the normal equations of the fit: the G_i are nearly parallel.
  private static let shift = 1e-3

  /// Summed gradients of the last blocks, the latest first: (block, system, point and output).
  private var sums: [[[Double]]] = []

  mutating func append(_ gradients: [[Double]]) {
    sums.insert(gradients, at: 0)
    if sums.count > Self.largestCount { sums.removeLast() }
  }

  /// - Parameter lengths: of the gradients.
  mutating func exchange(_ state: RunState, lengths: [Int]) throws {
    try state.exchange("sums", &sums, lengths: lengths)
  }

  /// The c_i, system by system, the latest block first.
  ///
  /// - Parameter gradients: G, system by system.
  func coefficients(_ gradients: [[Double]]) -> [[Double]] {
    gradients.indices.map { system in
      coefficients(of: gradients[system], on: sums.map { $0[system] })
    }
  }

  private func coefficients(of target: [Double], on blocks: [[Double]]) -> [Double] {
    var normal = Matrix<Double>(rows: blocks.count, columns: blocks.count, repeating: 0)
    for i in blocks.indices {
      for j in 0...i { normal[i, j] = ReplicateRegression.product(blocks[i], blocks[j]) }
    }
    let right = blocks.map { ReplicateRegression.product($0, target) }
    return normal.solveAsNormalEquations(right, shift: Self.shift)
  }
}

/// Numbers that are known at the starts of blocks, system by system, and continued into a block.
struct BlockValues {
  private var latest: [[Double]] = []
  /// Their changes over the last blocks, the latest first: (block, system, number).
  private var changes: [[[Double]]] = []

  /// The values at the start of the block that follows.
  mutating func append(_ values: [[Double]]) {
    if !latest.isEmpty {
      changes.insert(zip(values, latest).map { zip($0, $1).map { $0 - $1 } }, at: 0)
      if changes.count > PathContinuation.largestCount { changes.removeLast() }
    }
    latest = values
  }

  /// - Parameter lengths: of the values, system by system.
  mutating func exchange(_ state: RunState, lengths: [Int]) throws {
    try state.exchange("latest", &latest, lengths: lengths)
    try state.exchange("changes", &changes, lengths: lengths)
  }

  /// The values within the block.
  ///
  /// - Parameter coefficients: of ``PathContinuation``; all zero at the block's start.
  func continued(_ coefficients: [[Double]]) -> [[Double]] {
    latest.indices.map { system in
      var row = latest[system]
      for (coefficient, change) in zip(coefficients[system], changes) where coefficient != 0 {
        for i in row.indices { row[i] += coefficient * change[system][i] }
      }
      return row
    }
  }
}
