import Networks
import Testing

@Suite struct ActivationTests {
  static let all: [Activation] = [
    .linear, .relu, .leakyReLU(slope: 0.1), .erf, .tanh, .gelu, .sin, .softplus,
  ]

  @Test(arguments: all) func derivativeMatchesCentralDifferences(_ activation: Activation) {
    let h = 1e-5
    for z in [-2.3, -0.4, 0.3, 1.9] {
      let difference = (activation.value(z + h) - activation.value(z - h)) / (2 * h)
      #expect(abs(activation.derivative(z) - difference) < 1e-9)
    }
  }

  /// Values from tables: erf(1/2) = 0.5204998778130465, tanh(1/2) = 0.46211715726000975,
  /// Phi(1/2) = 0.6914624612740131, sin(1/2) = 0.479425538604203.
  @Test func valuesAtOneHalf() {
    #expect(abs(Activation.erf.value(0.5) - 0.5204998778130465) < 1e-15)
    #expect(abs(Activation.tanh.value(0.5) - 0.46211715726000975) < 1e-15)
    #expect(abs(Activation.gelu.value(0.5) - 0.34573123063700656) < 1e-15)
    #expect(abs(Activation.sin.value(0.5) - 0.479425538604203) < 1e-15)
    #expect(Activation.leakyReLU(slope: 0.1).value(-2) == -0.2)
    #expect(Activation.relu.value(-2) == 0)
    #expect(Activation.linear.value(-2) == -2)
  }

  /// log(1 + e^(1/2)) = 0.9740769841801067; e^-40 far below zero, z itself far above, nothing overflows.
  @Test func softplusEverywhere() {
    let softplus = Activation.softplus
    #expect(abs(softplus.value(0.5) - 0.9740769841801067) < 1e-15)
    #expect(abs(softplus.value(-40) / 4.248354255291589e-18 - 1) < 1e-14)
    #expect(abs(softplus.derivative(-40) / 4.248354255291589e-18 - 1) < 1e-14)
    #expect(softplus.value(1e300) == 1e300 && softplus.value(-1e300) == 0)
    #expect(softplus.derivative(1e300) == 1 && softplus.derivative(-1e300) == 0)
  }

  /// Phi(-10) = 7.619853024160527e-24: far below zero the GELU keeps its relative accuracy.
  @Test func geluFarBelowZero() {
    #expect(abs(Activation.gelu.value(-10) / -7.619853024160527e-23 - 1) < 1e-13)
  }
}
