import Execution
import LinearAlgebra
import Measures
import Networks
import TestSupport
import Testing

@testable import ParticleSystems

@Suite struct MomentMatchingTests {
  static let designs = [
    "moments", "antithetic+moments", "reflected+moments", "quadruples+moments", "sobol+moments",
    "sobol+reflected+moments",
  ]

  /// Standard coordinates: both deviations are one.
  func particles(
    _ name: String, shape: InitialLaw.Shape = .gaussian, outputs: Int, basis: InputBasis,
    count: Int, threads: Int = 2
  ) -> DesignedParticles {
    DesignedParticles(
      law: InitialLaw(
        shape: shape, inputDimension: 1, outputWeightDeviation: 1, inputWeightDeviation: 1),
      design: SampleDesign(name: name)!, basis: basis, outputs: outputs, count: count, seed: 9,
      randomization: 1, workers: Workers(count: threads))
  }

  func basis(points: Int, dimension: Int, span: InputBasis.Span) -> InputBasis {
    InputBasis(
      randomProblem(training: points, test: 2, dimension: dimension),
      architecture: Architecture(activation: .tanh, hasBias: false), span: span)
  }

  func rows(_ particles: DesignedParticles) -> [[Double]] {
    let (outputs, features) = (particles.outputs, particles.features)
    var a = [Double](repeating: 0, count: particles.count * outputs)
    var w = [Double](repeating: 0, count: particles.count * features)
    // In blocks, as simulations fill them.
    let size = 256
    for first in stride(from: 0, to: particles.count, by: size) {
      let count = min(size, particles.count - first)
      a.withUnsafeMutableBufferPointer { a in
        w.withUnsafeMutableBufferPointer { w in
          particles.fill(
            first: first, count: count, outputWeights: a.baseAddress! + first * outputs,
            inputWeights: w.baseAddress! + first * features)
        }
      }
    }
    return (0..<particles.count).map { r in
      Array(a[(r * outputs)..<((r + 1) * outputs)])
        + Array(w[(r * features)..<((r + 1) * features)])
    }
  }

  /// Largest errors of the means and second moments of the leading coordinates.
  func momentErrors(_ rows: [[Double]], coordinates: Int) -> Double {
    var worst = 0.0
    for i in 0..<coordinates {
      let mean = rows.reduce(0) { $0 + $1[i] } / Double(rows.count)
      worst = max(worst, abs(mean))
      for j in 0...i {
        let moment = rows.reduce(0) { $0 + $1[i] * $1[j] } / Double(rows.count)
        worst = max(worst, abs(moment - (i == j ? 1 : 0)))
      }
    }
    return worst
  }

  @Test(arguments: designs, InitialLaw.Shape.allCases)
  func momentsAreExact(name: String, shape: InitialLaw.Shape) throws {
    for (outputs, span) in [
      (1, InputBasis.Span.everything), (3, .trainingInputs), (2, .allInputs),
    ] {
      let basis = basis(points: 7, dimension: 12, span: span)
      let particles = particles(
        name, shape: shape, outputs: outputs, basis: basis, count: 1208)
      let width = outputs + basis.coordinates
      #expect(try #require(particles.moments).coordinates == width)
      let drawn = rows(particles)
      #expect(momentErrors(drawn, coordinates: width) < 1e-12, "\(name) \(span)")
      // Without the matching they are as wrong as samples are.
      let plain = String(
        name.split(separator: "+").filter { $0 != "moments" }.joined(separator: "+"))
      let unmatched = rows(
        self.particles(
          plain.isEmpty ? "independent" : plain, shape: shape, outputs: outputs, basis: basis,
          count: 1208))
      #expect(momentErrors(unmatched, coordinates: width) > 1e-4)
      // The map is close to the identity: particles stay where they were.
      let shift = zip(drawn, unmatched).map { largestDifference($0, $1) }.max()!
      #expect(shift > 1e-4 && shift < 1)
    }
  }

  @Test func symmetriesOutliveTheMap() {
    let basis = basis(points: 7, dimension: 12, span: .trainingInputs)
    for (name, group, signs) in [
      ("antithetic+moments", 2, [(-1.0, 1.0)]), ("reflected+moments", 2, [(-1, -1)]),
      ("quadruples+moments", 4, [(-1, 1), (1, -1), (-1, -1)]),
    ] {
      let drawn = rows(particles(name, outputs: 2, basis: basis, count: 400))
      for first in stride(from: 0, to: 400, by: group) {
        for (image, sign) in signs.enumerated() {
          let expected = drawn[first].enumerated().map { $1 * ($0 < 2 ? sign.0 : sign.1) }
          let row = drawn[first + image + 1]
          if name.hasPrefix("antithetic") {
            // The mean of w is subtracted from both.
            #expect(row == expected)
          } else {
            #expect(largestDifference(row, expected) < 1e-13, "\(name)")
          }
        }
      }
    }
  }

  /// Fewer particles than coordinates, and fewer than determine all moments well: the leading ones
  /// are matched.
  @Test(arguments: designs, [4, 8, 64]) func smallSamplesMatchTheLeadingCoordinates(
    name: String, count: Int
  ) throws {
    let particles = particles(
      name, outputs: 1, basis: basis(points: 40, dimension: 30, span: .trainingInputs),
      count: count)
    let drawn = rows(particles)
    #expect(drawn.allSatisfy { $0.allSatisfy(\.isFinite) })
    let matched = try #require(particles.moments).coordinates
    #expect(matched <= max(1, count / 4) && (count < 8 || matched >= 1))
    #expect(momentErrors(drawn, coordinates: matched) < 1e-12)
  }

  private func matching(
    count: Int, width: Int, threads: Int = 1, _ value: @escaping @Sendable (Int, Int) -> Double
  ) -> MomentMatching {
    MomentMatching(
      count: count, outputs: 1, features: width - 1, group: .independent,
      workers: Workers(count: threads),
      fill: { first, count, rows in
        for r in 0..<count {
          for j in 0..<width { rows[r * width + j] = value(first + r, j) }
        }
      })
  }

  @Test func constantCoordinatesEndTheMatching() {
    let stream = RandomStream(seed: 4, stream: .syntheticData)
    // Coordinate 2 of 5 does not vary.
    let matching = matching(count: 500, width: 5) { particle, j in
      j == 2 ? 0.7 : stream.normals(5, particle: particle)[j]
    }
    #expect(matching.coordinates == 2)
    // Nothing varies: nothing is done.
    let constant = self.matching(count: 500, width: 5) { _, _ in 0.7 }
    #expect(constant.coordinates == 0)
    var rows = [1.0, 2, 3, 4, 5]
    constant.apply(to: &rows, count: 1)
    #expect(rows == [1, 2, 3, 4, 5])
    // Coordinates that follow from others end it too.
    let dependent = self.matching(count: 500, width: 5) { particle, j in
      let x = stream.normals(5, particle: particle)
      return j == 3 ? x[0] - x[1] : x[j]
    }
    #expect(dependent.coordinates == 3)
  }

  /// More blocks than stripes, and a last block that is not whole.
  @Test(arguments: ["moments", "sobol+reflected+moments"]) func threadsDoNotChangeABit(name: String)
  {
    let basis = basis(points: 20, dimension: 9, span: .trainingInputs)
    let count = 20 * 512 + 100
    let one = rows(particles(name, outputs: 2, basis: basis, count: count, threads: 1))
    let three = rows(particles(name, outputs: 2, basis: basis, count: count, threads: 3))
    #expect(one == three)
  }
}
