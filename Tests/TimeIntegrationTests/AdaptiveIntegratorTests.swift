import Foundation
import TestSupport
import Testing
import TimeIntegration

@Suite struct AdaptiveIntegratorTests {
  /// The largest error of y at the ends of steps and, by the continuous extension, within them.
  func largestError(
    _ system: VectorSystem, end: Double, tolerance: Double, exact: (Double) -> [Double]
  ) -> (error: Double, record: IntegrationRecord) {
    var integrator = AdaptiveIntegrator(system, end: end, tolerance: tolerance)
    var largest = 0.0
    while let step = integrator.findStep(system) {
      for part in [0.25, 0.5, 0.75] {
        let time = step.start + part * (step.end - step.start)
        largest = max(
          largest, largestDifference(system.state(at: step.weights(at: time)), exact(time)))
      }
      integrator.finish(step, system)
      largest = max(largest, largestDifference(system.state, exact(step.end)))
    }
    #expect(integrator.isAtEnd)
    #expect(
      system.evaluations == 2 + 6 * (integrator.record.accepted + integrator.record.rejected))
    return (largest, integrator.record)
  }

  /// An oscillator of frequencies that change a hundredfold: y' = omega(s) J y, s' = 1.
  func chirp() -> VectorSystem {
    VectorSystem([1, 0, 0]) { y in
      let omega = 1 + 100 * exp(-20 * (y[2] - 2) * (y[2] - 2))
      return [-omega * y[1], omega * y[0], 1]
    }
  }

  func chirpExact(_ t: Double) -> [Double] {
    let angle =
      t + 50 * (Double.pi / 20).squareRoot() * (erf(20.squareRoot() * (t - 2)) + erf(20.squareRoot() * 2))
    return [cos(angle), sin(angle), t]
  }

  @Test func errorsFollowTheToleranceAndStepsItsFifthRoot() {
    let tolerances = [1e-4, 1e-6, 1e-8, 1e-10]
    let results = tolerances.map {
      largestError(chirp(), end: 4, tolerance: $0, exact: chirpExact)
    }
    for (tolerance, result) in zip(tolerances, results) {
      #expect(result.error < 1000 * tolerance, "\(tolerance): \(result.error)")
      #expect(result.record.tolerance == tolerance)
      // The frequency rises a hundredfold while steps are long.
      #expect(result.record.rejected > 0)
    }
    let errors = logLogSlope(tolerances, results.map(\.error))
    #expect(errors > 0.85 && errors < 1.15, "\(errors)")
    let steps = logLogSlope(tolerances, results.map { Double($0.record.accepted) })
    #expect(abs(steps + 0.2) < 0.04, "\(steps)")
  }

  @Test func nothingMovesInOneStepOrFew() {
    let result = largestError(
      VectorSystem([2, -3]) { $0.map { _ in 0 } }, end: 7, tolerance: 1e-9, exact: { _ in [2, -3] })
    #expect(result.error == 0)
    #expect(result.record == IntegrationRecord(tolerance: 1e-9, accepted: 1, rejected: 0))
  }

  /// Explicit steps cannot be longer than the stability limit, about 3.3 over the rate; those beyond
  /// are rejected, and the result stands.
  @Test func fastDecaysLimitTheStep() {
    let result = largestError(
      VectorSystem([1]) { [-100 * $0[0]] }, end: 10, tolerance: 1e-6, exact: { [exp(-100 * $0)] })
    #expect(result.error < 1e-5)
    #expect((200..<600).contains(result.record.accepted), "\(result.record)")
  }

  /// y' = y^2 has no solution beyond t = 1.
  @Test func stepsCollapseWhereTheSolutionEnds() {
    let system = VectorSystem([1], unit: { abs($0[0]) }) { [$0[0] * $0[0]] }
    var integrator = AdaptiveIntegrator(system, end: 2, tolerance: 1e-6)
    while let step = integrator.findStep(system) { integrator.finish(step, system) }
    #expect(!integrator.isAtEnd)
    #expect(abs(integrator.time - 1) < 1e-6, "\(integrator.time)")
    #expect(integrator.record.accepted < 1000)
  }

  @Test(arguments: [Double.nan, .infinity]) func anInitialSlopeThatIsNotFiniteCollapsesAtOnce(
    value: Double
  ) {
    let system = VectorSystem([1]) { _ in [value] }
    var integrator = AdaptiveIntegrator(system, end: 2, tolerance: 1e-6)
    #expect(integrator.findStep(system).map { $0.end } == nil)
    #expect(!integrator.isAtEnd && integrator.time == 0)
    #expect(integrator.record.accepted == 0)
  }

  @Test func integrationsAreCountedTogether() {
    let a = IntegrationRecord(tolerance: 1e-5, accepted: 3, rejected: 1)
    let b = IntegrationRecord(tolerance: 1e-5, accepted: 10, rejected: 2)
    #expect(
      IntegrationRecord(sumOf: [a, b])
        == IntegrationRecord(tolerance: 1e-5, accepted: 13, rejected: 3))
    #expect(IntegrationRecord(sumOf: []) == nil)
  }
}
