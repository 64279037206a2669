import LinearAlgebra

/// How far the values of finite networks (logits, or entries of tangent kernels) are from those of
/// their limit: root mean squares over all points and outputs, split into the gap of the mean over
/// seeds (bias) and the fluctuation over seeds.
///
/// In a limit whose logits do not fluctuate, such as mean field, the fluctuation is of order d^-1/2
/// and the bias of order d^-1 (propagation of chaos; Mei, Montanari, Nguyen 2018, arXiv 1804.06561).
/// Values that are not finite, of diverged networks, make results that are not finite.
public struct SeedGap: Sendable, Equatable {
  /// Networks (seeds).
  public let seeds: Int
  /// The root mean square over seeds and values of the difference from the limit; between two random
  /// laws, over all pairs of a network and a realization.
  public let rms: Double
  /// The root mean square over values of the difference between the mean over seeds and the limit
  /// (its mean over realizations). It holds the sampling error of the means, of size ``meanGapFloor``.
  public let meanGap: Double
  /// The root mean square over values of the standard deviation over seeds (variances with the
  /// divisor n - 1); of a paired comparison, that of the differences. `nil` with one seed.
  public let fluctuation: Double?
  /// The part of ``meanGap`` that is there without any bias, as the means are over finitely many
  /// seeds (and realizations): sqrt(mean of s^2 / n + s'^2 / n'). `nil` where a variance is unknown.
  public let meanGapFloor: Double?

  /// The mean square of the bias without the sampling error of the means, ``meanGap``^2 -
  /// ``meanGapFloor``^2: unbiased, and so below zero at times where there is no bias to see.
  public var squaredBias: Double? {
    meanGapFloor.map { meanGap * meanGap - $0 * $0 }
  }

  /// Networks beside a limit that does not fluctuate.
  ///
  /// - Parameters:
  ///   - values: a row for every seed, a column for every value.
  ///   - limit: the limit's values.
  public init(_ values: Matrix<Double>, deterministicLimit limit: [Double]) {
    precondition(values.columns == limit.count, "\(values.columns) values, \(limit.count) limits")
    var squares = 0.0
    for seed in 0..<values.rows {
      squares += meanSquare(zip(values.row(seed), limit).map { $0 - $1 })
    }
    let moments = SeedMoments(values)
    seeds = values.rows
    rms = (squares / Double(values.rows)).squareRoot()
    meanGap = meanSquare(zip(moments.means, limit).map { $0 - $1 }).squareRoot()
    fluctuation = moments.variances.map { mean($0).squareRoot() }
    meanGapFloor = fluctuation.map { $0 / Double(moments.seeds).squareRoot() }
  }

  /// Networks each beside a limit of its own: the limit that was given the network's own initial
  /// function.
  ///
  /// - Parameters:
  ///   - values: a row for every seed, a column for every value.
  ///   - limits: the same of the limits, row by row.
  public init(_ values: Matrix<Double>, pairedLimits limits: Matrix<Double>) {
    precondition(
      values.rows == limits.rows && values.columns == limits.columns, "one limit a network")
    let differences = zip(values.elements, limits.elements).map { $0 - $1 }
    self.init(
      Matrix(rows: values.rows, columns: values.columns, elements: differences),
      deterministicLimit: [Double](repeating: 0, count: values.columns))
  }

  /// Networks beside independent realizations of a limit with a random initial function. Here
  /// ``fluctuation`` is that of the networks; the realizations' is that of their own `SeedGap`.
  ///
  /// - Parameters:
  ///   - values: a row for every seed, a column for every value.
  ///   - realizations: a row for every realization.
  public init(_ values: Matrix<Double>, realizations: Matrix<Double>) {
    precondition(values.columns == realizations.columns, "as many values of nets and limit")
    let a = SeedMoments(values)
    let b = SeedMoments(realizations)
    let (n, m) = (Double(a.seeds), Double(b.seeds))
    let gap = meanSquare(zip(a.means, b.means).map { $0 - $1 })
    seeds = a.seeds
    // The mean over all pairs of (x - y)^2 is that of the means plus both mean squared deviations.
    rms = (gap + mean(a.squares) / n + mean(b.squares) / m).squareRoot()
    meanGap = gap.squareRoot()
    fluctuation = a.variances.map { mean($0).squareRoot() }
    meanGapFloor =
      if let v = a.variances, let w = b.variances {
        (mean(v) / n + mean(w) / m).squareRoot()
      } else { nil }
  }
}

/// The norm of `values - limit` over that of `limit`: the relative gap of tangent kernels (all
/// entries, or diagonals). `nil` where the limit is zero throughout.
package func relativeGap(_ values: some Collection<Double>, to limit: some Collection<Double>)
  -> Double?
{
  precondition(values.count == limit.count && !limit.isEmpty)
  let norm = meanSquare(limit)
  guard norm != 0 else { return nil }
  return (meanSquare(zip(values, limit).map { $0 - $1 }) / norm).squareRoot()
}
