import Foundation
import Testing

@testable import ParticleSystems

@Suite struct StudentFactorTests {
  /// One degree of freedom is Cauchy's law, two have t / sqrt(2 + t^2), three
  /// (2 / pi) (theta + sin theta cos theta) at theta = atan(t / sqrt 3).
  @Test(arguments: [0.3, 1, 2.5, 10]) func coverageHasItsClosedForms(t: Double) {
    #expect(abs(studentCoverage(t, degrees: 1) - 2 / .pi * atan(t)) < 1e-15)
    #expect(abs(studentCoverage(t, degrees: 2) - t / (2 + t * t).squareRoot()) < 1e-15)
    let theta = atan(t / 3.0.squareRoot())
    let three = 2 / Double.pi * (theta + sin(theta) * cos(theta))
    #expect(abs(studentCoverage(t, degrees: 3) - three) < 1e-15)
  }

  /// Tabulated quantiles of Student's law, P(|T| <= t) = 0.95 (Abramowitz and Stegun 1964, table 26.10).
  @Test(arguments: [(4, 2.776), (7, 2.365), (10, 2.228), (30, 2.042)])
  func coverageHasTabulatedQuantiles(degrees: Int, quantile: Double) {
    #expect(abs(studentCoverage(quantile, degrees: degrees) - 0.95) < 1e-4)
  }

  @Test func coverageOfTheWidenedErrorsIsAsStated() {
    for (samples, one, two) in [(4, 0.7578, 0.9378), (8, 0.7149, 0.9462)] {
      let factor = studentFactor(samples: samples)
      #expect(abs(studentCoverage(factor, degrees: samples - 1) - one) < 1e-4)
      #expect(abs(studentCoverage(2 * factor, degrees: samples - 1) - two) < 1e-4)
    }
    #expect(abs(studentFactor(samples: 1000) - 1) < 2e-3)
  }
}
