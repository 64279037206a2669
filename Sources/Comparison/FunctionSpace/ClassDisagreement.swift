import LinearAlgebra

/// The probability that two models name different classes, as a mean over points (Golikov 2020, arXiv
/// 2006.06574).
///
/// The class is the sign of one logit, of which exactly zero names either class half the time, or the
/// largest of several logits, the first of equal ones. `nil` where a logit is not a number.
public enum ClassDisagreement {
  /// Between networks and independent realizations of a limit: the mean over all pairs. A limit that
  /// does not fluctuate has one row; one seed is enough, for a value without an error.
  ///
  /// - Parameter outputs: columns are `point * outputs + output`.
  public static func independent(
    _ networks: Matrix<Double>, _ limit: Matrix<Double>, outputs: Int = 1
  ) -> Double? {
    precondition(networks.columns == limit.columns, "as many points of limit and networks")
    guard let a = ClassShares(networks, outputs: outputs),
      let b = ClassShares(limit, outputs: outputs)
    else { return nil }
    return 1 - mean(zip(a.shares, b.shares).map(agreement))
  }

  /// Between networks and limits of their own, row by row.
  public static func paired(
    _ networks: Matrix<Double>, _ limits: Matrix<Double>, outputs: Int = 1
  ) -> Double? {
    precondition(networks.rows == limits.rows, "one limit a network")
    var sum = 0.0
    for row in 0..<networks.rows {
      func only(_ matrix: Matrix<Double>) -> Matrix<Double> {
        Matrix(rows: 1, columns: matrix.columns, elements: Array(matrix.row(row)))
      }
      guard let value = independent(only(networks), only(limits), outputs: outputs) else {
        return nil
      }
      sum += value
    }
    return sum / Double(networks.rows)
  }

  /// Between two different seeds of the same networks: the floor beside ``independent(_:_:outputs:)``.
  /// The mean over all pairs of different seeds; `nil` with one seed.
  public static func betweenSeeds(_ networks: Matrix<Double>, outputs: Int = 1) -> Double? {
    let n = Double(networks.rows)
    guard n > 1, let all = ClassShares(networks, outputs: outputs) else { return nil }
    // All ordered pairs, less those of a seed with itself: it agrees with itself, but for a logit of
    // zero, which its twin would meet half the time.
    let agreements = zip(all.shares, all.selfAgreement).map { shares, own in
      (agreement(shares, shares) * n * n - own) / (n * (n - 1))
    }
    return 1 - mean(agreements)
  }

  private static func agreement(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}

/// For every point the share of rows that name each class.
private struct ClassShares {
  var shares: [[Double]]
  /// For every point the sum over rows of the probability that a row agrees with an independent copy of
  /// itself.
  var selfAgreement: [Double]

  init?(_ logits: Matrix<Double>, outputs: Int) {
    precondition(outputs >= 1 && logits.columns % outputs == 0, "\(outputs) outputs")
    precondition(logits.rows >= 1 && logits.columns >= 1, "at least one seed and one point")
    let points = logits.columns / outputs
    let weight = 1 / Double(logits.rows)
    shares = Array(repeating: Array(repeating: 0, count: max(outputs, 2)), count: points)
    selfAgreement = Array(repeating: 0, count: points)
    for row in 0..<logits.rows {
      for point in 0..<points {
        let first = row * logits.columns + point * outputs
        let f = logits.elements[first..<(first + outputs)]
        if f.contains(where: \.isNaN) { return nil }
        if outputs == 1, f[first] == 0 {
          shares[point][0] += weight / 2
          shares[point][1] += weight / 2
          selfAgreement[point] += 0.5
        } else {
          let named = outputs == 1 ? (f[first] > 0 ? 1 : 0) : f.firstIndex(of: f.max()!)! - first
          shares[point][named] += weight
          selfAgreement[point] += 1
        }
      }
    }
  }
}
