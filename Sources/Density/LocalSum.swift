internal import CKernels
import Foundation
import LinearAlgebra

/// Grid, kernel and boundaries of a sum over the grid points near each point.
public struct LocalSum: Sendable {
  let sum: iw_local_sum
  /// Grid points near a point, at most.
  let stencil: Int
  /// The number by which sums of masses times kernel shapes are divided.
  let norm: Double

  /// A Gaussian is cut at this many standard deviations, where it is exp(-36) = 2e-16 of its height.
  static let gaussianReach = 8.5

  init(
    grid: DensityGrid, bandwidth: Bandwidth, kernel: SmoothingKernel, boundaries: [Boundary]
  ) {
    precondition(kernel == .gaussian || bandwidth.isDiagonal)
    var sum = iw_local_sum()
    let reach = (kernel == .gaussian ? Self.gaussianReach : kernel.support)
    let reaches = bandwidth.deviations.map { reach * $0 }
    sum.dimensions = grid.dimensions
    withUnsafeMutableBytes(of: &sum.shape) { bytes in
      grid.shape.withUnsafeBytes { bytes.copyMemory(from: $0) }
    }
    withUnsafeMutableBytes(of: &sum.lower) { GridPlacement.fill($0, grid.axes.map(\.lower)) }
    withUnsafeMutableBytes(of: &sum.upper) { GridPlacement.fill($0, grid.axes.map(\.upper)) }
    withUnsafeMutableBytes(of: &sum.spacing) { GridPlacement.fill($0, grid.axes.map(\.spacing)) }
    withUnsafeMutableBytes(of: &sum.low_bound) {
      GridPlacement.fill($0, boundaries.map { $0.lower ?? -.infinity })
    }
    withUnsafeMutableBytes(of: &sum.high_bound) {
      GridPlacement.fill($0, boundaries.map { $0.upper ?? .infinity })
    }
    withUnsafeMutableBytes(of: &sum.reach) { GridPlacement.fill($0, reaches) }
    withUnsafeMutableBytes(of: &sum.deviation) { GridPlacement.fill($0, bandwidth.deviations) }
    sum.kernel =
      switch kernel {
      case .gaussian: IW_GAUSSIAN
      case .epanechnikov: IW_EPANECHNIKOV
      case .triangular: IW_TRIANGULAR
      case .biweight: IW_BIWEIGHT
      case .box: IW_BOX
      }
    sum.is_matrix = bandwidth.isDiagonal ? 0 : 1
    let whitening = bandwidth.whitening
    withUnsafeMutableBytes(of: &sum.whitening) { GridPlacement.fill($0, whitening.elements) }
    self.sum = sum
    stencil = zip(grid.axes, reaches).reduce(1) { product, axis in
      product * min(axis.0.count, Int(min(2 * axis.1 / axis.0.spacing, 1e9)) + 2)
    }
    let d = grid.dimensions
    norm = (0..<d).reduce(1) { $0 / (whitening[$1, $1] * kernel.value(0)) }
  }
}

extension Bandwidth {
  /// The lower triangular W with W H W^T = 1, H being the covariance: it turns differences into
  /// ones that the kernel of bandwidth 1 takes.
  var whitening: Matrix<Double> {
    guard case .factorized(let cholesky) = Cholesky.factorize(covariance) else {
      preconditionFailure("bandwidths are positive definite")
    }
    let l = cholesky.factor
    var inverse = Matrix(rows: dimensions, columns: dimensions, repeating: 0.0)
    for column in 0..<dimensions {
      for row in column..<dimensions {
        var rest = row == column ? 1.0 : 0.0
        for k in column..<row { rest -= l[row, k] * inverse[k, column] }
        inverse[row, column] = rest / l[row, row]
      }
    }
    return inverse
  }

  /// The inverse of the covariance matrix.
  var precision: Matrix<Double> {
    let w = whitening
    var matrix = Matrix(rows: dimensions, columns: dimensions, repeating: 0.0)
    for i in 0..<dimensions {
      for j in 0..<dimensions {
        for k in 0..<dimensions { matrix[i, j] += w[k, i] * w[k, j] }
      }
    }
    return matrix
  }
}
