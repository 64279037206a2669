import Foundation
import Testing

@testable import Experiments

/// Numbers of particles of layered limits with a tolerance, on errors that are powers.
@Suite struct LayeredLevelsTests {
  private func simulations(_ rate: Double, _ particles: [Int]) -> [LimitOutcome.Simulation] {
    particles.map { .init(particles: $0, error: pow(Double($0) / 128, -rate)) }
  }

  /// Lines through powers are exact; what noise makes steeper or flatter is not believed.
  @Test(arguments: [(0.7, 0.7), (0.5, 0.5), (1, 1), (0.2, 0.5), (-0.3, 0.5), (2, 1)])
  func rates(_ rate: Double, _ expected: Double) {
    let found = LayeredLevels.rate(simulations(rate, [128, 256, 1024]))
    #expect(abs(found - expected) < 1e-12)
    #expect(LayeredLevels.rate(simulations(rate, [128])) == 0.5)
  }

  /// The mean of simulations by 128, 256 and M particles, weighed by the squares, has an error that falls with M: the
  /// first doubling below the tolerance.
  @Test(arguments: [0.5, 0.8, 1], [0.6, 0.1, 0.003])
  func firstDoublingBelowTheTolerance(_ rate: Double, _ tolerance: Double) {
    let made = simulations(rate, [128, 256])
    let needed = LayeredLevels.needed(after: made, tolerance: tolerance, rate: rate)
    func error(_ particles: Int) -> Double {
      var (squares, total) = (0.0, 0.0)
      for simulation in made + simulations(rate, [particles]) {
        let weight = pow(Double(simulation.particles), 2)
        squares += pow(weight * simulation.error, 2)
        total += weight
      }
      return squares.squareRoot() / total
    }
    #expect(needed >= 512 && error(needed) <= tolerance)
    #expect(needed == 512 || error(needed / 2) > tolerance)
    #expect(LayeredLevels.next(after: 256, needed: needed) == min(needed, 1024))
  }

  /// Out of any reach, but no overflow.
  @Test func endsAnywhere() {
    let made = simulations(0.5, [128, 256])
    #expect(LayeredLevels.needed(after: made, tolerance: 1e-300, rate: 0.5) == 1 << 60)
  }
}
