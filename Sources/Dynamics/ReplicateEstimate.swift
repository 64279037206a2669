/// The mean of independent simulations of one limit with what is known of its error.
struct ReplicateEstimate {
  /// The mean, less the bias where its estimate is sure enough (``BiasCertainty``) or within the error anyway.
  var values: [Double]
  /// Variance of each value; empty for a single replicate.
  var variances: [Double] = []
  /// Estimated mean square of the bias before its removal, `nil` without halves. Not clipped: noise
  /// may make it negative.
  var squaredBias: Double?
  /// Mean square of the error that is left: variance, and the bias or the noise of its estimate.
  var squaredError = 0.0

  /// - Parameters:
  ///   - replicates: one row each.
  ///   - halves: two rows for each of the first two replicates, simulations by the two halves of
  ///     their particles; empty for no estimate of the bias.
  ///
  /// A simulation by N interacting particles has a bias B / N + O(N^-2), so halves have twice that of
  /// the whole, and D = (mean of the halves) - (whole) estimates it (the jackknife: Quenouille 1956).
  /// Halves and whole are the same particles, so that the noise of first order cancels in D. With
  /// two such differences, the mean of D_1 D_2 over the values is the mean squared bias without the
  /// noise, and that of (D_1 - D_2)^2 / 4 the squared noise of their mean. Where the first is larger the mean of D_1 and D_2 is
  /// subtracted, if it is sure to be more than noise or no larger than the standard error; else it is part of the error.
  /// (Where training overshoots D is as large as replicates differ, and D_1 and D_2 agree by chance: bias that was subtracted
  /// wherever it was larger than the noise made one run in 14 wrong by seven standard errors.)
  init(_ replicates: ArraySlice<[Double]>, halves: [[Double]] = []) {
    let count = Double(replicates.count)
    values = [Double](repeating: 0, count: replicates.first!.count)
    for row in replicates { for i in row.indices { values[i] += row[i] } }
    for i in values.indices { values[i] /= count }
    guard replicates.count > 1 else { return }
    variances = [Double](repeating: 0, count: values.count)
    for row in replicates {
      for i in row.indices { variances[i] += (row[i] - values[i]) * (row[i] - values[i]) }
    }
    for i in variances.indices { variances[i] /= count * (count - 1) }
    guard !values.isEmpty else { return }
    squaredError = variances.reduce(0, +) / Double(values.count)
    if !halves.isEmpty { removeBias(replicates, halves) }
  }

  private mutating func removeBias(_ replicates: ArraySlice<[Double]>, _ halves: [[Double]]) {
    precondition(halves.count == 4)
    let first = replicates.startIndex
    func difference(_ number: Int) -> [Double] {
      values.indices.map {
        (halves[2 * number][$0] + halves[2 * number + 1][$0]) / 2
          - replicates[first + number][$0]
      }
    }
    let (one, two) = (difference(0), difference(1))
    var product = 0.0
    var noise = 0.0
    for i in values.indices {
      product += one[i] * two[i]
      noise += (one[i] - two[i]) * (one[i] - two[i]) / 4
    }
    let bias = product / Double(values.count)
    noise /= Double(values.count)
    squaredBias = bias
    guard bias > noise else {
      squaredError += max(bias, 0)
      return
    }
    let correction = zip(one, two).map { ($0 + $1) / 2 }
    let size = bias + noise
    let isSure = BiasCertainty(replicates).isSure(
      sum: 4 * size, difference: 4 * noise, spread: squaredError * Double(replicates.count))
    if isSure || size <= squaredError {
      for i in values.indices {
        values[i] -= correction[i]
        variances[i] += noise
      }
      squaredError += noise
    } else {
      for i in values.indices { variances[i] += correction[i] * correction[i] }
      squaredError += size
    }
  }

  /// Standard errors, twice which cover 95 %.
  func standardErrors(factor: Double) -> [Double] { variances.map { factor * $0.squareRoot() } }
}
