import DataIO
import Foundation
import TestSupport
import Testing

@testable import Plotting

@Suite struct ComparisonFiguresTests {
  private func figure(_ name: String, _ record: ComparisonRecord) throws -> CurveFigure {
    try #require(
      figures(record).first { $0.name == "comparison_\(name)" } as? CurveFigure, "no figure \(name)"
    )
  }

  private func names(_ record: ComparisonRecord) -> [String] { figures(record).map(\.name) }

  @Test func namesOfFigures() {
    let one = SyntheticComparison()
    #expect(
      names(one.record)
        == ["functions", "training", "logits", "densities"].map { "comparison_\($0)" }
    )
    #expect(
      names(one.ranked).prefix(3) == [
        "comparison_reference", "comparison_functions_mean_field", "comparison_training_mean_field",
      ])
    #expect(names(one.ranked).count == 9)
    #expect(figures(one.ranked).allSatisfy { $0.caption.hasSuffix(".") })
    var bare = one
    bare.snapshots = []
    #expect(!names(bare.record).contains("comparison_densities"))
  }

  /// The fit 2.5 d^-0.4 at the widths 16 and 256, the power -1/2 through the points, whose own law is
  /// 3 d^-1/2.
  @Test func linesOfGaps() throws {
    let synthetic = SyntheticComparison()
    let figure = try figure("functions", synthetic.record)
    let panel = try #require(figure.panels.first)
    #expect(
      figure.panels.count == 1
        && figure.title == "digits, networks and the limit MF, functions at step 50")
    #expect(panel.title == "−0.400 ± 0.016 (theory −0.5)")
    #expect(panel.vertical.label == "RMS logit gap" && panel.vertical.isLogarithmic)
    #expect(panel.horizontal.tics == [16, 64, 256])
    func curve(_ label: String) throws -> PlotCurve {
      try #require(panel.curves.first { $0.label == label }, "no \(label)")
    }
    let fit = try curve("fitted power")
    #expect(fit.x == [16, 256])
    #expect(largestDifference(fit.y, [2.5 / pow(16, 0.4), 2.5 / pow(256, 0.4)]) < 1e-12)
    let guide = try curve("predicted power")
    #expect(largestDifference(guide.y, [3.0 / 4, 3.0 / 16]) < 1e-12)
    let points = try curve("networks")
    #expect(points.spread == .bars && largestDifference(points.y, [0.75, 0.375, 0.1875]) < 1e-15)
    #expect(largestDifference(points.lower, [0.675, 0.3375, 0.16875]) < 1e-15)
    #expect(largestDifference(points.upper, [0.825, 0.4125, 0.20625]) < 1e-15)
    let floor = try curve("between independent networks")
    #expect(largestDifference(floor.y, [1.05, 0.525, 0.2625]) < 1e-15)
    #expect(try curve("error of the limit").y == [0.05, 0.05])
    let range = try #require(panel.vertical.range)
    #expect(range.lowerBound < 0.05 && range.upperBound > 1.4 * 0.75)
    let script = PlotScript(figure, terminal: .svg).text
    #expect(script.contains("using 1:2:3:4 with yerrorbars"))
    #expect(script.contains("\n16 0.75 0.675 0.825\n"))
  }

  /// Several hidden layers: increments layer by layer, and terms with the letters of all of them.
  @Test func layers() throws {
    let synthetic = SyntheticComparison()
    var record = synthetic.record
    #expect(!names(record).contains("comparison_increments"))
    for name in [
      "increment_rms_1", "increment_rms_2", "logit_increment_rms", "decomposition_f_0",
      "decomposition_f_v", "decomposition_f_mixed",
    ] {
      record.scalings[0].arrays.append(
        ComparisonArray(
          name, [.width, .step], longName: name,
          values: synthetic.widths.flatMap { width in
            synthetic.steps.map { _ in 1 / Double(width) }
          }))
    }
    #expect(
      try figure("increments", record).panels.map(\.vertical.label) == [
        "RMS increment, layer 1", "RMS increment, layer 2", "RMS change of the logits",
      ])
    let terms = try figure("terms", record)
    #expect(terms.panels.map(\.vertical.label) == ["std of f_0", "std of f_v", "std of f_mixed"])
    #expect(
      terms.caption.contains("of all hidden layers (v)") && terms.caption.contains("; f_mixed "))
  }

  /// Without a fit there is no line of it; errors far below the gaps are not on the axis.
  @Test func gapsWithoutFits() throws {
    var synthetic = SyntheticComparison()
    synthetic.seeds = 1
    var record = synthetic.record
    record.scalings[0].rates[0].limitError = 1e-6
    record.scalings[0].rates[0].values[1] = .nan
    record.scalings[0].rates[0].values[2] = .infinity
    let panel = try figure("functions", record).panels[0]
    #expect(panel.title == "no fit (theory −0.5)")
    #expect(
      panel.curves.compactMap(\.label) == ["between independent networks", "networks"])
    #expect(panel.vertical.range!.lowerBound > 0.1)
    #expect(panel.curves.last!.lower[0] == panel.curves.last!.y[0])
    #expect(
      try figure("functions", record).notes == [
        "1 seed of each width", "above panels: exponent", "    (and that of theory)",
        "error of the limit below the", "    axis where it is not drawn",
      ])
    record.scalings[0].rates[0].values[0] = 0
    #expect(!names(record).contains("comparison_functions"))
  }

  /// Means over seeds with one standard deviation, sqrt(5/3) of the steps between seeds.
  @Test func lossesOverTraining() throws {
    let synthetic = SyntheticComparison()
    let figure = try figure("training", synthetic.record)
    #expect(
      figure.panels.map(\.vertical.label) == [
        "training loss (mean logistic loss)", "test loss (mean logistic loss)", "RMS logit gap",
      ])
    let curves = figure.panels[0].curves
    #expect(curves.map(\.label) == ["width 16", "width 64", "width 256", "limit"])
    let losses = synthetic.steps.map { 1 / (1 + Double($0)) }
    #expect(largestDifference(curves[0].y, losses) < 1e-15 && curves[3].y == losses)
    let deviation = 0.0075 * (5.0 / 3).squareRoot()
    #expect(largestDifference(curves[0].upper, losses.map { $0 + deviation }) < 1e-15)
    #expect(curves[3].lower.isEmpty)
    let gaps = figure.panels[2].curves
    #expect(gaps.map(\.label) == ["error of the limit", "width 16", "width 64", "width 256"])
    #expect(gaps[1].y == synthetic.steps.map { _ in 0.75 })
    #expect(largestDifference(gaps[1].upper, synthetic.steps.map { _ in 0.825 }) < 1e-15)
  }

  @Test func divergedNetworks() throws {
    var record = SyntheticComparison().record
    let place = record.scalings[0].arrays.firstIndex { $0.name == "network_train_loss" }!
    record.scalings[0].arrays[place].values[5] = 1e12
    record.scalings[0].arrays[place].values[6] = .nan
    let figure = try figure("training", record)
    #expect(figure.notes.last == "width 16: 1 of 4 diverged")
    // What runs away does not decide the axis.
    #expect(figure.panels[0].vertical.range!.upperBound < 2)
    let logits = record.scalings[0].arrays.firstIndex { $0.name == "network_test_logits" }!
    record.scalings[0].arrays[logits].values[0..<6] = ArraySlice(repeating: .nan, count: 6)
    let dots = try self.figure("logits", record).panels[0].curves.last!
    #expect(dots.x.count == 3)
  }

  /// Logits of the six test points are 2, 4, ..., 12 in the limit: those of the second, fourth and sixth.
  @Test func lawsOfLogits() throws {
    let synthetic = SyntheticComparison()
    let figure = try figure("logits", synthetic.record)
    #expect(figure.columns == 3 && figure.panels.count == 9)
    #expect(
      figure.panels.map(\.title).enumerated().filter { $0.offset % 3 == 0 }.map(\.element) == [
        "width 16, point 1", "width 16, point 3", "width 16, point 5",
      ])
    let panel = figure.panels[0]
    let line = try #require(panel.curves.first { $0.label == "limit" })
    #expect(line.x == [4, 4])
    let band = try #require(panel.curves.first { $0.y.contains(where: \.isNaN) })
    #expect(largestDifference(band.x, [3.95, 4.05]) < 1e-14)
    // Seeds are off by -1.5, -0.5, 0.5, 1.5 gaps of 3/4: the deviation is sqrt(5/3) of it.
    let fit = try #require(panel.curves.first { $0.label == nil && $0.x.count == 121 })
    let deviation = 0.75 * (5.0 / 3).squareRoot()
    #expect(abs(fit.y.max()! - 1 / (deviation * (2 * Double.pi).squareRoot())) < 1e-12)
    #expect(abs(fit.x[60] - 4) < 1e-12 && abs(fit.x[120] - 4 - 4 * deviation) < 1e-12)
    #expect(panel.curves.last!.x == [-1.5, -0.5, 0.5, 1.5].map { 4 + 0.75 * $0 })
    #expect(panel.horizontal.tics.count <= 4)
  }

  @Test func lawsOfRandomLimits() throws {
    var synthetic = SyntheticComparison()
    synthetic.realizations = 5
    let panel = try figure("logits", synthetic.record).panels[0]
    let fit = try #require(panel.curves.first { $0.label == "Gaussian fit of the limit" })
    // Realizations are off by -0.2, ..., 0.2: the deviation is sqrt(10/4) / 10.
    let deviation = 0.1 * 2.5.squareRoot()
    #expect(abs(fit.x[120] - 4 - 4 * deviation) < 1e-12)
    #expect(!panel.curves.contains { $0.label == "limit" })
    let dots = panel.curves.filter { $0.style == .points && $0.color == Palette.limit }
    #expect(dots.count == 1 && dots[0].x.count == 5)
  }

  @Test func marginalsOfWeights() throws {
    let figure = try figure("densities", SyntheticComparison().record)
    #expect(figure.panels.map(\.horizontal.label) == ["a", "norm(w)"])
    let curves = figure.panels[1].curves
    #expect(curves.map(\.label) == ["limit (filled)", "width 16", "width 256"])
    #expect(curves[0].x == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5])
    #expect(curves[0].y == [0, 0.1, 0.1, 0.4, 0.4, 0.4, 0.4, 0.1, 0.1, 0])
    #expect(curves[1].y[1] == 0.1 + 1.0 / 16 && abs(curves[1].upper[1] - 0.1725) < 1e-15)
    #expect(figure.notes.last == "1 more width not drawn")
  }

  /// Bins end where the limit's law does: what networks have beyond is said.
  @Test func massBeyondTheBins() throws {
    var record = SyntheticComparison().record
    #expect(try figure("densities", record).panels.allSatisfy { $0.title.isEmpty })
    let place = try #require(
      record.scalings[0].arrays.firstIndex { $0.name == "weight_density" })
    // Four bins of width 1: sums of 1 + 4/16 and 1 + 4/256.
    record.scalings[0].arrays[place].values = record.scalings[0].arrays[place].values.map {
      $0 / 1.25
    }
    #expect(
      try figure("densities", record).panels.map(\.title)
        == Array(repeating: "beyond: 19 % of width 256", count: 2))
  }

  @Test func nearestLimit() throws {
    let figure = try figure("reference", SyntheticComparison().ranked)
    #expect(figure.title == "digits, networks of width 16 and several limits")
    let panel = try #require(figure.panels.first)
    #expect(panel.horizontal.isLogarithmic && panel.horizontal.tics == [1, 2, 5, 10, 20, 50])
    let lines = panel.curves.filter { $0.label != nil }
    #expect(lines.map(\.label) == ["MF", "NTK", "floor: networks of the limit's law"])
    #expect(lines[0].x == [1, 2, 5, 10, 20, 50])
    #expect(largestDifference(lines[0].y, [0.11, 0.12, 0.15, 0.2, 0.3, 0.6]) < 1e-12)
    #expect(largestDifference(lines[0].upper, lines[0].y.map { $0 + 0.02 }) < 1e-15)
    let dots = panel.curves.filter { $0.style == .points }
    #expect(
      dots.map { $0.y.map(\.isFinite) } == [
        [true, true, true, true, false, false], [false, false, false, true, true, true],
      ])
    #expect(dots.map(\.color) == lines.prefix(2).map(\.color))
  }

  /// Floors that differ have the colours of their limits, one that all share is grey; four panels are two by two.
  @Test func floorsOfRankings() throws {
    var record = SyntheticComparison().ranked
    let label = "floor: networks of the limit's law"
    func floors(_ record: ComparisonRecord) throws -> [PlotCurve] {
      let panel = try figure("reference", record).panels[0]
      #expect(panel.curves.filter { $0.label == label }.count == 1)
      return panel.curves.filter { $0.style == .pattern([2, 4], width: 1.6) && $0.label == nil }
    }
    let own = try floors(record)
    let lines = try figure("reference", record).panels[0].curves.filter {
      ["MF", "NTK"].contains($0.label)
    }
    #expect(own.map { $0.y[0] } == [0.05, 0.15] && own.map(\.color) == lines.map(\.color))
    let steps = record.ranking!.steps.count
    record.ranking!.criteria[0].floors = Array(repeating: 0.08, count: 2 * steps)
    let common = try floors(record)
    #expect(common.count == 1 && common[0].color == Palette.auxiliary)
    #expect(try figure("reference", record).caption.contains("dotted, the floor"))
    record.ranking!.criteria[0].floors = Array(repeating: 1e-6, count: 2 * steps)
    #expect(
      try !figure("reference", record).panels[0].curves.contains { $0.label == label })
    #expect(try !figure("reference", record).caption.contains("floor"))
    #expect(try figure("reference", record).columns == nil)
    record.ranking!.criteria = Array(repeating: record.ranking!.criteria[0], count: 4)
    #expect(try figure("reference", record).columns == 2)
  }

  /// Captions promise what is drawn: no fits and no spread of one seed, no floors where there are none.
  @Test func captionsAreOfWhatIsDrawn() throws {
    var synthetic = SyntheticComparison()
    #expect(
      try figure("functions", synthetic.record).caption
        == "Distances between the functions of networks and of their limit against the width. Drawn are points"
        + " with standard errors, the fitted power of the width, the power that theory predicts, beside the same"
        + " number between independent networks of the width and the error of the limit itself.")
    #expect(
      try figure("logits", synthetic.record).caption
        == "Logits of single test points over seeds, with Gaussian fits, beside the limit's.")
    #expect(
      try figure("training", synthetic.record).caption
        == "Over training: losses of networks of each width and of the limit, and the root mean square gap of the"
        + " networks' test logits to the limit.")
    synthetic.seeds = 1
    var record = synthetic.record
    #expect(
      try figure("logits", record).caption
        == "Logits of single test points in one network of each width, beside the limit's.")
    record.scalings[0].rates[0].metric = "decomposition_f_a"
    record.scalings[0].rates[0].floors = [.nan, .nan, .nan]
    record.scalings[0].rates[0].limitError = .nan
    #expect(
      try figure("terms", record).caption
        == "Standard deviations over test points of the terms of the networks' logits, against the width: f_a with"
        + " the increment of the output weights. Drawn are points, the power that theory predicts.")
    synthetic.seeds = 10
    synthetic.realizations = 5
    #expect(
      try figure("logits", synthetic.record).caption
        == "Logits of single test points over seeds, with histograms and Gaussian fits, beside realizations of the"
        + " limit with their Gaussian fit.")
    #expect(
      GapCaption.weights(["wasserstein1[a]", "weight_increment"])
        == "Distances between the laws of the weights of networks and of their limit, the root mean square"
        + " increment of the neurons' weights, against the width.")
  }
}
