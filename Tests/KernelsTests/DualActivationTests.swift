import Kernels
import Networks
import TestSupport
import Testing

@Suite struct DualActivationTests {
  struct Record: Decodable {
    let activation: String
    let q11: Double
    let q12: Double
    let q22: Double
    let value: Double
    let derivative: Double
  }

  /// Against nested adaptive quadrature by another program; its own error is about 1e-13.
  @Test func expectationsMatchAdaptiveQuadrature() throws {
    let records = try fixture("dual_values", as: [Record].self, in: .module)
    #expect(Set(records.map(\.activation)) == Set(activations.map(\.name)))
    for record in records {
      let activation = try #require(activations.first { $0.name == record.activation }).activation
      let dual = DualActivation(activation)
      for pair in [
        PairCovariance(q11: record.q11, q12: record.q12, q22: record.q22),
        PairCovariance(q11: record.q22, q12: record.q12, q22: record.q11),
      ] {
        let values = dual(pair)
        #expect(abs(values.value - record.value) < 1e-11 * (1 + abs(record.value)), "\(record)")
        #expect(
          abs(values.derivative - record.derivative) < 1e-11 * (1 + abs(record.derivative)),
          "\(record)")
        // What a quadrature says about its error is true; closed forms say none.
        #expect(values.quadratureError <= 1e-11)
        #expect(dual.isClosedForm == (values.quadratureError == 0))
      }
    }
  }

  /// d/dq12 E[phi phi] = E[phi' phi'], by central differences of order h^2.
  @Test(arguments: activations.map(\.activation))
  func theDerivativeIsThatOfTheValue(activation: Activation) {
    let dual = DualActivation(activation)
    let h = 1e-4
    for (q11, q12, q22) in [(1.0, 0.3, 2.0), (0.5, -0.4, 1.0), (3.0, 0.0, 0.2)] {
      let above = dual(PairCovariance(q11: q11, q12: q12 + h, q22: q22)).value
      let below = dual(PairCovariance(q11: q11, q12: q12 - h, q22: q22)).value
      let derivative = dual(PairCovariance(q11: q11, q12: q12, q22: q22)).derivative
      #expect(abs((above - below) / (2 * h) - derivative) < 2e-8)
    }
  }

  @Test(arguments: activations.map(\.activation))
  func theOrderOfAPairDoesNotMatter(activation: Activation) {
    let dual = DualActivation(activation)
    let forth = dual(PairCovariance(q11: 0.7, q12: 0.4, q22: 2.5))
    let back = dual(PairCovariance(q11: 2.5, q12: 0.4, q22: 0.7))
    #expect(abs(forth.value - back.value) <= 4 * .ulpOfOne)
    #expect(abs(forth.derivative - back.derivative) <= 4 * .ulpOfOne)
  }

  /// An input of zero: u = 0, so that E[phi phi] = phi(0) E[phi(v)], which is 0 for all but softplus.
  @Test(arguments: activations.map(\.activation).filter { $0.value(0) == 0 }) func zeroInputs(
    activation: Activation
  ) {
    let dual = DualActivation(activation)
    for q in [0, 1e-300, 0.5, 1e6] {
      let values = dual(PairCovariance(q11: 0, q12: 0, q22: q))
      #expect(abs(values.value) <= 1e-13)
      #expect(values.derivative.isFinite && values.derivative >= 0)
    }
    let slopeAtZero = activation.derivative(0)
    let both = dual(PairCovariance(q11: 0, q12: 0, q22: 0))
    #expect(abs(both.derivative - slopeAtZero * slopeAtZero) < 1e-14)
  }

  /// Tiny variances: phi is phi'(0) z + O(z^2), and products of variances underflow.
  @Test func tinyVariances() {
    for scale in [1e-20, 1e-160, 1e-300] {
      let pair = PairCovariance(q11: scale, q12: 0.5 * scale, q22: scale)
      #expect(abs(pair.rootDeterminant / scale - 0.75.squareRoot()) < 1e-15)
      let slopes: [(Activation, Double)] = [
        (.erf, 4 / Double.pi), (.sin, 1), (.gelu, 0.25), (.linear, 1), (.tanh, 1),
      ]
      for (activation, square) in slopes {
        let values = DualActivation(activation)(pair)
        // GELU: the next term, E[u^2 v^2] / (2 pi), is of relative order `scale`.
        #expect(abs(values.value / (0.5 * scale * square) - 1) < 1e-12, "\(activation) \(scale)")
        #expect(abs(values.derivative / square - 1) < 1e-9, "\(activation) \(scale)")
      }
      // Angle pi/3: E[phi' phi'] = 1/2 - 1/6, E[phi phi] = q (sqrt(3)/2 / (2 pi) + 1/2 * 1/3).
      let relu = DualActivation(.relu)(pair)
      #expect(abs(relu.derivative - 1 / 3.0) < 1e-15)
      let exact = 0.75.squareRoot() / (2 * Double.pi) + 1 / 6.0
      #expect(abs(relu.value / scale - exact) < 1e-15)
    }
  }

  /// Large variances: erf becomes the sign, GELU the ReLU; sin averages out but near v = +-u.
  @Test(arguments: [1e12, 1e200]) func largeVariances(scale: Double) {
    let pair = PairCovariance(q11: scale, q12: 0.5 * scale, q22: scale)
    let sign = DualActivation(.erf)(pair)
    #expect(abs(sign.value - 1 / 3.0) < 1e-9)
    #expect(abs(sign.derivative * scale / (2 / Double.pi / 0.75.squareRoot()) - 1) < 1e-9)
    let relu = DualActivation(.relu)(pair)
    let gelu = DualActivation(.gelu)(pair)
    #expect(abs(gelu.value / relu.value - 1) < 1e-9)
    #expect(abs(gelu.derivative / relu.derivative - 1) < 1e-9)
    #expect(DualActivation(.sin)(pair).value == 0)
    let same = DualActivation(.sin)(PairCovariance(variance: scale))
    #expect(same.value == 0.5 && same.derivative == 0.5)
    let opposite = DualActivation(.sin)(PairCovariance(q11: scale, q12: -scale, q22: scale))
    #expect(opposite.value == -0.5 && opposite.derivative == 0.5)
  }

  /// Perfect correlation, of either sign, with variances whose root is not exact: the angle is 0 or
  /// pi to the last bit.
  @Test func perfectCorrelation() {
    for q in [0.1, 0.7, 3.3, 1e-7] {
      let a = 0.1
      let same = DualActivation(.leakyReLU(slope: a))(PairCovariance(q11: q, q12: q, q22: q))
      #expect(abs(same.value - q * (1 + a * a) / 2) <= 4 * .ulpOfOne * q)
      #expect(abs(same.derivative - (1 + a * a) / 2) <= 4 * .ulpOfOne)
      let opposite = DualActivation(.leakyReLU(slope: a))(PairCovariance(q11: q, q12: -q, q22: q))
      #expect(abs(opposite.value + a * q) <= 4 * .ulpOfOne * q)
      #expect(abs(opposite.derivative - a) <= 4 * .ulpOfOne)
      #expect(DualActivation(.relu)(PairCovariance(q11: q, q12: -q, q22: q)).value == 0)
      // What rounding puts beyond +-1 counts as +-1.
      let beyond = PairCovariance(q11: q, q12: q.nextUp, q22: q)
      #expect(beyond.rootDeterminant == 0)
    }
  }
}
