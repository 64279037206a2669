import Diagnostics
import Foundation
import LinearAlgebra

/// How a bandwidth is chosen from a sample. (A fixed one is a ``Bandwidth`` made by hand.)
///
/// Weights count through the effective sample size n = (sum m)^2 / sum m^2. The bandwidth of c X is
/// c times that of X for every rule.
public enum BandwidthRule: String, Sendable, CaseIterable {
  /// sigma n^(-1 / (d + 4)): Scott, *Multivariate Density Estimation*, 1992, equation 6.42.
  case scott
  /// sigma (4 / (n (d + 2)))^(1 / (d + 4)), optimal for Gaussian laws: Silverman, *Density
  /// Estimation*, 1986, equations 3.28 and 4.14.
  case silverman

  /// The bandwidth that the rule gives for `sample`.
  ///
  /// - Throws: a ``Diagnostic`` where all points agree in a coordinate.
  public func bandwidth<Scalar>(
    of sample: WeightedSample<Scalar>, shape: BandwidthShape = .perAxis
  ) throws -> Bandwidth {
    let statistics = SampleStatistics(sample)
    let covariance = try statistics.covariance()
    let d = sample.dimensions
    let n = statistics.effectiveSize
    let factor =
      switch self {
      case .scott: pow(n, -1 / Double(d + 4))
      case .silverman: pow(4 / (n * Double(d + 2)), 1 / Double(d + 4))
      }
    switch shape {
    case .scalar:
      let trace = (0..<d).reduce(0) { $0 + covariance[$1, $1] }
      return try Bandwidth(factor * (trace / Double(d)).squareRoot(), dimensions: d)
    case .perAxis:
      return try Bandwidth(deviations: (0..<d).map { factor * covariance[$0, $0].squareRoot() })
    case .matrix: return try Bandwidth(covariance: covariance.map { factor * factor * $0 })
    }
  }
}
