import Foundation

/// psi(x) - log(x) for x > 0, psi the derivative of log Gamma, by psi(x) = psi(x + 1) - 1/x and the
/// asymptotic series beyond 10 (DLMF 5.11.2); absolute error about 1e-15 for x >= 1/2.
func digammaMinusLogarithm(_ x: Double) -> Double {
  var shifted = x
  var sum = 0.0
  while shifted < stirlingBound {
    sum -= 1 / shifted
    shifted += 1
  }
  if shifted > x { sum += log(shifted / x) }
  return sum - 1 / (2 * shifted) + stirlingRemainder(shifted).derivative
}

/// Where Stirling's series with the terms below reaches rounding.
let stirlingBound = 10.0

/// r(x) = log Gamma(x) - (x - 1/2) log x + x - log(2 pi) / 2 and r'(x), for x >= ``stirlingBound``:
/// sum over k of B_2k / (2k (2k - 1) x^(2k - 1)) (DLMF 5.11.1); the first term left out is below
/// 1e-17.
func stirlingRemainder(_ x: Double) -> (value: Double, derivative: Double) {
  // B_2k / (2k (2k - 1)).
  let numerators: [Double] = [1, -1, 1, -1, 1, -691, 1, -3617]
  let denominators: [Double] = [12, 360, 1260, 1680, 1188, 360_360, 156, 122_400]
  let inverse = 1 / x
  var value = 0.0
  var derivative = 0.0
  for k in numerators.indices.reversed() {
    let c = numerators[k] / denominators[k]
    value = value * inverse * inverse + c
    derivative = derivative * inverse * inverse + c * Double(2 * k + 1)
  }
  return (value * inverse, -derivative * inverse * inverse)
}
