import Density
import Foundation
import Measures
import TestSupport
import Testing

struct BandwidthTests {
  /// The bandwidth of a Gaussian law that minimizes the asymptotic error: sigma (4 / 3n)^(1/5).
  @Test func sheatherJonesOfAGaussian() throws {
    let n = 1 << 17
    let x = RandomStream(seed: 5, stream: .syntheticData).normals(n, particle: 0)
    let h = try BandwidthRule.improvedSheatherJones.bandwidth(
      of: WeightedSample(points: x)
    ).deviations[0]
    print(h * pow(Double(n), 0.2) / pow(4.0 / 3, 0.2))
    #expect(abs(h * pow(Double(n), 0.2) - pow(4.0 / 3, 0.2)) < 0.03)
    for rule in BandwidthRule.allCases {
      let t = Date()
      print(
        rule, try rule.bandwidth(of: WeightedSample(points: Array(x[..<5000]))).deviations,
        Date().timeIntervalSince(t))
    }
  }
}
