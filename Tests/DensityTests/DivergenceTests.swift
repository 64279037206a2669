import Density
import Foundation
import Testing

@Suite struct DivergenceTests {
  func gaussian(_ mean: Double, _ deviation: Double) throws -> DensityEstimate<Double> {
    let axis = try DensityGrid.Axis(lower: -12, upper: 12, count: 961)
    return DensityEstimate(
      grid: DensityGrid([axis]),
      values: axis.coordinates.map {
        exp(-($0 - mean) * ($0 - mean) / (2 * deviation * deviation))
          / (deviation * (2 * Double.pi).squareRoot())
      })
  }

  /// Between N(m, s^2) and N(0, 1): (s^2 + m^2 - 1) / 2 - log s.
  @Test(arguments: [(0.5, 1.0), (0, 0.7), (1, 1.2)])
  func gaussians(mean: Double, deviation: Double) throws {
    let (p, q) = (try gaussian(mean, deviation), try gaussian(0, 1))
    let exact = (deviation * deviation + mean * mean - 1) / 2 - log(deviation)
    let (divergence, beyond) = p.kullbackLeiblerDivergence(from: q)
    #expect(abs(divergence - exact) < 1e-7)
    #expect(beyond < 1e-7)
    #expect(p.kullbackLeiblerDivergence(from: p).divergence == 0)
  }

  /// Rounding errors in the tails change nothing, and what lies beyond q is bounded from below.
  @Test func tails() throws {
    let (p, q) = (try gaussian(0, 1), try gaussian(0.3, 1))
    var state: UInt64 = 1
    func noise() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 11) / 0x1p53 - 0.5) * 1e-14
    }
    let noisy = DensityEstimate(grid: q.grid, values: q.values.map { $0 + noise() })
    let difference =
      p.kullbackLeiblerDivergence(from: noisy).divergence
      - p.kullbackLeiblerDivergence(from: q).divergence
    #expect(abs(difference) < 1e-9)
    let box = DensityEstimate(
      grid: q.grid, values: q.grid.axes[0].coordinates.map { abs($0) <= 0.5 ? 1.0 : 0 })
    let (divergence, beyond) = p.kullbackLeiblerDivergence(from: box)
    // P(|x| > 1/2) = 0.617; every point beyond counts with log(p / 1e-12).
    #expect(abs(beyond - 0.617) < 0.02)
    #expect(divergence > beyond * 24 && divergence < 28)
    #expect(p.kullbackLeiblerDivergence(from: box, accuracy: 0).divergence == .infinity)
  }
}
