import Foundation

/// What a kink adds to a smoothed activation and its squares: the functions E max(T - v, 0)^k of
/// v >= 0, k = 0 (that is P(T > v)), 1 and 2.
///
/// Integrals of y^k f(v + y) over y > 0, f the density of T, by the double exponential rule of
/// Takahasi and Mori (1974), "Double exponential formulas for numerical integration", for a half
/// line: y = exp(pi/2 sinh x) and the trapezoidal rule in x. All terms are positive, so that nothing
/// cancels in heavy or light tails: absolute error below 1e-15. Cost: 269 densities for each v.
struct KinkMoments {
  private let law: SmoothingLaw
  private let nodes: [Double]
  private let weights: [Double]

  init(_ law: SmoothingLaw) {
    self.law = law
    let step = 1.0 / 32
    let x = (-134...134).map { Double($0) * step }
    let nodes = x.map { exp(.pi / 2 * sinh($0)) }
    let raw = zip(x, nodes).map { step * .pi / 2 * cosh($0) * $1 }
    let half = zip(nodes, raw).reduce(0) { $0 + law.unnormalizedDensity($1.0) * $1.1 }
    self.nodes = nodes
    weights = raw.map { $0 / (2 * half) }
  }

  /// E max(T - v, 0)^k for k = 0, 1, 2.
  func callAsFunction(_ v: Double) -> [Double] {
    var sums = [0.0, 0.0, 0.0]
    for (y, weight) in zip(nodes, weights) {
      let share = weight * law.unnormalizedDensity(v + y)
      // Where the density underflows y^2 may overflow.
      if share == 0 { break }
      sums[0] += share
      sums[1] += share * y
      sums[2] += share * y * y
    }
    return sums
  }
}
