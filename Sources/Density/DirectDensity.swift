import Foundation
import LinearAlgebra

/// The slow reference: the sum over all points, evaluated as it is written.
///
/// Cost: points times positions kernel evaluations, on the calling thread, in double precision.
public struct DirectDensity: Sendable {
  let points: [Double]
  let masses: [Double]
  let dimensions: Int
  let kernel: SmoothingKernel
  let boundaries: [Boundary]
  private let whitening: Matrix<Double>
  private let norm: Double

  /// - Parameter boundaries: one for each axis; `nil` for none.
  public init<Scalar>(
    _ sample: WeightedSample<Scalar>, bandwidth: Bandwidth, kernel: SmoothingKernel = .gaussian,
    boundaries: [Boundary]? = nil
  ) {
    precondition(bandwidth.dimensions == sample.dimensions)
    precondition(kernel == .gaussian || bandwidth.isDiagonal)
    dimensions = sample.dimensions
    self.kernel = kernel
    self.boundaries = boundaries ?? Array(repeating: .none, count: sample.dimensions)
    points = sample.points.map { Double($0) }
    masses = sample.masses?.map { Double($0) } ?? Array(repeating: 1, count: sample.count)
    guard case .factorized(let cholesky) = Cholesky.factorize(bandwidth.covariance) else {
      preconditionFailure("bandwidths are positive definite")
    }
    whitening = cholesky.factor
    var norm = masses.reduce(0, +)
    for axis in 0..<dimensions { norm *= whitening[axis, axis] }
    self.norm = norm
  }

  /// The density at one position.
  public func value(at position: [Double]) -> Double {
    precondition(position.count == dimensions)
    var images: [[Double]] = [[]]
    for axis in 0..<dimensions {
      // Beyond this a kernel is below the smallest number, seen from any point of the sample.
      let reach = 40 * whitening.row(axis).map(abs).reduce(0, +)
      let column = stride(from: axis, to: points.count, by: dimensions).map { points[$0] }
      let choices = boundaries[axis].images(
        of: position[axis], from: (column.min() ?? 0) - reach, to: (column.max() ?? 0) + reach)
      images = images.flatMap { image in choices.map { image + [$0] } }
    }
    var sum = 0.0
    for image in images {
      for i in masses.indices { sum += masses[i] * kernelValue(image, point: i) }
    }
    return sum / norm
  }

  /// The density on a grid, the last axis fastest.
  public func values(on grid: DensityGrid) -> [Double] {
    precondition(grid.dimensions == dimensions)
    return (0..<grid.count).map { value(at: grid.position($0)) }
  }

  /// K(u) with L u = x - x_i, L the lower Cholesky factor of the bandwidth.
  private func kernelValue(_ x: [Double], point: Int) -> Double {
    var u = [Double](repeating: 0, count: dimensions)
    for row in 0..<dimensions {
      var rest = x[row] - points[point * dimensions + row]
      for column in 0..<row { rest -= whitening[row, column] * u[column] }
      u[row] = rest / whitening[row, row]
    }
    if kernel == .gaussian {
      let square = u.reduce(0) { $0 + $1 * $1 }
      return exp(-square / 2) / pow(2 * .pi, Double(dimensions) / 2)
    }
    return u.reduce(1) { $0 * kernel.value($1) }
  }
}

extension SmoothingKernel {
  /// The kernel of bandwidth 1 at `u`.
  public func value(_ u: Double) -> Double {
    if self == .gaussian { return exp(-u * u / 2) / (2 * .pi).squareRoot() }
    let t = abs(u) / support
    guard t <= 1 else { return 0 }
    switch self {
    case .gaussian: preconditionFailure("the Gaussian has no support")
    case .epanechnikov: return 0.75 * (1 - t * t) / support
    case .triangular: return (1 - t) / support
    case .biweight: return 0.9375 * (1 - t * t) * (1 - t * t) / support
    case .box: return (t < 1 ? 0.5 : 0.25) / support
    }
  }
}

extension DensityGrid {
  /// The coordinates of grid point `index`, the last axis fastest.
  package func position(_ index: Int) -> [Double] {
    var rest = index
    var position = [Double](repeating: 0, count: dimensions)
    for axis in (0..<dimensions).reversed() {
      position[axis] = axes[axis].coordinate(rest % axes[axis].count)
      rest /= axes[axis].count
    }
    return position
  }
}
