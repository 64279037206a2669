import Diagnostics
import LinearAlgebra

/// Range, mean, covariance and effective size of a weighted sample, gathered block by block.
///
/// Means and covariances are merged by the update of Chan, Golub and LeVeque (1983), which does not
/// cancel. Cost: O(d^2) a point.
public struct SampleStatistics: Sendable {
  /// Coordinates of a point.
  public let dimensions: Int
  /// Points seen, those of mass 0 included.
  public private(set) var count = 0
  /// Sum of the masses.
  public private(set) var mass = 0.0
  /// Sum of the squared masses.
  private(set) var squaredMass = 0.0
  /// Smallest coordinate along each axis.
  public private(set) var minima: [Double]
  /// Largest coordinate along each axis.
  public private(set) var maxima: [Double]
  /// Weighted means.
  public private(set) var means: [Double]
  /// Sums of mass times products of deviations from the means, row-major.
  private var scatter: [Double]

  /// Of no points yet.
  public init(dimensions: Int) {
    precondition((1...3).contains(dimensions))
    self.dimensions = dimensions
    minima = Array(repeating: .infinity, count: dimensions)
    maxima = Array(repeating: -.infinity, count: dimensions)
    means = Array(repeating: 0, count: dimensions)
    scatter = Array(repeating: 0, count: dimensions * dimensions)
  }

  /// Of all points of a sample.
  public init<Scalar>(_ sample: WeightedSample<Scalar>) {
    self.init(dimensions: sample.dimensions)
    sample.points.withUnsafeBufferPointer { points in
      if let masses = sample.masses {
        masses.withUnsafeBufferPointer { add(points, masses: $0) }
      } else {
        add(points)
      }
    }
  }

  /// Adds a block of points (row-major) with their masses, by default 1 each.
  public mutating func add<Scalar: DensityScalar>(
    _ points: UnsafeBufferPointer<Scalar>, masses: UnsafeBufferPointer<Scalar>? = nil
  ) {
    guard let block = PointBlock(points, masses: masses, dimensions: dimensions) else { return }
    // In parts that are converted and then read twice while they are in cache.
    for start in stride(from: 0, to: block.count, by: 1 << 12) {
      block.part(start..<min(start + (1 << 12), block.count)).withDoubles { add($0) }
    }
  }

  private mutating func add(_ block: PointBlock<Double>) {
    let d = dimensions
    var blockMass = 0.0
    var blockSquares = 0.0
    var low = minima
    var high = maxima
    var sums = [Double](repeating: 0, count: d)
    for i in 0..<block.count {
      let m = block.mass(i)
      blockMass += m
      blockSquares += m * m
      for j in 0..<d {
        let x = block.points[i * d + j]
        sums[j] += m * x
        low[j] = min(low[j], x)
        high[j] = max(high[j], x)
      }
    }
    (minima, maxima) = (low, high)
    count += block.count
    squaredMass += blockSquares
    guard blockMass > 0 else { return }
    let blockMeans = sums.map { $0 / blockMass }
    var difference = [Double](repeating: 0, count: d)
    var products = [Double](repeating: 0, count: d * d)
    for i in 0..<block.count {
      let m = block.mass(i)
      for j in 0..<d { difference[j] = block.points[i * d + j] - blockMeans[j] }
      for j in 0..<d {
        for k in 0...j { products[j * d + k] += m * difference[j] * difference[k] }
      }
    }
    let total = mass + blockMass
    let gaps = (0..<d).map { blockMeans[$0] - means[$0] }
    for j in 0..<d {
      for k in 0...j {
        scatter[j * d + k] += products[j * d + k] + gaps[j] * gaps[k] * mass * blockMass / total
      }
      means[j] += gaps[j] * blockMass / total
    }
    mass = total
  }

  /// Kish's effective sample size, (sum m)^2 / sum m^2: the number of equal masses whose mean has
  /// the same variance.
  public var effectiveSize: Double { mass * mass / squaredMass }

  /// The weighted covariance matrix, sum m (x - mean)(x - mean)^T / sum m, with the factor
  /// n / (n - 1) of an unbiased estimate, n the effective size.
  ///
  /// - Throws: a ``Diagnostic`` where the sample is empty or all its points agree in a coordinate.
  public func covariance() throws -> Matrix<Double> {
    guard count > 0 else { throw SampleFault.empty }
    guard mass > 0 else { throw SampleFault.massless }
    for axis in 0..<dimensions where minima[axis] == maxima[axis] || effectiveSize <= 1 {
      throw Diagnostic(
        .badInput,
        "all points have coordinate \(axis) equal to \(means[axis]); a bandwidth rule needs "
          + "different values (a fixed bandwidth does not)")
    }
    let factor = effectiveSize / (effectiveSize - 1) / mass
    var matrix = Matrix(rows: dimensions, columns: dimensions, repeating: 0.0)
    for j in 0..<dimensions {
      for k in 0...j {
        matrix[j, k] = scatter[j * dimensions + k] * factor
        matrix[k, j] = matrix[j, k]
      }
    }
    return matrix
  }
}
