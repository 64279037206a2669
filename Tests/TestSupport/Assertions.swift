/// The largest absolute difference between two sequences of one length.
public func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
  precondition(a.count == b.count, "comparing \(a.count) numbers with \(b.count)")
  var largest = 0.0
  for (x, y) in zip(a, b) {
    // NaN must not pass a comparison of the result with a bound.
    if x.isNaN || y.isNaN { return .infinity }
    largest = max(largest, abs(x - y))
  }
  return largest
}

/// The slope of the least-squares line through the points (log x, log y): the measured order.
public func logLogSlope(_ x: [Double], _ y: [Double]) -> Double {
  precondition(x.count == y.count && x.count > 1)
  let u = x.map { logarithm($0) }
  let v = y.map { logarithm($0) }
  let meanU = u.reduce(0, +) / Double(u.count)
  let meanV = v.reduce(0, +) / Double(v.count)
  var covariance = 0.0
  var variance = 0.0
  for (s, t) in zip(u, v) {
    covariance += (s - meanU) * (t - meanV)
    variance += (s - meanU) * (s - meanU)
  }
  return covariance / variance
}
