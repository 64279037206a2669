import Foundation
import LinearAlgebra

/// Kullback-Leibler divergences between the laws that the outputs of networks and of a limit have over
/// seeds, one for every point (and output): the measures of Golikov 2020 (arXiv 2006.06574, Figure 2),
/// for logits with Gaussian fits and for probabilities with Beta fits.
///
/// The divergence is D(limit || network), of the limit relative to the network. A law that does not
/// fluctuate (mean field) is at infinite divergence from any network's: published curves of it are of
/// wide networks in the limit's place, whose variance over seeds is small but not zero, and grow as
/// log(width) / 2 with their width. Here nothing is added unless asked for: `addedVariance` puts a
/// stated variance, of logits, on the limit's.
///
/// The value over few seeds has a sampling floor; see
/// ``GaussianFit/expectedDivergence(count:referenceCount:)`` and ``SamplingFloor``.
public struct PointwiseDivergence: Sendable, Equatable {
  /// In nats; infinite where one of the laws has no variance.
  public let perPoint: [Double]

  init(perPoint: [Double]) {
    precondition(!perPoint.isEmpty, "at least one point")
    self.perPoint = perPoint
  }

  /// Mean over points; infinite as soon as one point's is.
  public var mean: Double { Comparison.mean(perPoint) }

  /// Of Gaussian fits of logits, one fit for every column. `nil` with one seed or one realization.
  ///
  /// - Parameters:
  ///   - limit: a row for every realization, a column for every point and output.
  ///   - networks: a row for every seed.
  ///   - addedVariance: added to the variance of every fit of the limit; 0 regularizes nothing.
  public static func ofLogits(
    limit: Matrix<Double>, networks: Matrix<Double>, addedVariance: Double = 0
  ) -> PointwiseDivergence? {
    precondition(limit.columns == networks.columns, "as many points of limit and networks")
    guard limit.rows > 1 else { return nil }
    let moments = SeedMoments(limit)
    return ofLogits(
      limit: zip(moments.means, moments.variances ?? []).map {
        GaussianFit(mean: $0, variance: $1 + addedVariance)
      }, networks: networks)
  }

  /// The same for a limit whose Gaussian laws are known: of logits that do not fluctuate
  /// (variance 0, or a stated one in its place), or of an initial Gaussian process.
  public static func ofLogits(
    limit: [GaussianFit], networks: Matrix<Double>
  ) -> PointwiseDivergence? {
    precondition(limit.count == networks.columns, "as many points of limit and networks")
    let moments = SeedMoments(networks)
    guard let variances = moments.variances else { return nil }
    return PointwiseDivergence(
      perPoint: limit.indices.map {
        limit[$0].divergence(
          from: GaussianFit(mean: moments.means[$0], variance: variances[$0]))
      })
  }

  /// Of Beta fits of probabilities 1 / (1 + exp(-logit)). `nil` with one seed or one realization.
  ///
  /// - Parameters:
  ///   - limit: logits of two classes, a row for every realization, a column for every point. For
  ///     several outputs see `oneAgainstRestLogits(_:outputs:)`.
  ///   - networks: a row for every seed.
  public static func ofProbabilities(
    limit: Matrix<Double>, networks: Matrix<Double>
  ) -> PointwiseDivergence? {
    precondition(limit.columns == networks.columns, "as many points of limit and networks")
    var result: [Double] = []
    for (p, q) in zip(limit.transposedRows, networks.transposedRows) {
      guard let p = BetaFit(logits: p), let q = BetaFit(logits: q) else { return nil }
      result.append(p.divergence(from: q))
    }
    return PointwiseDivergence(perPoint: result)
  }
}

extension Matrix<Double> {
  /// The columns, one after the other.
  fileprivate var transposedRows: [[Double]] {
    (0..<columns).map { j in (0..<rows).map { elements[$0 * columns + j] } }
  }
}

/// The logits of every class against all others, f_c - log(sum over c' != c of exp f_c'), whose logistic
/// function is the class's softmax probability; `logits[seed, point * outputs + class]`, and so the
/// result.
package func oneAgainstRestLogits(_ logits: Matrix<Double>, outputs: Int) -> Matrix<Double> {
  precondition(outputs > 1 && logits.columns % outputs == 0, "\(outputs) outputs")
  var result = logits
  for first in stride(from: 0, to: logits.elements.count, by: outputs) {
    for c in 0..<outputs {
      let others = (0..<outputs).filter { $0 != c }.map { logits.elements[first + $0] }
      let largest = others.max()!
      let sum = others.reduce(0) { $0 + exp($1 - largest) }
      result.elements[first + c] = logits.elements[first + c] - largest - log(sum)
    }
  }
  return result
}
