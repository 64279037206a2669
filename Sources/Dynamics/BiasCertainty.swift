import ParticleSystems

/// How sure the mean of two estimates of a bias is of more than their noise.
///
/// Errors of the values of one simulation depend on each other: where a few modes carry most of them, as where
/// training overshoots, two estimates agree by chance however many values they have. Of n modes of one size the sum
/// and the difference of two estimates have squared norms whose ratio F has Fisher's law of (n, n) degrees of freedom where there
/// is noise alone, and t = (sqrt(F) - 1 / sqrt(F)) sqrt(n) / 2 has Student's law of n (Cacoullos 1965, Journal of the American
/// Statistical Association 60, 528-531).
struct BiasCertainty {
  /// n, 1 where nothing is known of it.
  let modes: Double

  init(modes: Double) { self.modes = modes }

  /// For estimates whose noise is like that of independent simulations, one row each.
  ///
  /// Independent differences of two simulations have squared cosines of 1 / n on average. Cost: the products of all pairs of
  /// up to 16 rows.
  init(_ replicates: ArraySlice<[Double]>) {
    // 16 have 5460 pairs of differences; their number grows with the fourth power.
    let rows = Array(replicates.prefix(16))
    let count = rows.count
    var products = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0...i {
        // Less the first row, which drops out of differences: they would lose their digits against a common mean.
        var sum = 0.0
        for k in rows[i].indices { sum += (rows[i][k] - rows[0][k]) * (rows[j][k] - rows[0][k]) }
        products[i][j] = sum
        products[j][i] = sum
      }
    }
    func norm(_ i: Int, _ j: Int) -> Double {
      products[i][i] + products[j][j] - 2 * products[i][j]
    }
    var (squares, pairs) = (0.0, 0)
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) {
        for k in (i + 1)..<count where k != j {
          for l in (k + 1)..<max(count, k + 1) where l != j {
            let scale = norm(i, j) * norm(k, l)
            guard scale > 0 else { continue }
            let product = products[i][k] - products[i][l] - products[j][k] + products[j][l]
            squares += product * product / scale
            pairs += 1
          }
        }
      }
    }
    modes = squares > 0 ? max(Double(pairs) / squares, 1) : 1
  }

  /// Whether the estimates' mean is more than noise with a probability of 97.5 %, and no larger than simulations that differ as
  /// the replicates do can have.
  ///
  /// The bias is the mean of a quadratic form in the sample's fluctuations, and of n modes of one size that form varies by
  /// sqrt(2 / n) of its mean, so that a bias of more than sqrt(n / 2) deviations of a simulation contradicts the replicates. It comes
  /// up where training overshoots and simulations take one of two branches: by chance the two replicates that have halves are
  /// on one and all of their halves on the other.
  ///
  /// - Parameters:
  ///   - sum: squared norm of the sum of the estimates.
  ///   - difference: of their difference.
  ///   - spread: of a simulation's deviation from the others' mean.
  func isSure(sum: Double, difference: Double, spread: Double) -> Bool {
    guard sum / 4 <= modes / 2 * spread else { return false }
    guard sum > difference else { return false }
    guard difference > 0 else { return true }
    let root = (sum / difference).squareRoot()
    // Whole degrees of freedom, rounded down: the test is the stricter for it.
    let degrees = Int(min(modes, 1000))
    let t = (root - 1 / root) * Double(degrees).squareRoot() / 2
    return studentCoverage(t, degrees: degrees) > 0.95
  }
}
