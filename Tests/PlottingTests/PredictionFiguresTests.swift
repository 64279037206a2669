import DataIO
import Foundation
import TestSupport
import Testing

@testable import Plotting

@Suite struct PredictionFiguresTests {
  /// Test labels at the normal quantiles of the shares (i + 1/2) / 100, a law N(0, deviation^2) for each.
  static func record(deviation: Double, times: [Double]) -> PredictionRecord {
    let count = 100
    let labels = (0..<count).map { i -> Double in
      // Newton's iteration for the quantile.
      let share = (Double(i) + 0.5) / Double(count)
      var z = 0.0
      for _ in 0..<60 {
        let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
        z -= max(-0.5, min(0.5, ((1 + erf(z / 2.0.squareRoot())) / 2 - share) / density))
      }
      return z
    }
    func law(_ loss: Double) -> PredictionRecord.FunctionLaw {
      PredictionRecord.FunctionLaw(
        trainingMean: [0, 0], testMean: Array(repeating: 0, count: count),
        trainingDeviation: [1, 1], testDeviation: Array(repeating: deviation, count: count),
        scores: PredictionScores(
          trainingLoss: loss, testLoss: 2 * loss, trainingMemberLoss: 3 * loss,
          testMemberLoss: 4 * loss, trainingAccuracy: .nan, testAccuracy: .nan,
          testDeviation: deviation, testDensityLoss: 1, trainingMemberAccuracy: .nan,
          testMemberAccuracy: .nan))
    }
    return PredictionRecord(
      path: "p.nc", outputs: 1, trainingLabels: [0, 1], testLabels: labels, noiseDeviation: 0,
      times: times, bayesian: law(1), ensembles: times.map { law(1 + $0) })
  }

  /// A law that is the labels' own is calibrated; one of twice the width covers as erf says.
  @Test func calibration() throws {
    for deviation in [1.0, 2] {
      let record = Self.record(deviation: deviation, times: [.infinity])
      let figure = try #require(predictionCalibration(record, FigureLabels(title: "t")))
      let curves = figure.panels[0].curves
      #expect(curves.map(\.label) == ["calibrated", "end of training", "Bayesian network"])
      for curve in curves.dropFirst() {
        for (level, share) in zip(curve.x, curve.y) {
          // The level as a number of the law's deviations, by bisection.
          var (low, high) = (0.0, 40.0)
          for _ in 0..<100 {
            let middle = (low + high) / 2
            if erf(middle / 2.0.squareRoot()) < level { low = middle } else { high = middle }
          }
          #expect(abs(share - erf(deviation * low / 2.0.squareRoot())) < 0.011)
        }
      }
    }
    #expect(
      predictionCalibration(
        Self.record(deviation: 0, times: [1]), FigureLabels(title: "t")) == nil)
  }

  @Test func scoresOverTime() throws {
    let record = Self.record(deviation: 1, times: [0, 1, 10, .infinity])
    let figure = try #require(predictionScores(record, FigureLabels(title: "t")))
    // Regression has no accuracy.
    #expect(figure.panels.map(\.title) == ["(a) loss", "(b) spread"])
    let curves = figure.panels[0].curves
    #expect(curves[0].x == [1, 10] && curves[0].y == [2, 11])
    #expect(curves[2].y == [1, 1])
    #expect(
      predictionScores(
        Self.record(deviation: 1, times: [1, .infinity]), FigureLabels(title: "t")) == nil)
  }

  @Test func pointsAreDrawnWithTheirLabels() throws {
    let record = Self.record(deviation: 1, times: [.infinity])
    let figure = try #require(predictionPoints(record, FigureLabels(title: "t")))
    let curves = figure.panels[1].curves
    #expect(curves[0].x.count == 60 && curves[0].lower.allSatisfy { $0 == -1 })
    #expect(curves[1].y.first == record.testLabels[0] && curves[1].y.last == record.testLabels[99])
    let drawn = try Gnuplot().svgs(figures(record, labels: FigureLabels(title: "t")))
    #expect(drawn.allSatisfy { $0.contains("<svg") } && drawn.count == 2)
  }
}
