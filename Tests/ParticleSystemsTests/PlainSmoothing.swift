import Foundation
import Networks

@testable import ParticleSystems

/// Sixteen-point Gauss-Legendre quadrature on panels: the slow reference of everything that
/// ``SmoothedActivation`` does in closed form.
enum PlainQuadrature {
  /// Nodes and weights on (0, 1): roots of the Legendre polynomial by Newton's method.
  static let rule: [(node: Double, weight: Double)] = (1...16).map { i in
    let n = 16
    var x = cos(.pi * (Double(i) - 0.25) / (Double(n) + 0.5))
    var slope = 0.0
    for _ in 0..<20 {
      var (previous, current) = (1.0, x)
      for k in 2...n {
        (previous, current) = (
          current, (Double(2 * k - 1) * x * current - Double(k - 1) * previous) / Double(k)
        )
      }
      slope = Double(n) * (x * current - previous) / (x * x - 1)
      x -= current / slope
    }
    return ((1 + x) / 2, 1 / ((1 - x * x) * slope * slope))
  }

  /// Nodes and weights of the integral from `from` to `to`, on panels of at most `width`.
  static func nodes(
    from: Double, to: Double, width: Double
  ) -> [(node: Double, weight: Double)] {
    guard to > from else { return [] }
    let panels = Int(((to - from) / width).rounded(.up))
    let length = (to - from) / Double(panels)
    return (0..<panels).flatMap { panel in
      rule.map { (from + length * (Double(panel) + $0.node), length * $0.weight) }
    }
  }
}

/// E phi(x), E phi(x)^2 and E phi'(x)^2, x = z + deviation T, from the definitions: T = sinh s, which
/// takes heavy tails along, with a panel's end at the kink.
func plainMoments(
  _ activation: Activation, _ law: SmoothingLaw, z: Double, deviation: Double
) -> [Double] {
  // E[T^2; |T| > t] falls like t^(-p).
  let reach =
    switch law {
    case .gaussian: 4.5
    case .student(let coordinates): 6 + 40 / Double(coordinates)
    }
  let kink = min(max(asinh(-z / deviation), -reach), reach)
  let nodes =
    PlainQuadrature.nodes(from: -reach, to: kink, width: 0.1)
    + PlainQuadrature.nodes(from: kink, to: reach, width: 0.1)
  var mass = 0.0
  var moments = [0.0, 0.0, 0.0]
  for (s, weight) in nodes {
    let t = sinh(s)
    let share = weight * cosh(s) * law.unnormalizedDensity(t)
    let x = z + deviation * t
    mass += share
    moments[0] += share * activation.value(x)
    moments[1] += share * pow(activation.value(x), 2)
    moments[2] += share * pow(activation.derivative(x), 2)
  }
  return moments.map { $0 / mass }
}

/// The same three numbers of elements z[i] with deviations[i], from the compiled loops.
func compiledMoments<Scalar: SmoothingScalar>(
  _ smoothed: SmoothedActivation<Scalar>, z: [Scalar], deviations: [Scalar]
) -> [[Scalar]] {
  let shape = BlockShape(rows: 1, points: z.count, stride: z.count)
  var values = z
  smoothed.apply(&values, shape, deviations: deviations)
  var squares = [Scalar](repeating: 0, count: z.count)
  var slopes = squares
  smoothed.addTangentSums(
    z, shape, outputWeights: [1], masses: [1], deviations: deviations, valueSums: &squares,
    derivativeSums: &slopes)
  return [values, squares, slopes]
}
