import Execution
import Foundation
import LinearAlgebra
import Networks

/// Expansions of phi(s z) and phi'(s z), z standard normal, in orthonormal Hermite polynomials h_k,
/// one for each of many points with deviations s: kernels of activations without closed form at the
/// cost of a polynomial a pair.
///
/// For standard normals of correlation rho, E[h_k h_l] = rho^k where k = l, else 0 (Mehler), so
///
///     E[phi(u) phi(v)] = sum_k c_k(s) c_k(s') rho^k,    c_k(s) = E[phi(s z) h_k(z)]
///
/// and the terms from K on are at most |rho|^K sqrt(T T') by Cauchy and Schwarz, with the tails
/// T = E[phi(s z)^2] - sum_{k < K} c_k^2 known: an error bound, not an estimate, but for the
/// quadrature of the c_k. For tanh c_k falls like exp(-sqrt(2 k) pi / (2 s)): a slow series where
/// variances are large and points nearly collinear. There ``values(_:_:pair:)`` declines, and the
/// caller integrates in the plane (``QuadratureDual``).
///
/// Cost: 0.4 million operations of matrix products and 4 KiB a point; about 1,000 operations a
/// pair, against 0.1 to 20 ms in the plane.
struct HermiteSeries: Sendable {
  /// K.
  static let terms = 256
  private static let spacing = 1 / 16.0
  /// h_k(z) times the normal density is below exp(-z^2 / 4): 1e-17 here.
  private static let cutoff = 12.5

  private let values: AlignedBuffer<Double>
  private let derivatives: AlignedBuffer<Double>
  private let tails: [Tail]

  /// What the first K terms leave of E[phi^2] and E[phi'^2], and those two; whether the quadrature
  /// resolves phi(s z).
  private struct Tail: Sendable {
    var value = 0.0
    var derivative = 0.0
    var valueSquare = 0.0
    var derivativeSquare = 0.0
    var isResolved = false
  }

  init(_ activation: Activation, variances: [Double], workers: Workers) {
    let reach = Int(Self.cutoff / Self.spacing)
    let nodes = (-reach...reach).map { Double($0) * Self.spacing }
    let density = Self.spacing / (2 * Double.pi).squareRoot()
    let weights = nodes.map { density * exp(-$0 * $0 / 2) }
    let basis = Self.weightedBasis(nodes, weights)
    let values = AlignedBuffer<Double>(count: variances.count * Self.terms, repeating: 0)
    let derivatives = AlignedBuffer<Double>(count: variances.count * Self.terms, repeating: 0)
    let tails = AlignedBuffer<Tail>(count: variances.count, repeating: Tail())
    let block = 64
    let samples = AlignedBuffer<Double>(
      count: workers.count * 2 * block * nodes.count, repeating: 0)
    workers.forEach((variances.count + block - 1) / block) { index, worker in
      let first = index * block
      let count = min(block, variances.count - first)
      let phi = samples.base + worker * 2 * block * nodes.count
      let dphi = phi + block * nodes.count
      for i in 0..<count {
        let deviation = variances[first + i].squareRoot()
        for (j, z) in nodes.enumerated() {
          phi[i * nodes.count + j] = activation.value(deviation * z)
          dphi[i * nodes.count + j] = activation.derivative(deviation * z)
        }
      }
      for (source, target) in [(phi, values), (dphi, derivatives)] {
        Double.multiply(
          source, transposed: false, leading: nodes.count, basis, transposed: true,
          leading: nodes.count, into: target.base + first * Self.terms, leading: Self.terms,
          m: count, n: Self.terms, k: nodes.count, alpha: 1, beta: 0)
      }
      for i in 0..<count {
        let value = Self.tail(
          phi + i * nodes.count, weights, values.base + (first + i) * Self.terms)
        let derivative = Self.tail(
          dphi + i * nodes.count, weights, derivatives.base + (first + i) * Self.terms)
        tails.base[first + i] = Tail(
          value: value.rest, derivative: derivative.rest, valueSquare: value.square,
          derivativeSquare: derivative.square,
          isResolved: value.isResolved && derivative.isResolved)
      }
    }
    self.values = values
    self.derivatives = derivatives
    self.tails = Array(tails.contents)
  }

  /// Both expectations for points number `i` and `j` with the given covariances, where the error is
  /// below ``QuadratureDual/tolerance`` of the size of the expectations.
  func values(_ i: Int, _ j: Int, pair: PairCovariance) -> DualValues? {
    let (first, second) = (tails[i], tails[j])
    guard first.isResolved, second.isResolved else { return nil }
    let scale = pair.q11.squareRoot() * pair.q22.squareRoot()
    let correlation = scale > 0 ? min(max(pair.q12 / scale, -1), 1) : 0
    let power = pow(abs(correlation), Double(Self.terms))
    let magnitude = max(
      (first.valueSquare * second.valueSquare).squareRoot(),
      (first.derivativeSquare * second.derivativeSquare).squareRoot())
    let tail = max(
      (first.value * second.value).squareRoot(),
      (first.derivative * second.derivative).squareRoot())
    let error = power * tail + 16 * .ulpOfOne * magnitude
    guard error <= QuadratureDual.tolerance * magnitude else { return nil }
    let (c, other) = (values.base + i * Self.terms, values.base + j * Self.terms)
    let (d, otherDerivative) = (
      derivatives.base + i * Self.terms, derivatives.base + j * Self.terms
    )
    var value = 0.0
    var derivative = 0.0
    for k in stride(from: Self.terms - 1, through: 0, by: -1) {
      value = value * correlation + c[k] * other[k]
      derivative = derivative * correlation + d[k] * otherDerivative[k]
    }
    return DualValues(value: value, derivative: derivative, quadratureError: error)
  }

  /// weights[j] h_k(nodes[j]), a row for each k, from
  /// sqrt(k + 1) h_{k+1} = z h_k - sqrt(k) h_{k-1}.
  private static func weightedBasis(_ nodes: [Double], _ weights: [Double]) -> [Double] {
    var basis = [Double](repeating: 0, count: terms * nodes.count)
    for (j, z) in nodes.enumerated() {
      var previous = 0.0
      var current = 1.0
      for k in 0..<terms {
        basis[k * nodes.count + j] = weights[j] * current
        let next = (z * current - Double(k).squareRoot() * previous) / Double(k + 1).squareRoot()
        previous = current
        current = next
      }
    }
    return basis
  }

  /// E[f^2], and what the coefficients leave of it. The function counts as resolved where E[f^2]
  /// from every second node is the same to 1e-8: the error of the trapezoidal rule squares when the
  /// spacing is halved.
  private static func tail(
    _ samples: UnsafePointer<Double>, _ weights: [Double],
    _ coefficients: UnsafePointer<Double>
  ) -> (square: Double, rest: Double, isResolved: Bool) {
    var square = 0.0
    var coarse = 0.0
    for j in weights.indices {
      let term = weights[j] * samples[j] * samples[j]
      square += term
      if j % 2 == 0 { coarse += 2 * term }
    }
    var rest = square
    for k in 0..<terms { rest -= coefficients[k] * coefficients[k] }
    return (square, max(rest, 0), abs(square - coarse) <= 1e-8 * square)
  }
}
