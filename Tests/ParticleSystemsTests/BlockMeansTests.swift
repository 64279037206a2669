import Networks
import Testing

@testable import ParticleSystems

/// Means of a piecewise linear activation over the positions of a block of steps.
@Suite struct BlockMeansTests {
  @Test(arguments: [2, 3, 8, 64]) func meansAreThoseOverTheSteps(steps: Int) {
    let slope = 0.1
    var pairs: [(first: Double, change: Double)] = [(0.5, 0), (-0.5, 0)]
    for first in stride(from: -2.0, through: 2, by: 0.37) {
      for change in stride(from: -0.9, through: 0.9, by: 0.113) { pairs.append((first, change)) }
    }
    let shape = BlockShape(rows: 1, points: pairs.count, stride: pairs.count)
    let start = pairs.map(\.first)
    var values = pairs.map { $0.first + $0.change * Double(steps - 1) / 2 }
    var derivatives = pairs.indices.map { 1 + Double($0) }
    BlockMeans<Double>(PointwiseLaw(.leakyReLU(slope: slope)), steps: steps)
      .apply(&values, start: start, &derivatives, shape)
    var crossings = 0
    for i in pairs.indices {
      let (first, change) = pairs[i]
      var (value, derivative) = (0.0, 0.0)
      for k in 0..<steps {
        let z = first + change * Double(k)
        value += (z >= 0 ? z : slope * z) / Double(steps)
        derivative += (z >= 0 ? 1 : slope) / Double(steps)
      }
      #expect(abs(values[i] - value) < 1e-13)
      #expect(abs(derivatives[i] - (1 + Double(i)) * derivative) < 1e-10, "\(first) \(change)")
      if derivative < 0.999, derivative > slope + 1e-3 { crossings += 1 }
    }
    #expect(crossings > 10)
  }
}
