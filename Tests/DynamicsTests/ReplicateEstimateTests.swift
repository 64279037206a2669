import Foundation
import Measures
import Testing

@testable import Dynamics

/// The mean of replicates, and the bias that halves of two of them show.
@Suite struct ReplicateEstimateTests {
  static let values = 40
  static let replicates = 8

  /// Normal numbers of deviation one, the same for all values of a mode.
  func noise(_ particle: Int, modes: Int) -> [Double] {
    let normals = RandomStream(seed: 3, stream: .syntheticData).normals(modes, particle: particle)
    return (0..<Self.values).map { normals[$0 % modes] }
  }

  /// Replicates of bias b at every value and deviation one, and halves of twice the bias whose means differ from the whole by
  /// noise of a given deviation; the true values are zero.
  func estimate(_ trial: Int, modes: Int, deviation: Double, bias: Double) -> ReplicateEstimate {
    let first = 100 * trial
    let whole = (0..<Self.replicates).map { number in
      noise(first + number, modes: modes).map { $0 + bias }
    }
    let halves = (0..<4).map { number in
      let difference = noise(first + 50 + number / 2, modes: modes)
      return zip(whole[number / 2], difference).map { $0 + bias + deviation * $1 }
    }
    return ReplicateEstimate(whole[...], halves: halves)
  }

  @Test(arguments: [1, 4, 10, 40])
  func modesAreCounted(modes: Int) {
    let trials = 100
    let counted = (0..<trials).map { trial in
      BiasCertainty(
        ArraySlice((0..<Self.replicates).map { noise(100 * trial + $0, modes: modes) })
      ).modes
    }
    // The harmonic mean: squared cosines are 1 / modes on average.
    let mean = Double(trials) / counted.map { 1 / $0 }.reduce(0, +)
    #expect(abs(mean / Double(modes) - 1) < 0.1, "\(mean)")
    if modes == 1 { #expect(counted.allSatisfy { abs($0 - 1) < 1e-9 }) }
  }

  /// Upper 2.5 % points of Fisher's law of equal degrees of freedom, by scipy.stats.f.ppf (1.14).
  @Test(arguments: [
    (1, 647.7890114778442), (2, 39.0), (5, 7.146381828732832), (10, 3.716791864597366),
    (40, 1.8751973768302732),
  ])
  func sureFromTheQuantileOn(modes: Int, quantile: Double) {
    let certainty = BiasCertainty(modes: Double(modes))
    #expect(certainty.isSure(sum: quantile * 1.0001, difference: 1, spread: .infinity))
    #expect(!certainty.isSure(sum: quantile * 0.9999, difference: 1, spread: .infinity))
    #expect(!certainty.isSure(sum: 1, difference: quantile, spread: .infinity))
    #expect(certainty.isSure(sum: 1, difference: 0, spread: .infinity))
    // A quarter of the sum is the squared bias, at most modes / 2 times the spread.
    #expect(certainty.isSure(sum: 1.99 * Double(modes), difference: 0, spread: 1))
    #expect(!certainty.isSure(sum: 2.01 * Double(modes), difference: 0, spread: 1))
  }

  @Test func replicatesThatAgreeSayNothingOfModes() {
    let row = noise(0, modes: 4)
    #expect(BiasCertainty([row, row, row, row]).modes == 1)
    #expect(BiasCertainty([row, noise(1, modes: 4)]).modes == 1)
  }

  /// Stated errors are those that are made, whether there is a bias and however noisy what is known of it is. Subtracting the
  /// estimate wherever it is larger than its noise states 0.41 for an error of 0.64 in the first case.
  @Test(arguments: [
    (1, 1.0, 0.0), (1, 0.3, 0.3), (1, 0.3, 1.0), (3, 1.0, 0.0), (10, 0.3, 1.0), (40, 0.3, 0.3),
    (40, 1.0, 1.0),
  ])
  func statedErrorsAreThoseMade(modes: Int, deviation: Double, bias: Double) {
    let trials = 400
    var (made, stated) = (0.0, 0.0)
    for trial in 0..<trials {
      let estimate = estimate(trial, modes: modes, deviation: deviation, bias: bias)
      made += estimate.values.reduce(0) { $0 + $1 * $1 } / Double(Self.values)
      stated += estimate.variances.reduce(0, +) / Double(Self.values)
    }
    let ratio = (made / stated).squareRoot()
    #expect(ratio > 0.5 && ratio < 1.15, "\(ratio)")
  }

  /// A bias of three standard errors: subtracted where many modes show it, and part of the error where only one does.
  @Test func sureBiasIsSubtracted() throws {
    let clear = estimate(0, modes: 40, deviation: 0.3, bias: 1)
    let mean = clear.values.reduce(0, +) / Double(Self.values)
    #expect(abs(mean) < 0.2)
    #expect(abs(try #require(clear.squaredBias).squareRoot() - 1) < 0.2)
    let kept = (0..<100).compactMap { trial -> ReplicateEstimate? in
      let single = estimate(trial, modes: 1, deviation: 0.3, bias: 1)
      let whole = (0..<Self.replicates).map { noise(100 * trial + $0, modes: 1)[0] + 1 }
      let mean = whole.reduce(0, +) / Double(Self.replicates)
      return abs(single.values[0] - mean) < 1e-12 ? single : nil
    }
    #expect(kept.count > 70)
    for estimate in kept {
      let error = estimate.variances[0].squareRoot()
      #expect(error > 0.5 && abs(estimate.squaredError - error * error) < 1e-12)
    }
  }
}
