import Density
import Execution
import Foundation
import LinearAlgebra
import Measures
import TestSupport
import Testing

/// What holds for every kernel density.
struct EstimateTests {
  @Test(arguments: SmoothingKernel.allCases) func unitIntegral(kernel: SmoothingKernel) throws {
    // Beyond the Gaussian's tail; others vanish there.
    let line = try DensityEstimator.estimate(
      randomSample(50, dimensions: 1), grid: grid(-2...3, 513), bandwidth: Bandwidth(0.2),
      kernel: kernel)
    // The Gaussian's integral is exact; others have kinks or jumps between grid points.
    let tolerance: [SmoothingKernel: Double] = [.gaussian: 1e-13, .biweight: 1e-6, .box: 2e-3]
    #expect(abs(line.integral - 1) < tolerance[kernel] ?? 1e-4)
    let plane = try DensityEstimator.estimate(
      randomSample(50, dimensions: 2), grid: grid(-2...3, 65, 80),
      bandwidth: Bandwidth(
        0.2, dimensions: 2), kernel: kernel)
    #expect(abs(plane.integral - 1) < (kernel == .gaussian ? 1e-12 : 0.03))
  }

  /// The estimate of a sample is the mean of those of its parts, weighted by mass.
  @Test func additivity() throws {
    let sample = try randomSample(400, dimensions: 2)
    let target = try grid(0...1, 32, 32)
    let bandwidth = try Bandwidth(deviations: [0.08, 0.15])
    let whole = try DensityEstimator.estimate(sample, grid: target, bandwidth: bandwidth)
    var sum = [Double](repeating: 0, count: target.count)
    var mass = 0.0
    for part in [0..<150, 150..<151, 151..<400] {
      let some = try WeightedSample(
        points: Array(sample.points[(2 * part.lowerBound)..<(2 * part.upperBound)]), dimensions: 2,
        masses: Array(sample.masses![part]))
      let estimate = try DensityEstimator.estimate(some, grid: target, bandwidth: bandwidth)
      let partMass = try #require(estimate.provenance?.mass)
      for (i, value) in estimate.values.enumerated() { sum[i] += partMass * value }
      mass += partMass
    }
    #expect(largestDifference(whole.values, sum.map { $0 / mass }) < 1e-12 * whole.values.max()!)
  }

  /// Blocks of a stream are one sample.
  @Test func streaming() throws {
    let sample = try randomSample(500, dimensions: 1)
    let target = try grid(-0.2...1.2, 100)
    let bandwidth = try Bandwidth(0.05)
    let whole = try DensityEstimator.estimate(sample, grid: target, bandwidth: bandwidth)
    let stream = DensityEstimator<Double>(grid: target, bandwidth: bandwidth)
    for start in stride(from: 0, to: 500, by: 70) {
      let part = start..<min(start + 70, 500)
      try stream.add(
        WeightedSample(points: Array(sample.points[part]), masses: Array(sample.masses![part])))
    }
    let streamed = try stream.estimate()
    #expect(largestDifference(whole.values, streamed.values) < 1e-13 * whole.values.max()!)
    #expect(streamed.provenance?.count == 500)
  }

  /// Values move and stretch with the sample.
  @Test(arguments: [0.05, 100]) func shiftAndScale(factor: Double) throws {
    let sample = try randomSample(100, dimensions: 1)
    let values = try DensityEstimator.estimate(
      sample, grid: grid(0...1, 50), bandwidth: Bandwidth(0.1)
    ).values
    let moved = try DensityEstimator.estimate(
      WeightedSample(points: sample.points.map { factor * $0 + 2 }, masses: sample.masses),
      grid: grid(2...(2 + factor), 50), bandwidth: Bandwidth(0.1 * factor)
    ).values
    #expect(largestDifference(values, moved.map { $0 * factor }) < 1e-11)
  }

  /// A turned sample has the turned density: values at turned positions, with the turned matrix.
  @Test func rotation() throws {
    let sample = try randomSample(40, dimensions: 2)
    let (c, s) = (cos(0.4), sin(0.4))
    func turn(_ p: [Double]) -> [Double] { [c * p[0] - s * p[1], s * p[0] + c * p[1]] }
    let turned = try WeightedSample(
      points: (0..<40).flatMap { turn([sample.points[2 * $0], sample.points[2 * $0 + 1]]) },
      dimensions: 2, masses: sample.masses)
    let (a, b) = (0.01, 0.03)
    let straight = DensityEstimator<Double>(
      grid: try grid(-1...2, 40, 40), bandwidth: try Bandwidth(deviations: [a, b].map(sqrt)))
    try straight.add(sample)
    let matrix = Matrix(
      rows: 2, columns: 2,
      elements: [
        c * c * a + s * s * b, c * s * (a - b), c * s * (a - b), s * s * a + c * c * b,
      ])
    let oblique = DensityEstimator<Double>(
      grid: try grid(-1...2, 40, 40), bandwidth: try Bandwidth(covariance: matrix))
    try oblique.add(turned)
    let (f, g) = (try #require(try straight.function()), try #require(try oblique.function()))
    for p in [[0.1, 0.2], [0.5, 0.5], [0.9, 0.3], [1, 1]] {
      #expect(abs(f.value(at: p) - g.value(at: turn(p))) < 2e-11)
    }
  }

  /// Between grid points the function is exact.
  @Test func functionsBetweenGridPoints() throws {
    for d in 1...3 {
      let sample = try randomSample(30, dimensions: d)
      let bandwidth = try Bandwidth(0.15, dimensions: d)
      let estimator = DensityEstimator<Double>(
        grid: DensityGrid(try (0..<d).map { _ in try .init(lower: 0, upper: 1, count: 20) }),
        bandwidth: bandwidth)
      try estimator.add(sample)
      let function = try #require(try estimator.function())
      let direct = DirectDensity(sample, bandwidth: bandwidth)
      let peak = direct.value(at: Array(repeating: 0.5, count: d))
      for x in [0.123, 0.5, 0.967] {
        let p = (0..<d).map { x + 0.01 * Double($0) }
        #expect(abs(function.value(at: p) - direct.value(at: p)) < 2e-12 * peak)
      }
      #expect(function.value(at: Array(repeating: 40, count: d)) == 0)
    }
  }

  /// Mirror images count between grid points too.
  @Test func functionsWithBoundaries() throws {
    let sample = try randomSample(30, dimensions: 2)
    let bandwidth = try Bandwidth(deviations: [0.1, 0.7])
    let boundaries = [Boundary(lower: 0), Boundary(lower: -0.1, upper: 1)]
    let estimator = DensityEstimator<Double>(
      grid: try grid(-0.2...1, 25, 30), bandwidth: bandwidth, boundaries: boundaries)
    try estimator.add(sample)
    let function = try #require(try estimator.function())
    let direct = DirectDensity(sample, bandwidth: bandwidth, boundaries: boundaries)
    for p in [[0.001, 0.3], [0.4, 0.99], [0.77, -0.05]] {
      #expect(abs(function.value(at: p) / direct.value(at: p) - 1) < 1e-11)
    }
    #expect(function.value(at: [-0.1, 0.5]) == 0)
  }

  @Test func singlePrecision() throws {
    for d in 1...3 {
      let sample = try randomSample(200, dimensions: d)
      let single = try WeightedSample(
        points: sample.points.map { Float($0) }, dimensions: d,
        masses: sample.masses!.map { Float($0) })
      // The numbers that single precision starts from.
      let double = try WeightedSample(
        points: single.points.map { Double($0) }, dimensions: d,
        masses: single.masses!.map { Double($0) })
      let target = DensityGrid(try (0..<d).map { _ in try .init(lower: 0, upper: 1, count: 16) })
      for spacings in [0.5, 3] {
        let bandwidth = try Bandwidth(spacings / 15, dimensions: d)
        let exact = try DensityEstimator.estimate(double, grid: target, bandwidth: bandwidth)
        let estimator = DensityEstimator<Float>(grid: target, bandwidth: bandwidth)
        try estimator.add(single)
        let values = try estimator.estimate().values.map { Double($0) }
        #expect(
          largestDifference(values, exact.values)
            < estimator.relativeError * exact.values.max()!)
        #expect(estimator.relativeError < 5e-6)
      }
    }
  }

  /// Masses count relative to each other alone, also where their sum overflows single precision.
  @Test func largeMasses() throws {
    let sample = try randomSample(50, dimensions: 2)
    let points = sample.points.map { Float($0) }
    let masses = sample.masses!.map { Float($0) }
    for h in [0.02, 0.2] {
      let values = try [1, 1e38].map { factor in
        try DensityEstimator<Float>.estimate(
          WeightedSample(points: points, dimensions: 2, masses: masses.map { $0 * factor }),
          grid: grid(0...1, 16, 16), bandwidth: Bandwidth(h, dimensions: 2)
        ).values.map { Double($0) }
      }
      #expect(largestDifference(values[0], values[1]) < 4e-6 * values[0].max()!)
    }
  }

  /// The same bits for any number of threads, on every path.
  @Test func threads() throws {
    for d in 1...3 {
      let count = d == 3 ? 20_000 : 60_000
      let sample = try randomSample(count, dimensions: d)
      let target = DensityGrid(try (0..<d).map { _ in try .init(lower: 0, upper: 1, count: 24) })
      for (spacings, kernel) in [
        (0.3, SmoothingKernel.gaussian), (2.5, .gaussian), (1, .epanechnikov),
      ] {
        let bandwidth = try Bandwidth(spacings / 23, dimensions: d)
        let all = try [1, 2, 5].map { threads in
          let estimator = DensityEstimator<Double>(
            grid: target, bandwidth: bandwidth, kernel: kernel, workers: Workers(count: threads))
          try estimator.add(sample)
          return try estimator.estimate()
        }
        #expect(all[0].values == all[1].values)
        #expect(all[0].values == all[2].values)
        #expect(all[0].provenance?.mass == all[2].provenance?.mass)
      }
    }
  }

  /// Several densities at once: planning is locked, transforms run side by side.
  @Test func estimatesAtOnce() throws {
    let sample = try randomSample(300, dimensions: 2)
    let grids = try (0..<8).map { try grid(0...1, 20 + $0, 30) }
    let bandwidth = try Bandwidth(deviations: [0.13, 0.17])
    let alone = try grids.map {
      try DensityEstimator.estimate(sample, grid: $0, bandwidth: bandwidth).values
    }
    let sums = AlignedBuffer(count: 64, repeating: 0.0)
    Workers(count: 8).forEach(64) { piece, _ in
      // Shapes nobody has planned, and those above.
      let h = try? Bandwidth(deviations: [0.13 + 0.01 * Double(piece / 8), 0.17])
      let estimate = h.flatMap {
        try? DensityEstimator.estimate(sample, grid: grids[piece % 8], bandwidth: $0)
      }
      sums.base[piece] = estimate?.values.reduce(0, +) ?? .nan
    }
    for (i, values) in alone.enumerated() { #expect(sums.base[i] == values.reduce(0, +)) }
    #expect(sums.contents.allSatisfy { $0 > 0 })
  }
}
