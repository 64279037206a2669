import Foundation
import LinearAlgebra
import Networks
import Testing

@testable import ParticleSystems

/// tanh, erf and their derivatives as the compiled loops compute them (polynomials without branches
/// in place of the C library), against mpmath and the C library.
@Suite struct VectorizedActivationTests {
  static let activations: [Activation] = [.erf, .tanh]

  /// phi and phi' through the loops: one row with coefficient and gradient 1. The sums start at -0,
  /// the number that changes nothing when phi is added to it.
  func compiled<Scalar: ParticleScalar & BinaryFloatingPoint>(
    _ activation: Activation, _ x: [Scalar]
  ) -> (values: [Scalar], derivatives: [Scalar]) {
    let law = PointwiseLaw<Scalar>(activation)
    let shape = BlockShape(rows: 1, points: x.count, stride: x.count)
    var values = [Scalar](repeating: -0.0, count: x.count)
    Scalar.forward(law, x, shape, coefficients: [1], sums: &values)
    var derivatives = x
    var dots: [Scalar] = [0]
    let ones = [Scalar](repeating: 1, count: x.count)
    Scalar.backward(law, &derivatives, shape, gradient: ones, sums: &dots)
    return (values, derivatives)
  }

  /// Of both signs: evenly spaced to 30, where everything is saturated, and evenly spaced in the
  /// logarithm from the smallest subnormal number on.
  func grid<Scalar: BinaryFloatingPoint>(_: Scalar.Type) -> [Scalar] {
    let count = 60_000
    let lowest = log2(Double(Scalar.leastNonzeroMagnitude))
    return (0..<count).map { i in
      let u = (Double(i) + 0.5) / Double(count)
      let size = i % 2 == 0 ? 30 * u : exp2(lowest + u * (5 - lowest))
      return Scalar(i % 4 < 2 ? size : -size)
    }
  }

  /// |computed - exact| in units in the last place of `exact`; infinite for NaN.
  func units<Scalar: BinaryFloatingPoint>(_ computed: Scalar, _ exact: Double) -> Double {
    let error = abs(Double(computed) - exact) / Double(Scalar(exact).ulp)
    return error.isNaN ? .infinity : error
  }

  /// 2/sqrt(pi) exp(-x^2) with the square in two parts, the first exact: a rounded square costs
  /// hundreds of units.
  func errorFunctionDerivative(_ x: Double) -> Double {
    let high = Double(Float(x))
    return 2 / Double.pi.squareRoot() * exp(-high * high) * exp(-(x - high) * (x + high))
  }

  @Test func doubleMatchesMPMath() {
    for sign in [1.0, -1.0] {
      let x = activationValues.map { sign * $0.0 }
      let tanhs = compiled(.tanh, x)
      let erfs = compiled(.erf, x)
      for (i, exact) in activationValues.enumerated() {
        #expect(units(tanhs.values[i], sign * exact.1) <= 3, "tanh \(x[i])")
        #expect(units(erfs.values[i], sign * exact.2) <= 2, "erf \(x[i])")
        #expect(abs(erfs.values[i] - sign * exact.2) <= 4e-16, "erf \(x[i])")
      }
      for (i, exact) in activationDerivatives.enumerated() {
        #expect(abs(tanhs.derivatives[i] - exact.1) <= 1e-15, "tanh' \(x[i])")
        #expect(units(erfs.derivatives[i], exact.2) <= 3, "erf' \(x[i])")
      }
    }
  }

  /// Bounds: the compiled error and one or two units of the C library.
  @Test func doubleMatchesTheCLibrary() {
    let x = grid(Double.self)
    let tanhs = compiled(.tanh, x)
    let erfs = compiled(.erf, x)
    var worst = (tanh: 0.0, slope: 0.0, erf: 0.0, density: 0.0)
    for (i, z) in x.enumerated() {
      let t = Foundation.tanh(z)
      worst.tanh = max(worst.tanh, units(tanhs.values[i], t))
      worst.slope = max(worst.slope, abs(tanhs.derivatives[i] - (1 - t * t)))
      worst.erf = max(worst.erf, units(erfs.values[i], Foundation.erf(z)))
      worst.density = max(
        worst.density, units(erfs.derivatives[i], errorFunctionDerivative(z)))
    }
    #expect(worst.tanh <= 5)
    #expect(worst.slope <= 2e-15)
    #expect(worst.erf <= 3)
    #expect(worst.density <= 5)
  }

  /// The C library in double precision is exact to single precision.
  @Test func singleMatchesTheCLibrary() {
    let x = grid(Float.self)
    let tanhs = compiled(.tanh, x)
    let erfs = compiled(.erf, x)
    var worst = (tanh: 0.0, slope: 0.0, erf: 0.0, density: 0.0)
    for (i, single) in x.enumerated() {
      let z = Double(single)
      let t = Foundation.tanh(z)
      worst.tanh = max(worst.tanh, units(tanhs.values[i], t))
      worst.slope = max(worst.slope, abs(Double(tanhs.derivatives[i]) - (1 - t * t)))
      worst.erf = max(worst.erf, units(erfs.values[i], Foundation.erf(z)))
      worst.density = max(
        worst.density, units(erfs.derivatives[i], errorFunctionDerivative(z)))
    }
    #expect(worst.tanh <= 3)
    #expect(worst.slope <= 5e-7)
    #expect(worst.erf <= 2)
    #expect(worst.density <= 3)
  }

  /// softplus and its derivative, at the numbers of both grids and far beyond where exp(-|x|) underflows. The derivative is 1 /
  /// (1 + exp(-x)), by the C library from the side that does not cancel.
  @Test func softplusMatchesTheCLibrary() {
    func check<Scalar: ParticleScalar & BinaryFloatingPoint>(_: Scalar.Type, bound: Double) {
      let x = grid(Scalar.self) + [800, -800, 745, -745, -103, 104, 1e30, -1e30]
      let found = compiled(.softplus, x)
      var worst = (value: 0.0, slope: 0.0)
      for (i, scalar) in x.enumerated() {
        let z = Double(scalar)
        let e = exp(-abs(z))
        worst.value = max(worst.value, units(found.values[i], max(z, 0) + log1p(e)))
        worst.slope = max(worst.slope, units(found.derivatives[i], (z >= 0 ? 1 : e) / (1 + e)))
      }
      #expect(worst.value <= bound && worst.slope <= bound, "\(Scalar.self): \(worst)")
    }
    check(Double.self, bound: 5)
    check(Float.self, bound: 3)
    let special = compiled(.softplus, [0, .infinity, -.infinity, .nan] as [Double])
    #expect(abs(special.values[0] - log(2.0)) <= log(2.0).ulp && special.derivatives[0] == 0.5)
    #expect(special.values[1] == .infinity && special.derivatives[1] == 1)
    #expect(special.values[2] == 0 && special.derivatives[2] == 0)
    #expect(special.values[3].isNaN && special.derivatives[3].isNaN)
  }

  func checkSpecialNumbers<Scalar: ParticleScalar & BinaryFloatingPoint>(
    _ activation: Activation, _: Scalar.Type
  ) {
    let huge = Scalar.greatestFiniteMagnitude
    // Long enough that vector instructions, not only the remainder, see every number.
    let x = [[Scalar]](
      repeating: [0, -0.0, huge, -huge, .infinity, -.infinity, .nan, 50, -50], count: 20
    ).flatMap { $0 }
    let (values, derivatives) = compiled(activation, x)
    let atZero: Scalar = activation == .tanh ? 1 : Scalar(2 / Double.pi.squareRoot())
    for (i, z) in x.enumerated() {
      if z.isNaN {
        #expect(values[i].isNaN && derivatives[i].isNaN)
      } else if z == 0 {
        #expect(values[i] == 0 && values[i].sign == z.sign)
        #expect(derivatives[i] == atZero)
      } else {
        #expect(values[i] == (z > 0 ? 1 : -1))
        #expect(derivatives[i] == 0)
      }
    }
  }

  @Test(arguments: activations) func specialNumbers(activation: Activation) {
    checkSpecialNumbers(activation, Double.self)
    checkSpecialNumbers(activation, Float.self)
  }

  func checkPositionAndSign<Scalar: ParticleScalar & BinaryFloatingPoint>(
    _ activation: Activation, _: Scalar.Type
  ) {
    let x = grid(Scalar.self)
    let all = compiled(activation, x)
    let mirrored = compiled(activation, x.map { -$0 })
    #expect(mirrored.values == all.values.map { -$0 })
    #expect(mirrored.derivatives == all.derivatives)
    #expect(all.values.allSatisfy { abs($0) <= 1 })
    for i in stride(from: 0, to: x.count, by: 17) {
      let alone = compiled(activation, [x[i]])
      #expect(alone.values[0] == all.values[i])
      #expect(alone.derivatives[0] == all.derivatives[i])
    }
  }

  /// A number's place in a row (within a vector or in the remainder) must not change a bit, and phi
  /// is odd exactly: antithetic pairs cancel.
  @Test(arguments: activations) func bitsDependOnTheSizeOnly(activation: Activation) {
    checkPositionAndSign(activation, Double.self)
    checkPositionAndSign(activation, Float.self)
  }
}
