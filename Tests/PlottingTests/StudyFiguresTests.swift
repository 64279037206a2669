import DataIO
import Foundation
import Testing

@testable import Plotting

@Suite struct StudyFiguresTests {
  /// Accuracies, in per cent: 10 layers + ratio of the mean function of infinite width, 8 less of one network, and 1
  /// more of finite ones.
  static func record(layers: [Int], ratios: [Double], widths: [Int]) -> StudyRecord {
    func scores(_ accuracy: Double) -> StudyScores {
      StudyScores(
        trainingLoss: 0, testLoss: 2, trainingAccuracy: 1, testAccuracy: accuracy / 100)
    }
    func law(_ accuracy: Double) -> StudyRecord.Law {
      StudyRecord.Law(meanFunction: scores(accuracy), one: scores(accuracy - 8))
    }
    let cases = ["ntk", "standard"].flatMap { name in
      layers.flatMap { layer in
        (layer == 1 ? [1] : ratios).map { ratio in
          let value = 10 * Double(layer) + ratio
          return StudyRecord.Case(
            parameterization: name, hiddenLayers: layer, widthRatio: ratio,
            baseWidths: Array(repeating: 8, count: layer), learningRate: 1,
            bayesian: law(value - 2), trained: law(value), end: law(value - 1),
            networks: widths.map { _ in
              StudyRecord.Networks(
                members: [scores(value), scores(value + 2)], meanFunction: scores(value + 2))
            })
        }
      }
    }
    return StudyRecord(
      path: "s.nc", trainingPoints: 8, testPoints: 400, steps: 30, noiseDeviation: 0,
      widths: widths, seeds: 2, cases: cases)
  }

  private func close(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) < 1e-9 }
  }

  @Test func depthsAtTheRatioNearestToOne() throws {
    let record = Self.record(layers: [1, 2, 5], ratios: [0.25, 2, 4], widths: [4, 16])
    let figures = figures(record, labels: FigureLabels(title: "t"))
    #expect(figures.map(\.name) == ["study_depth", "study_width_ratio", "study_width"])
    let panel = figures[0].panels[1]
    #expect(figures[0].panels.count == 2 && panel.title == "(b) standard, ratio of widths 0.25")
    #expect(panel.curves.count == 7)
    #expect(close(panel.curves[1].x, [1, 2, 5]))
    // |0.25 - 1| < |2 - 1|
    #expect(close(panel.curves[0].y, [9, 18.25, 48.25]))
    #expect(close(panel.curves[1].y, [10, 19.25, 49.25]))
    #expect(close(panel.curves[2].y, [11, 20.25, 50.25]))
    #expect(close(panel.curves[4].y, [3, 12.25, 42.25]))
    #expect(close(panel.curves[6].y, [12, 21.25, 51.25]))
    // Two seeds two apart: standard error 1.
    #expect(close(panel.curves[6].lower, [11, 20.25, 50.25]))
    #expect(panel.curves[6].label == "one of width 16")
    #expect(figures[0].notes == ["400 test points: ±2.5 %"])

    #expect(figures[1].panels.count == 4 && figures[1].columns == 2)
    let ratios = figures[1].panels[3]
    #expect(ratios.title == "(d) standard, 5 hidden layers")
    #expect(close(ratios.curves[1].x, [0.25, 2, 4]))
    #expect(close(ratios.curves[2].y, [50.25, 52, 54]))

    let widths = figures[2].panels[0]
    #expect(close(widths.curves[2].y, [12.25, 12.25]))
    #expect(widths.curves[2].label == "infinite width, 2 hidden layers")
    #expect(close(widths.curves[3].y, [21.25, 21.25]))
  }

  @Test func whatThereIsNothingToCompareWithIsLeftOut() {
    let labels = FigureLabels(title: "t")
    #expect(
      figures(Self.record(layers: [2], ratios: [1], widths: []), labels: labels).isEmpty)
    #expect(
      figures(Self.record(layers: [1, 2], ratios: [1], widths: [8]), labels: labels).map(\.name)
        == ["study_depth"])
  }
}
