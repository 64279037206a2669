import Comparison
import Execution
import LinearAlgebra
import Measures
import Testing

/// What several distances share, and errors by leaving one out.
@Suite struct SeveralCloudsTests {
  func cloud(_ count: Int, seed: UInt64, shift: Double) throws -> PointCloud {
    let stream = RandomStream(seed: seed, stream: .networkInputWeights)
    return try PointCloud(
      Matrix(
        rows: count, columns: 3,
        elements: (0..<count).flatMap { r in
          stream.normals(3, particle: r).map { $0 + shift }
        }))
  }

  @Test func pairsOfCloudsAreThoseOfTwo() throws {
    let clouds = [
      try cloud(300, seed: 1, shift: 0), try cloud(200, seed: 2, shift: 0.3),
      try cloud(300, seed: 3, shift: 0),
    ]
    let stream = RandomStream(seed: 4, stream: .slicingDirections)
    let all = try SlicedWasserstein.between(
      clouds, pairs: [(0, 1), (2, 0), (1, 1)], directions: 20, stream: stream,
      workers: Workers(count: 2))
    #expect(
      all[0] == (try SlicedWasserstein(clouds[0], clouds[1], directions: 20, stream: stream)))
    #expect(
      all[1] == (try SlicedWasserstein(clouds[2], clouds[0], directions: 20, stream: stream)))
    #expect(all[2].squared == 0)
    let energy = EnergyDistance(clouds[0], clouds[1])
    let known = EnergyDistance(
      clouds[0], clouds[1], withinFirst: EnergyDistance.meanDistance(within: clouds[0]),
      withinSecond: EnergyDistance.meanDistance(within: clouds[1], workers: Workers(count: 2)))
    #expect(abs(known.squared - energy.squared) < 1e-13)
  }

  /// Of a mean the jackknife is the standard error; of a squared mean it is that of the delta method.
  @Test func jackknife() throws {
    let x = RandomStream(seed: 6, stream: .syntheticData).normals(50, particle: 0).map { $0 + 3 }
    func mean(_ kept: [Int]) -> Double { kept.reduce(0) { $0 + x[$1] } / Double(kept.count) }
    let center = mean(Array(0..<50))
    let variance = x.reduce(0) { $0 + ($1 - center) * ($1 - center) } / 49
    let error = (variance / 50).squareRoot()
    let left = try #require(Jackknife.leavingOneOut(units: 50, mean))
    #expect(abs(Jackknife.standardError(left) - error) < 1e-14)
    let squares = try #require(
      Jackknife.leavingOneOut(units: 50) { mean($0) * mean($0) })
    #expect(abs(Jackknife.standardError(squares) / (2 * center * error) - 1) < 0.02)
    #expect(Jackknife.leavingOneOut(units: 1, mean) == nil)
  }

  /// Means 1 and 0, 2 and 2; standard deviations sqrt 2 and 0, then 0 and sqrt 8.
  @Test func distanceOfGaussianFits() throws {
    let networks = Matrix<Double>(rows: 2, columns: 2, elements: [0, 2, 2, 2])
    let limit = Matrix<Double>(rows: 2, columns: 2, elements: [0, 0, 0, 4])
    let distance = try #require(GaussianLawDistance.rms(networks, limit: limit))
    #expect(abs(distance - ((1.0 + 2 + 0 + 8) / 2).squareRoot()) < 1e-15)
    // One realization does not fluctuate.
    let fixed = Matrix<Double>(rows: 1, columns: 2, elements: [1, 2])
    let toFixed = try #require(GaussianLawDistance.rms(networks, limit: fixed))
    #expect(abs(toFixed - 1) < 1e-15)
    #expect(GaussianLawDistance.rms(fixed, limit: networks) == nil)
  }

  @Test func predictedGaps() {
    func exponents(_ qSigma: Double, _ qEta: Double, corrected: Bool = false) -> ScalingExponents {
      ScalingExponents(
        alpha: qSigma + 0.5, beta: 2 * qSigma + qEta + 1, outputGamma: qSigma + qEta,
        inputGamma: qSigma + qEta, isInitializationCorrected: corrected)
    }
    let meanField = exponents(-1, 1)
    #expect(RateMetric.logitGap.predictedExponent(meanField) == -0.5)
    #expect(RateMetric.tangentKernelGap.predictedExponent(meanField) == -0.5)
    #expect(RateMetric.lossGap.predictedExponent(meanField) == -1)
    #expect(RateMetric.weightLawDistance.predictedExponent(meanField) == -0.5)
    let kernel = exponents(-0.5, 0)
    #expect(RateMetric.logitGap.predictedExponent(kernel) == -0.5)
    #expect(RateMetric.tangentKernelGap.predictedExponent(kernel) == -0.5)
    #expect(RateMetric.lossGap.predictedExponent(kernel) == nil)
    #expect(RateMetric.weightLawDistance.predictedExponent(kernel) == -0.5)
    // gamma = -1/4: the initial function and the increments.
    let between = exponents(-0.75, 0.5)
    #expect(RateMetric.logitGap.predictedExponent(between) == -0.25)
    #expect(RateMetric.weightLawDistance.predictedExponent(between) == -0.25)
    #expect(RateMetric.tangentKernelGap.predictedExponent(between) == nil)
    // Signs of logits.
    let symmetric = exponents(-0.5, 0.5)
    #expect(RateMetric.logitGap.predictedExponent(symmetric) == nil)
    #expect(RateMetric.weightLawDistance.predictedExponent(symmetric) == nil)
    let corrected = exponents(-1, 1, corrected: true)
    #expect(RateMetric.logitGap.predictedExponent(corrected) == -0.5)
    #expect(RateMetric.lossGap.predictedExponent(corrected) == nil)
  }
}
