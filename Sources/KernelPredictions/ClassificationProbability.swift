import Foundation
import LinearAlgebra

extension GaussianPrediction {
  /// For every point the probability that one function classifies it rightly: by the sign of its one output, or by
  /// the largest of several.
  ///
  /// With one output of mean m and deviation s, label y = ±1: Phi(y m / s). With several independent ones of the
  /// same deviation, class c:
  ///
  ///     integral of phi(z) prod_{j != c} Phi(z + (m_c - m_j) / s) dz,
  ///
  /// by the trapezoidal rule. |Phi(x + i y)| and |phi(x + i y)| grow at most like exp(y^2 / 2), so that with C outputs
  /// its error is of the order exp(C y^2 / 2 - 2 pi y / h) for every y, and exp(-2 pi^2 / (C h^2)) for the best one:
  /// 1e-17 for steps h = 0.7 / sqrt(C). Where s = 0, 1 or 0 as the mean is right or wrong; ties are those of
  /// accuracies: a mean of zero counts one half, equal means name the first class.
  ///
  /// Cost: 26 C^(3/2) values of Phi a point.
  ///
  /// - Parameter labels: -1 and 1, or class numbers from 0. One a point.
  public func classificationProbabilities(labels: [Double]) -> [Double] {
    precondition(labels.count == variances.count)
    return labels.indices.map { point in
      let deviation = variances[point].squareRoot()
      let outputs = mean.columns
      if outputs == 1 {
        let margin = labels[point] * mean[point, 0]
        if deviation == 0 { return margin == 0 ? 0.5 : margin > 0 ? 1 : 0 }
        return normalDistribution(margin / deviation)
      }
      let label = Int(labels[point])
      if deviation == 0 {
        var best = 0
        for j in 1..<outputs where mean[point, j] > mean[point, best] { best = j }
        return best == label ? 1 : 0
      }
      let gaps = (0..<outputs).filter { $0 != label }
        .map { (mean[point, label] - mean[point, $0]) / deviation }
      let step = 0.7 / Double(outputs).squareRoot()
      let last = Int(9 / step)
      var sum = 0.0
      for k in -last...last {
        let z = step * Double(k)
        sum += gaps.reduce(exp(-z * z / 2)) { $0 * normalDistribution(z + $1) }
      }
      return min(1, sum * step / (2 * Double.pi).squareRoot())
    }
  }
}

/// Phi.
private func normalDistribution(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }
