import Foundation
import Measures
import Testing

@testable import Density

/// Modes by prominence: exactly, on densities that are known, and on samples of laws whose number of modes
/// is known.
@Suite struct ModeTests {
  func density(_ values: [Double], shape: [Int]) throws -> DensityEstimate<Double> {
    DensityEstimate(
      grid: DensityGrid(
        try shape.map { try .init(lower: 0, upper: Double($0 - 1), count: $0) }), values: values)
  }

  @Test func prominences() throws {
    // Summits 3, 5 and 2; the pass from 3 to 5 is 1, that from 2 is 1.5.
    let line = try density([0, 3, 1, 5, 1.5, 2, 0], shape: [7])
    #expect(
      summits(of: line.heights, GridNeighbourhood(shape: [7])).sorted { $0.index < $1.index }
        == [Summit(index: 1, pass: 1), Summit(index: 3, pass: 0), Summit(index: 5, pass: 1.5)])
    let modes = line.modes(floor: 0.11)
    #expect(modes.count == 2)
    // Left and right of the highest are 1 and 1.5: the parabola's top is (1.5 - 1)^2 / (8 * 7.5) higher.
    #expect(abs(modes[0].value - (5 + 0.25 / 60)) < 1e-12)
    #expect(modes[0].prominence == modes[0].value)
    #expect(abs(modes[1].prominence - (modes[1].value - 1)) < 1e-12)
    #expect(line.modes(floor: 0.09).count == 3 && line.modes(floor: 0.5).count == 1)
    // A flat top is one mode, a ring of rock around a lake is one as well, diagonals connect.
    #expect(try density([0, 2, 2, 2, 0], shape: [5]).modes().count == 1)
    #expect(try density([2, 2, 2, 2, 1, 2, 2, 2, 2], shape: [3, 3]).modes().count == 1)
    #expect(try density([2, 0, 0, 0, 2, 0, 0, 0, 2], shape: [3, 3]).modes().count == 1)
    #expect(try density([2, 0, 0, 2], shape: [4]).modes().count == 2)
    #expect(try density([0, 0], shape: [2]).modes().isEmpty)
  }

  /// A summit's pass is the highest level whose superlevel set connects it to a higher point, found by
  /// flooding from each point at each level.
  @Test(arguments: [[40], [7, 9], [4, 5, 4]])
  func passesByFlooding(shape: [Int]) {
    let neighbourhood = GridNeighbourhood(shape: shape)
    let count = shape.reduce(1, *)
    let stream = RandomStream(seed: 4, stream: .networkInputWeights)
    for trial in 0..<6 {
      // Whole numbers, so that there are ties, which the order of the grid breaks.
      let heights = stream.normals(count, particle: trial).map { max(0, (3 * $0 + 4).rounded()) }
      func isHigher(_ a: Int, _ b: Int) -> Bool {
        heights[a] > heights[b] || heights[a] == heights[b] && a < b
      }
      /// The highest level at which the point is connected to a higher one.
      func pass(_ start: Int) -> Double {
        for level in Set(heights).sorted(by: >) where level > 0 && level <= heights[start] {
          var reached: Set<Int> = [start]
          var open = [start]
          while let point = open.popLast() {
            neighbourhood.forEachNeighbour(of: point) { other in
              if heights[other] >= level, reached.insert(other).inserted { open.append(other) }
            }
          }
          if reached.contains(where: { isHigher($0, start) }) { return level }
        }
        return 0
      }
      let found = summits(of: heights, neighbourhood)
      for summit in found { #expect(summit.pass == pass(summit.index)) }
      // Every point below its pass is no summit; all that rise above theirs are found.
      let rising = (0..<count).filter { heights[$0] > 0 && pass($0) < heights[$0] }
      #expect(Set(rising).isSubset(of: Set(found.map(\.index))))
      #expect(rising.count > 1)
    }
  }

  func modes(
    _ points: [Double], dimensions: Int = 1, bandwidth: Bandwidth? = nil,
    kernel: SmoothingKernel = .gaussian
  ) throws -> [DensityEstimate<Double>.Mode] {
    let sample = try WeightedSample(points: points, dimensions: dimensions)
    let rule = dimensions == 1 ? BandwidthRule.improvedSheatherJones : .silverman
    let bandwidth = try bandwidth ?? rule.bandwidth(of: sample)
    let grid = try DensityGrid.covering(
      [SampleStatistics(sample)], bandwidths: [bandwidth],
      counts: Array(repeating: [1: 1024, 2: 128, 3: 40][dimensions]!, count: dimensions))
    return try DensityEstimator.estimate(
      sample, grid: grid, bandwidth: bandwidth, kernel: kernel
    ).modes()
  }

  /// Normal draws, of which whole numbers of blocks are moved to the given centres.
  func mixture(_ centres: [[Double]], each count: Int, seed: UInt64) -> [Double] {
    let stream = RandomStream(seed: seed, stream: .networkInputWeights)
    return centres.enumerated().flatMap { number, centre in
      (0..<count).flatMap { i in
        zip(stream.normals(centre.count, particle: number * count + i), centre).map { $0 + $1 }
      }
    }
  }

  /// The law of the initial output weights: flat between two steep sides, with maxima everywhere.
  @Test(arguments: [SmoothingKernel.gaussian, .epanechnikov, .box])
  func uniform(kernel: SmoothingKernel) throws {
    let stream = RandomStream(seed: 2, stream: .networkInputWeights)
    let points = (0..<20_000).map { i in
      // Phi(z) is uniform.
      erfc(-stream.normals(1, particle: i)[0] / 2.0.squareRoot()) - 1
    }
    #expect(try modes(points, kernel: kernel).count == 1)
  }

  @Test func twoFarGaussians() throws {
    let found = try modes(mixture([[-3], [3]], each: 2000, seed: 5))
    #expect(found.count == 2)
    let places = found.map { $0.position[0] }.sorted()
    #expect(abs(places[0] + 3) < 0.3 && abs(places[1] - 3) < 0.3)
    // The pass between them is low.
    #expect(found.allSatisfy { $0.prominence > 0.8 * $0.value })
  }

  @Test func threeInThePlane() throws {
    let centres = [[0.0, 0], [6, 0], [3, 6]]
    let found = try modes(mixture(centres, each: 3000, seed: 6), dimensions: 2)
    #expect(found.count == 3)
    for centre in centres {
      #expect(
        found.contains { hypot($0.position[0] - centre[0], $0.position[1] - centre[1]) < 0.5 })
    }
  }

  @Test func twoInSpace() throws {
    let found = try modes(mixture([[0, 0, 0], [5, 5, 0]], each: 3000, seed: 7), dimensions: 3)
    #expect(found.count == 2)
  }

  /// A bandwidth far too narrow makes maxima by the dozen, none of them of the law.
  @Test func noise() throws {
    var wrong = 0
    for seed in 0..<40 {
      let points = mixture([[0]], each: 2000, seed: UInt64(100 + seed))
      let sample = try WeightedSample(points: points)
      let narrow = try Bandwidth(0.04)
      let grid = try DensityGrid.covering(
        [SampleStatistics(sample)], bandwidths: [narrow], counts: [1024])
      let density = try DensityEstimator.estimate(sample, grid: grid, bandwidth: narrow)
      #expect(DensityEstimate(grid: grid, values: density.values).modes(floor: 0.01).count > 8)
      if density.modes().count != 1 { wrong += 1 }
    }
    // The risk is 5 %: more than 6 of 40 come with a probability of 0.3 %.
    #expect(wrong <= 6, "\(wrong)")
    // The same of histograms, whose bins are the noise.
    let points = mixture([[0]], each: 2000, seed: 99)
    let grid = DensityGrid([try .init(lower: -5, upper: 5, count: 200)])
    let histogram = HistogramEstimator<Double>(grid: grid)
    try points.withUnsafeBufferPointer { try histogram.add($0, masses: nil) }
    let estimate = try histogram.estimate()
    #expect(estimate.modes().count == 1)
    #expect(DensityEstimate(grid: grid, values: estimate.values).modes().count > 8)
  }

  /// The integral of the squared kernel, by a sum.
  @Test(arguments: SmoothingKernel.allCases)
  func roughness(kernel: SmoothingKernel) throws {
    let estimate = try DensityEstimator.estimate(
      WeightedSample(points: [0.0]),
      grid: DensityGrid([.init(lower: -8, upper: 8, count: 16001)]), bandwidth: Bandwidth(1),
      kernel: kernel)
    let sum = estimate.values.reduce(0) { $0 + $1 * $1 } * 0.001
    #expect(abs(sum / kernel.roughness(dimensions: 1) - 1) < 1e-3)
    #expect(
      abs(kernel.roughness(dimensions: 3) / pow(kernel.roughness(dimensions: 1), 3) - 1) < 1e-14)
  }
}
