import Diagnostics
import Execution
import Foundation
import LinearAlgebra

/// How a bandwidth is chosen from a sample. (A fixed one is a ``Bandwidth`` made by hand.)
///
/// Weights count through the effective sample size n = (sum m)^2 / sum m^2. The bandwidth of c X is
/// c times that of X for every rule. Bandwidths are those of a Gaussian kernel; being standard
/// deviations they serve the other kernels too, nearly optimally (Scott 1992, section 6.2.3.3).
public enum BandwidthRule: String, Sendable, CaseIterable {
  /// sigma n^(-1 / (d + 4)): Scott, *Multivariate Density Estimation*, 1992, equation 6.42.
  case scott
  /// sigma (4 / (n (d + 2)))^(1 / (d + 4)), optimal for Gaussian laws: Silverman, *Density
  /// Estimation*, 1986, equations 3.28 and 4.14.
  case silverman
  /// Botev, Grotowski and Kroese 2010: adapts to several modes.
  case improvedSheatherJones = "improved_sheather_jones"
  /// Leave-one-out least squares.
  case leastSquaresCrossValidation = "least_squares_cross_validation"
  /// Leave-one-out likelihood.
  case likelihoodCrossValidation = "likelihood_cross_validation"

  /// The bandwidth that the rule gives for `sample`.
  ///
  /// The last three rules are rules for one dimension. In d dimensions they are applied along each
  /// axis (``BandwidthShape/perAxis``) or each principal axis (the other shapes, which then turn
  /// with the sample), and the result is multiplied by the ratio of the optimal bandwidths of
  /// Gaussian laws in d and in one dimension, (4 / (n (d + 2)))^(1 / (d + 4)) / (4 / 3n)^(1/5). A
  /// scalar bandwidth is the root of the mean square over the principal axes.
  ///
  /// Cost: Scott and Silverman a few operations a point, the others about that of a density in one
  /// dimension for each axis; the likelihood a hundred times that.
  ///
  /// - Throws: a ``Diagnostic`` where all points agree in a coordinate, or where the rule's equation
  ///   has no solution.
  public func bandwidth<Scalar>(
    of sample: WeightedSample<Scalar>, shape: BandwidthShape = .perAxis,
    workers: Workers = Workers()
  ) throws -> Bandwidth {
    let statistics = SampleStatistics(sample)
    let covariance = try statistics.covariance()
    let d = sample.dimensions
    let n = statistics.effectiveSize
    let normal = pow(4 / (n * Double(d + 2)), 1 / Double(d + 4))
    switch self {
    case .scott: return try Self.scaled(covariance, by: pow(n, -1 / Double(d + 4)), shape: shape)
    case .silverman: return try Self.scaled(covariance, by: normal, shape: shape)
    case .improvedSheatherJones, .leastSquaresCrossValidation, .likelihoodCrossValidation: break
    }
    let factor = d == 1 ? 1 : normal / pow(4 / (3 * n), 0.2)
    let masses = sample.masses.map { $0.map { Double($0) } }
    let directions = try Self.directions(covariance, shape: shape)
    let deviations = try (0..<d).map { row in
      let points = sample.coordinates(along: Array(directions.row(row)))
      let line = LineSample(points, masses: masses, effectiveSize: n)
      return try factor * lineBandwidth(of: line, workers: workers)
    }
    switch shape {
    case .perAxis: return try Bandwidth(deviations: deviations)
    case .scalar:
      let square = deviations.reduce(0) { $0 + $1 * $1 } / Double(d)
      return try Bandwidth(square.squareRoot(), dimensions: d)
    case .matrix:
      var matrix = Matrix(rows: d, columns: d, repeating: 0.0)
      for k in 0..<d {
        for i in 0..<d {
          for j in 0..<d {
            matrix[i, j] += deviations[k] * deviations[k] * directions[k, i] * directions[k, j]
          }
        }
      }
      return try Bandwidth(covariance: matrix)
    }
  }

  private func lineBandwidth(of line: LineSample, workers: Workers) throws -> Double {
    switch self {
    case .scott, .silverman: preconditionFailure("\(self) needs moments alone")
    case .improvedSheatherJones:
      try ImprovedSheatherJones.bandwidth(of: line, workers: workers)
    case .leastSquaresCrossValidation:
      try CrossValidation(line, workers: workers).leastSquares()
    case .likelihoodCrossValidation: try CrossValidation(line, workers: workers).likelihood()
    }
  }

  /// The bandwidth proportional to the sample's covariance, in the given shape.
  private static func scaled(
    _ covariance: Matrix<Double>, by factor: Double, shape: BandwidthShape
  ) throws -> Bandwidth {
    let d = covariance.rows
    switch shape {
    case .scalar:
      let trace = (0..<d).reduce(0) { $0 + covariance[$1, $1] }
      return try Bandwidth(factor * (trace / Double(d)).squareRoot(), dimensions: d)
    case .perAxis:
      return try Bandwidth(deviations: (0..<d).map { factor * covariance[$0, $0].squareRoot() })
    case .matrix: return try Bandwidth(covariance: covariance.map { factor * factor * $0 })
    }
  }

  /// Unit vectors, as rows, along which rules of one dimension are applied.
  private static func directions(
    _ covariance: Matrix<Double>, shape: BandwidthShape
  ) throws -> Matrix<Double> {
    let d = covariance.rows
    if shape == .perAxis || d == 1 {
      var unit = Matrix(rows: d, columns: d, repeating: 0.0)
      for axis in 0..<d { unit[axis, axis] = 1 }
      return unit
    }
    guard let eigen = SymmetricEigen(covariance) else {
      throw Diagnostic(
        .badInput, "the covariance matrix of the sample is not finite; coordinates are too large")
    }
    return eigen.vectors
  }
}

extension WeightedSample {
  /// Scalar products of the points with a direction, in double precision.
  func coordinates(along direction: [Double]) -> [Double] {
    let wide = [Double](unsafeUninitializedCapacity: points.count) { buffer, count in
      Scalar.widen(points, count: points.count, to: buffer.baseAddress!)
      count = points.count
    }
    if direction == [1] { return wide }
    return combine(wide, along: direction)
  }
}

private func combine(_ points: [Double], along direction: [Double]) -> [Double] {
  let d = direction.count
  return (0..<(points.count / d)).map { i in
    (0..<d).reduce(0) { $0 + direction[$1] * points[i * d + $1] }
  }
}
