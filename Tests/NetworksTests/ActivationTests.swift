import Networks
import Testing

@Suite struct ActivationTests {
  static let all: [Activation] = [.linear, .relu, .leakyReLU(slope: 0.1), .erf, .tanh, .gelu, .sin]

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

  /// Phi(-10) = 7.619853024160527e-24: far below zero the GELU keeps its relative accuracy.
  @Test func geluFarBelowZero() {
    #expect(abs(Activation.gelu.value(-10) / -7.619853024160527e-23 - 1) < 1e-13)
  }
}
