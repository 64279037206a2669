/// The difference of one number a network (a loss, an accuracy) from that of the limit, with its
/// error over seeds.
public struct ScalarGap: Sendable, Equatable {
  /// Mean over networks minus the limit (its mean over realizations): positive where the networks'
  /// number is larger.
  public let mean: Double
  /// Of the networks' numbers over seeds, or of the differences where they are paired; divisor n - 1.
  /// `nil` with one seed.
  public let standardDeviation: Double?
  /// Standard error of ``mean`` over seeds (and realizations). `nil` where there is but one of them.
  public let standardError: Double?

  /// Networks beside a limit that does not fluctuate.
  public init(_ values: [Double], deterministicLimit limit: Double) {
    let (mean, variance) = sampleMoments(values)
    self.mean = difference(mean, limit, of: values.map { abs($0) }.max()!)
    standardDeviation = variance?.squareRoot()
    standardError = variance.map { ($0 / Double(values.count)).squareRoot() }
  }

  /// Networks each beside a limit of its own.
  public init(_ values: [Double], pairedLimits limits: [Double]) {
    precondition(values.count == limits.count, "one limit a network")
    let (mean, variance) = sampleMoments(zip(values, limits).map { $0 - $1 })
    self.mean = difference(mean, 0, of: (values + limits).map { abs($0) }.max()!)
    standardDeviation = variance?.squareRoot()
    standardError = variance.map { ($0 / Double(values.count)).squareRoot() }
  }

  /// Networks beside independent realizations of a random limit.
  public init(_ values: [Double], realizations: [Double]) {
    let a = sampleMoments(values)
    let b = sampleMoments(realizations)
    mean = difference(a.mean, b.mean, of: max(abs(a.mean), abs(b.mean)))
    standardDeviation = a.variance?.squareRoot()
    standardError =
      if let v = a.variance, let w = b.variance {
        (v / Double(values.count) + w / Double(realizations.count)).squareRoot()
      } else { nil }
  }
}

/// A difference of means of numbers of a size; zero where it is but their rounding, as that of equal
/// accuracies.
private func difference(_ a: Double, _ b: Double, of size: Double) -> Double {
  abs(a - b) <= 4 * Double.ulpOfOne * size ? 0 : a - b
}

/// Mean and unbiased variance; no variance of one value.
func sampleMoments(_ values: some Collection<Double>) -> (mean: Double, variance: Double?) {
  precondition(!values.isEmpty, "at least one value")
  let center = mean(values)
  var squares = 0.0
  for value in values { squares += (value - center) * (value - center) }
  return (center, values.count > 1 ? squares / Double(values.count - 1) : nil)
}
