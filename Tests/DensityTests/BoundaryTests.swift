import Density
import LinearAlgebra
import TestSupport
import Testing

struct BoundaryTests {
  private let bounds: [Boundary] = [
    Boundary(lower: 0), Boundary(upper: 1), Boundary(lower: 0, upper: 1),
    Boundary(lower: -0.03, upper: 1.2),
  ]

  @Test(arguments: [0.25, 2, 8, 64]) func againstTheDirectSum(spacings: Double) throws {
    for boundary in bounds {
      for kernel in [SmoothingKernel.gaussian, .triangular] {
        #expect(
          try differenceFromDirectSum(
            randomSample(50, dimensions: 1), grid: grid(0...1, 65),
            bandwidth: Bandwidth(spacings / 64), kernel: kernel, boundaries: [boundary]) < 1e-12)
      }
    }
  }

  @Test(arguments: [0.25, 2.5]) func turnedKernels(spacings: Double) throws {
    let h = spacings / 16
    let bandwidth = try Bandwidth(
      covariance: Matrix(
        rows: 2, columns: 2, elements: [h * h, 0.8 * h * h, 0.8 * h * h, 2 * h * h]))
    #expect(
      try differenceFromDirectSum(
        randomSample(30, dimensions: 2), grid: grid(0...1, 17, 15), bandwidth: bandwidth,
        boundaries: [Boundary(lower: 0), Boundary(lower: 0, upper: 1)]) < 1e-12)
  }

  /// The direct sum with reflection is the direct sum over the sample and its mirror images.
  @Test func directSumOfMirroredPoints() throws {
    let sample = try WeightedSample<Double>(points: [0.1, 0.4, 0.05], masses: [1, 2, 3])
    let mirrored = try WeightedSample<Double>(
      points: [0.1, 0.4, 0.05, -0.1, -0.4, -0.05], masses: [1, 2, 3, 1, 2, 3])
    let bandwidth = try Bandwidth(0.2)
    let reflected = DirectDensity(sample, bandwidth: bandwidth, boundaries: [Boundary(lower: 0)])
    let both = DirectDensity(mirrored, bandwidth: bandwidth)
    for x in [0, 0.03, 0.2, 0.9] {
      #expect(abs(reflected.value(at: [x]) - 2 * both.value(at: [x])) < 1e-14)
    }
    #expect(reflected.value(at: [-0.1]) == 0)
  }

  /// No mass leaks: the integral stays 1, where it would be 1/2 + ... without the bounds.
  @Test func massIsKept() throws {
    let sample = try randomSample(100, dimensions: 1)
    let within = try DensityEstimator.estimate(
      sample, grid: grid(0...1, 257), bandwidth: Bandwidth(0.1),
      boundaries: [Boundary(lower: 0, upper: 1)])
    let open = try DensityEstimator.estimate(
      sample, grid: grid(0...1, 257), bandwidth: Bandwidth(0.1))
    #expect(abs(within.integral - 1) < 1e-8)
    #expect(open.integral < 0.97)
  }

  /// Grid points out of bounds have density 0.
  @Test func gridBeyondTheBound() throws {
    let estimate = try DensityEstimator.estimate(
      randomSample(20, dimensions: 1), grid: grid(-1...1, 21), bandwidth: Bandwidth(0.3),
      boundaries: [Boundary(lower: 0)])
    #expect(estimate.values[..<10].allSatisfy { $0 == 0 })
    #expect(estimate.values[10...].allSatisfy { $0 > 0 })
  }
}
