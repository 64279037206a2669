import Density
import Diagnostics
import LinearAlgebra
import Testing

/// The sentence with which `body` fails, or why there is none.
private func sentence(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch let diagnostic as Diagnostic {
    return diagnostic.description
  } catch {
    return "another error: \(error)"
  }
}

struct DiagnosticTests {
  @Test func emptySample() {
    #expect(
      sentence { _ = try WeightedSample<Double>(points: []) }
        == "a density needs at least one point; the sample is empty")
  }

  @Test func coordinatesThatAreNotFinite() {
    #expect(
      sentence { _ = try WeightedSample<Double>(points: [1, 2, 3, .nan], dimensions: 2) }
        == "coordinate 1 of point 1 is nan; densities need finite coordinates")
  }

  @Test func negativeMass() {
    #expect(
      sentence { _ = try WeightedSample<Double>(points: [1, 2], masses: [1, -0.5]) }
        == "the mass of point 1 is -0.5; masses are finite and not negative")
  }

  @Test func noMass() {
    #expect(
      sentence { _ = try WeightedSample<Double>(points: [1, 2], masses: [0, 0]) }
        == "all masses of the sample are 0; at least one must be positive")
  }

  @Test func gridOfOnePoint() {
    #expect(
      sentence { _ = try DensityGrid.Axis(lower: 0, upper: 1, count: 1) }
        == "a grid of 1 point has no spacing; each axis needs at least 2")
  }

  @Test func emptyGrid() {
    #expect(
      sentence { _ = try DensityGrid.Axis(lower: 1, upper: 1, count: 5) }
        == "a grid from 1.0 to 1.0 is empty; the bounds must be finite and ascending")
  }

  @Test func bandwidthZero() {
    #expect(
      sentence { _ = try Bandwidth(0) }
        == "the bandwidth of axis 0 is 0.0; bandwidths are positive")
  }

  @Test func indefiniteBandwidth() {
    let matrix = Matrix(rows: 2, columns: 2, elements: [1.0, 2, 2, 1])
    #expect(
      sentence { _ = try Bandwidth(covariance: matrix) }
        == "the bandwidth matrix [1.0, 2.0, 2.0, 1.0] is not positive definite")
  }

  @Test(arguments: BandwidthRule.allCases) func constantSample(rule: BandwidthRule) throws {
    let sample = try WeightedSample<Double>(points: [3, 3, 3])
    #expect(
      sentence { _ = try rule.bandwidth(of: sample) }
        == "all points have coordinate 0 equal to 3.0; a bandwidth rule needs different values "
        + "(a fixed bandwidth does not)")
  }

  @Test func pointBeyondABoundary() throws {
    let grid = DensityGrid([try .init(lower: 0, upper: 1, count: 5)])
    let estimator = DensityEstimator<Double>(
      grid: grid, bandwidth: try Bandwidth(0.1), boundaries: [Boundary(lower: 0)])
    let sample = try WeightedSample<Double>(points: [0.5, -0.25])
    #expect(
      sentence { try estimator.add(sample) }
        == "coordinate 0 of point 1 is -0.25, below the lower boundary 0.0")
  }

  @Test func densityOfNothing() throws {
    let grid = DensityGrid([try .init(lower: 0, upper: 1, count: 5)])
    let estimator = DensityEstimator<Double>(grid: grid, bandwidth: try Bandwidth(0.1))
    #expect(
      sentence { _ = try estimator.estimate() }
        == "a density needs at least one point; the sample is empty")
  }

  /// A block with a bad point counts in no part.
  @Test func badPointsOfAStream() throws {
    let estimator = DensityEstimator<Float>(
      grid: try grid(0...1, 5), bandwidth: try Bandwidth(0.1))
    func add(_ points: [Float], masses: [Float]? = nil) throws {
      try points.withUnsafeBufferPointer { points in
        guard let masses else { return try estimator.add(points, masses: nil) }
        try masses.withUnsafeBufferPointer { try estimator.add(points, masses: $0) }
      }
    }
    try add([0.5, 0.25])
    let before = try estimator.estimate()
    #expect(
      sentence { try add([0.5, .infinity]) }
        == "coordinate 0 of point 3 is inf; densities need finite coordinates")
    #expect(
      sentence { try add([0.5, 0.7, 0.1], masses: [1, .nan, 1]) }
        == "the mass of point 3 is nan; masses are finite and not negative")
    let after = try estimator.estimate()
    #expect(after.values == before.values)
    #expect(after.provenance?.count == 2)
  }

  @Test func noMassInAStream() throws {
    let histogram = HistogramEstimator<Double>(grid: try grid(0...1, 5))
    let (points, masses) = ([0.5], [0.0])
    try points.withUnsafeBufferPointer { points in
      try masses.withUnsafeBufferPointer { try histogram.add(points, masses: $0) }
    }
    #expect(
      sentence { _ = try histogram.estimate() }
        == "all masses of the sample are 0; at least one must be positive")
  }

  /// Equal points make cross-validation prefer bandwidth 0.
  @Test func rulesWithoutSolution() throws {
    let points = (0..<200).map { Double($0 % 4) }
    let sample = try WeightedSample(points: points)
    #expect(
      sentence { _ = try BandwidthRule.leastSquaresCrossValidation.bandwidth(of: sample) }
        == "least-squares cross-validation has no minimum between 0.000732421875 and 0.75 for "
        + "this sample, which may have many equal points or too few; choose another rule")
    #expect(
      sentence { _ = try BandwidthRule.improvedSheatherJones.bandwidth(of: sample) }
        == "the improved Sheather-Jones rule has no solution for this sample of effective size "
        + "200.0; choose another rule")
  }
}
