import DataIO
import Diagnostics
import Foundation
import ParticleSystems
import TestSupport
import Testing

@testable import Plotting

@Suite struct FigureTests {
  private let labels = FigureLabels(title: "t", lossName: "logistic")

  @Test func meanAndSpread() {
    // Members (1, 4), (3, 8): means 2 and 6, sample deviations sqrt 2 and sqrt 8.
    let spread = MemberSpread([1, 4, 3, 8], members: 2)
    #expect(spread.mean == [2, 6])
    #expect(largestDifference(spread.lower, [2 - 2.0.squareRoot(), 6 - 8.0.squareRoot()]) < 1e-15)
    #expect(largestDifference(spread.upper, [2 + 2.0.squareRoot(), 6 + 8.0.squareRoot()]) < 1e-15)
    #expect(MemberSpread([1, 2], members: 1).lower == [])
    let gap = MemberSpread([1, 2, .nan, 4], members: 2)
    #expect(gap.mean[0].isNaN && gap.lower[0].isNaN && gap.mean[1] == 3)
  }

  @Test func losses() throws {
    let run = Synthetic.run()
    let nets = Synthetic.nets(widths: [16, 64], seeds: 4)
    let figure = try #require(lossFigure(run: run, nets: nets, labels: labels))
    #expect(
      figure.panels.map(\.vertical.label) == [
        "training loss (mean logistic loss)", "test loss (mean logistic loss)",
      ])
    let curves = figure.panels[1].curves
    #expect(curves.map(\.label) == ["width 16", "width 64", "limit"])
    #expect(curves[2].y == run.trajectory.testLoss && curves[2].lower == [])
    #expect(curves[0].upper.count == 51)
    #expect(figure.notes == ["bands: ±1 std over 4 seeds"])
  }

  /// Nets on their way to infinity do not decide the range.
  @Test func divergedNetsAreCutOff() throws {
    var nets = Synthetic.nets(widths: [16, 64], seeds: 1)
    nets.trajectories[0].testLoss[40] = 1e9
    nets.trajectories[0].divergedAtStep = [41]
    let figure = try #require(lossFigure(run: Synthetic.run(), nets: nets, labels: labels))
    let kept = figure.panels[1].curves.dropFirst().flatMap(\.y)
    let margin = 0.1 * (kept.max()! - kept.min()!)
    #expect(figure.panels[1].vertical.range == (kept.min()! - margin)...(kept.max()! + margin))
    let script = PlotScript(figure, terminal: .svg).text
    #expect(script.contains("set yrange [\(PlotScript.number(kept.min()! - margin)):"))
    #expect(figure.notes == ["width 16: 1 of 1 diverged"])
    nets.trajectories[0].divergedAtStep = [nil]
    nets.trajectories[0].testLoss[40] = 9
    #expect(
      lossFigure(run: nil, nets: nets, labels: labels)?.panels[1].vertical.range == nil)
  }

  /// Curves over more than four decades are drawn on a logarithmic axis, bands down to its foot.
  @Test func manyDecades() throws {
    var run = Synthetic.run()
    run.trajectory.testLoss[48] = 5e22
    run.trajectory.testLoss[49] = .infinity
    run.trajectory.testLoss[50] = .nan
    run.trajectory.divergedAtStep = [49]
    let figure = try #require(lossFigure(run: run, nets: nil, labels: labels))
    #expect(!figure.panels[0].vertical.isLogarithmic)
    #expect(figure.panels[0].vertical.range == nil)
    let low = try #require(run.trajectory.testLoss.filter(\.isFinite).min())
    #expect(figure.panels[1].vertical.isLogarithmic)
    #expect(figure.panels[1].vertical.range == (low / 2)...1e23)

    var nets = Synthetic.nets(widths: [16], seeds: 2)
    nets.trajectories[0].testLoss = nets.trajectories[0].testLoss.map { _ in 1 }
    // Means 1, 0.5, 1e-5: of the second the deviation is sqrt(0.5), larger than the mean.
    (nets.trajectories[0].testLoss[1], nets.trajectories[0].testLoss[52]) = (0, 1)
    (nets.trajectories[0].testLoss[2], nets.trajectories[0].testLoss[53]) = (1e-5, 1e-5)
    let panel = try #require(lossFigure(run: nil, nets: nets, labels: labels)).panels[1]
    #expect(panel.vertical.isLogarithmic)
    #expect(panel.curves[0].y[..<3] == [1, 0.5, 1e-5])
    #expect(panel.curves[0].lower[..<3] == [1, 5e-6, 1e-5])
    let top = 2 * (0.5 + 0.5.squareRoot())
    #expect(panel.vertical.range == 5e-6...top)

    (nets.trajectories[0].testLoss[2], nets.trajectories[0].testLoss[53]) = (1e-4, 1e-4)
    #expect(
      lossFigure(run: nil, nets: nets, labels: labels)?.panels[1].vertical.isLogarithmic == false)
  }

  /// The line of the limit's error is drawn around a single width as well.
  @Test func oneWidth() throws {
    let run = Synthetic.run()
    let figure = try #require(
      logitGapFigure(run: run, nets: Synthetic.nets(widths: [64]), labels: labels))
    let panel = figure.panels[1]
    #expect(panel.horizontal.range == 32...128)
    #expect(panel.curves.map(\.label) == [nil, "error of the limit"])
    let error = try #require(run.trajectory.testLogitsError.last)
    #expect(panel.curves[1].x == [32, 128] && panel.curves[1].y == [error, error])
  }

  @Test func accuraciesInPerCent() throws {
    let run = Synthetic.run(realizations: 3)
    let figure = try #require(accuracyFigure(run: run, nets: nil, labels: labels))
    let limit = try #require(figure.panels[0].curves.first)
    // 0.95 - 0.4 at the first step.
    #expect(abs(limit.y[0] - 55) < 1e-12 && limit.lower.count == 51)
    #expect(figure.notes == ["limit: ±1 std over 3 realizations"])
    var regression = run
    regression.trajectory.trainingAccuracy = []
    regression.trajectory.testAccuracy = []
    #expect(accuracyFigure(run: regression, nets: nil, labels: labels) == nil)
  }

  /// Logits off by 3 / sqrt(d) at every point: that is the gap, and the guide goes through it.
  @Test func logitGaps() throws {
    let run = Synthetic.run()
    let nets = Synthetic.nets(widths: [16, 64, 256])
    let figure = try #require(logitGapFigure(run: run, nets: nets, labels: labels))
    for (curve, width) in zip(figure.panels[0].curves, [16.0, 64, 256]) {
      #expect(
        largestDifference(curve.y, Array(repeating: 3 / width.squareRoot(), count: 51)) < 1e-12)
    }
    let floor = try #require(figure.panels[0].curves.last)
    #expect(floor.label == "error of the limit" && floor.y == run.trajectory.testLogitsError)
    let guide = try #require(figure.panels[1].curves.first)
    #expect(guide.label == "slope −1/2" && guide.x == [16, 256])
    #expect(largestDifference(guide.y, [3 / 4, 3 / 16]) < 1e-12)
    #expect(figure.panels[1].title == "(b) at step 50")
  }

  /// Only steps recorded in both files are compared.
  @Test func logitGapsAtCommonSteps() {
    let gap = LogitGap(
      run: Synthetic.run(steps: [0, 10, 40, 50]),
      nets: Synthetic.nets(widths: [16], seeds: 2, steps: [0, 5, 10, 50]), leavingOut: [])
    #expect(gap.steps == [0, 10, 50])
    #expect(gap.gaps.map(\.width) == [16])
    #expect(largestDifference(gap.gaps[0].values, [0.75, 0.75, 0.75]) < 1e-12)
  }

  @Test func divergedWidthsAreLeftOut() throws {
    var nets = Synthetic.nets(widths: [16, 64], seeds: 3)
    nets.trajectories[0].divergedAtStep = [4, nil, 9]
    let figure = try #require(logitGapFigure(run: Synthetic.run(), nets: nets, labels: labels))
    #expect(figure.panels[0].curves.map(\.label) == ["width 64", "error of the limit"])
    #expect(figure.notes == ["RMS over points and 3 seeds", "width 16 left out: 2 of 3 diverged"])
    nets.trajectories[1].divergedAtStep = [4, nil, 9]
    #expect(logitGapFigure(run: Synthetic.run(), nets: nets, labels: labels) == nil)
  }

  /// The gap has no meaning for random limits and for rescaled logits.
  @Test func gapsWithoutMeaning() {
    let nets = Synthetic.nets()
    #expect(
      logitGapFigure(run: Synthetic.run(realizations: 2), nets: nets, labels: labels) == nil)
    #expect(logitGapFigure(run: Synthetic.run(beta: 0.25), nets: nets, labels: labels) == nil)
    #expect(logitGapFigure(run: nil, nets: nets, labels: labels) == nil)
    #expect(logitGapFigure(run: Synthetic.run(), nets: nil, labels: labels) == nil)
  }

  /// Probes with entries 1, 2, 3 times 1 + 2 t^2: the ratio is 1 + 2 t^2.
  @Test func tangentKernels() throws {
    let figure = try #require(
      tangentKernelFigure(run: Synthetic.run(), nets: nil, labels: labels))
    let expected = (0...50).map { 1 + 2 * pow(Double($0) / 50, 2) }
    #expect(largestDifference(figure.panels[0].curves[0].y, expected) < 1e-12)
    #expect(tangentKernelFigure(run: Synthetic.run(probes: 0), nets: nil, labels: labels) == nil)
  }

  @Test func filesOfOneProblem() throws {
    var nets = Synthetic.nets()
    nets.testLabels[3] = -1
    #expect(
      throws: Diagnostic(
        .badInput,
        "the training or test points are not those of run.nc; give files of one configuration",
        file: "nets.nc")
    ) { try figures(run: Synthetic.run(), nets: nets) }
    #expect(try figures(run: nil, nets: nil) == [])
    #expect(try figures(run: Synthetic.run(), nets: nil).first?.title == "limit: mean field")
  }
}
