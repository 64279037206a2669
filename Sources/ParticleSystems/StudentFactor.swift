import Foundation

/// The factor by which a standard error from few samples is widened so that twice the result covers
/// what two standard deviations of a normal law cover, 95.45 %: half the quantile of Student's law
/// with `samples - 1` degrees of freedom at 97.72 %. It is 1.22 for eight samples and tends to one.
public func studentFactor(samples: Int) -> Double {
  precondition(samples >= 2, "one sample has no spread")
  // P(|T| <= 2) of the normal law is erf(sqrt 2).
  let wanted = erf(2.0.squareRoot())
  var (low, high) = (2.0, 16.0)
  for _ in 0..<60 {
    let middle = (low + high) / 2
    if studentCoverage(middle, degrees: samples - 1) < wanted {
      low = middle
    } else {
      high = middle
    }
  }
  return low / 2
}

/// P(|T| <= t) of Student's law: a finite sum for whole degrees of freedom (Abramowitz and Stegun
/// 1964, 26.7.3 and 26.7.4) with theta = atan(t / sqrt(degrees)).
func studentCoverage(_ t: Double, degrees: Int) -> Double {
  let theta = atan(t / Double(degrees).squareRoot())
  let square = cos(theta) * cos(theta)
  if degrees % 2 == 1 {
    guard degrees > 1 else { return 2 * theta / .pi }
    var term = cos(theta)
    var sum = term
    for k in stride(from: 3, through: degrees - 2, by: 2) {
      term *= square * Double(k - 1) / Double(k)
      sum += term
    }
    return 2 / .pi * (theta + sin(theta) * sum)
  }
  var term = 1.0
  var sum = term
  for k in stride(from: 2, through: degrees - 2, by: 2) {
    term *= square * Double(k - 1) / Double(k)
    sum += term
  }
  return sin(theta) * sum
}
