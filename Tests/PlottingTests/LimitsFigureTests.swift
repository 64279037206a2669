import DataIO
import Diagnostics
import Foundation
import ParticleSystems
import TestSupport
import Testing

@testable import Plotting

@Suite struct LimitsFigureTests {
  private let labels = FigureLabels(title: "t")

  private func run(
    _ name: String, steps: [Int] = Array(0...50), realizations: Int = 1, probes: Int = 3
  ) -> RunRecord {
    var run = Synthetic.run(steps: steps, realizations: realizations, probes: probes)
    run.path = "\(name).nc"
    run.limit.name = name
    run.referenceWidth = 128
    return run
  }

  private func nets(_ widths: [Int] = [16, 128], seeds: Int = 10) -> NetsRecord {
    var nets = Synthetic.nets(widths: widths, seeds: seeds)
    nets.referenceWidth = 128
    return nets
  }

  /// Logits (1, -3), (0, 4), then (-2, 2), (6, 0): means of magnitudes 2, 2, 2, 3.
  @Test func meanAbsoluteLogits() {
    var trajectory = Trajectory(
      steps: [0, 5], members: 2, updates: 0, trainingPoints: 1, testPoints: 2, outputs: 1,
      probes: 0, hasAccuracy: false, hasDecomposition: false, hasError: false)
    trajectory.testLogits = [1, -3, 0, 4, -2, 2, 6, 0]
    #expect(meanAbsoluteLogit(trajectory) == [2, 2, 2, 3])
    trajectory.testLogits = []
    #expect(meanAbsoluteLogit(trajectory) == [])
  }

  @Test func namesOfLimits() {
    #expect(
      ["mean_field", "ntk", "sym_default", "ic_mean_field", "intermediate"].map(limitTitle)
        == ["MF", "NTK", "sym-default", "IC-MF", "intermediate"])
    #expect(limitTitle("between_mean_field_and_sym_default") == "between MF and sym-default")
    #expect(limitTitle("a_later_one") == "a later one")
    #expect(limitTitle("") == "limit")
  }

  /// Logits of the synthetic limit are 2 t at points of label 1 and -2 t at the others, plus 0, 0.02,
  /// 0.04, 0.06 in its realizations: these are the mean magnitudes at step 0, and 2 at the last.
  @Test func linesAndBands() throws {
    let figure = try #require(
      limitsFigure(
        runs: [run("mean_field"), run("ntk", realizations: 4)], reference: nets(),
        labels: labels))
    #expect(figure.name == "limits" && figure.panels.count == 2)
    let curves = figure.panels[0].curves
    #expect(curves.map(\.label) == ["network of width 128", "MF", "NTK"])
    let expected = (0...50).map { 2 * Double($0) / 50 }
    #expect(largestDifference(curves[1].y, expected) < 1e-12)
    #expect(curves[1].lower.isEmpty && curves[2].lower.count == 51)
    #expect(abs(curves[2].y[0] - 0.03) < 1e-15 && abs(curves[2].y[50] - 2) < 1e-12)
    let deviation = 0.02 * (5.0 / 3).squareRoot()
    #expect(abs(curves[2].upper[0] - 0.03 - deviation) < 1e-15)
    // The network's logits are off by 3 / sqrt(128) = 0.265: that is their magnitude at step 0.
    #expect(curves[0].x.count == 51 && abs(curves[0].y[0] - 3 / 128.0.squareRoot()) < 1e-12)
    let kernels = figure.panels[1].curves
    #expect(kernels.map(\.y[0]) == [1, 1, 1])
    #expect(
      figure.notes == [
        "logits at width 128", "bands: ±1 std over", "    4 realizations", "    10 seeds",
      ])
  }

  @Test func linesDifferInColorAndPattern() throws {
    let names = (0..<12).map { "limit_\($0)" }
    let figure = try #require(
      limitsFigure(runs: names.map { run($0) }, reference: nil, labels: labels))
    let looks = figure.panels[0].curves.map { "\($0.color) \($0.style)" }
    #expect(Set(looks).count == 12)
    let script = PlotScript(figure, terminal: .svg).text
    #expect(script.contains("dashtype (14,4,2,4,2,4) linewidth 2.4 linecolor rgb '#E69F00'"))
    // The four named limits look the same in any order and company.
    func look(of label: String, in names: [String]) throws -> String {
      let figure = limitsFigure(runs: names.map { run($0) }, reference: nil, labels: labels)
      let curve = try #require(figure?.panels[0].curves.first { $0.label == label })
      return "\(curve.color) \(curve.style)"
    }
    #expect(
      try look(of: "NTK", in: ["ntk", "mean_field"])
        == look(of: "NTK", in: ["intermediate", "sym_default", "ntk"]))
    // Limits of one name are told apart by their files.
    var second = run("ntk")
    second.path = "b.nc"
    #expect(
      limitsFigure(runs: [run("ntk"), second], reference: nil, labels: labels)?
        .panels[0].curves.map(\.label) == ["NTK (ntk.nc)", "NTK (b.nc)"])
  }

  /// No such width, or no widths known: only the limits.
  @Test func withoutReference() throws {
    let runs = [run("mean_field", probes: 0), run("ntk", probes: 0)]
    let figure = try #require(
      limitsFigure(runs: runs, reference: nets([16, 64]), labels: labels))
    #expect(figure.panels.map { $0.curves.map(\.label) } == [["MF", "NTK"]])
    #expect(figure.notes == ["logits at width 128"])
    var unknown = runs
    for index in unknown.indices { unknown[index].referenceWidth = nil }
    #expect(
      limitsFigure(runs: unknown, reference: nets(), labels: labels)?.notes == [
        "logits at the reference width"
      ])
    #expect(limitsFigure(runs: [], reference: nets(), labels: labels) == nil)
    unknown[0].trajectory.testLogits = []
    unknown[1].trajectory.testLogits = []
    #expect(limitsFigure(runs: unknown, reference: nil, labels: labels) == nil)
  }

  /// Magnitudes 2 t from t = 1/500: two decades and more. The zero at step 0, and what rounding
  /// makes of it, is a gap; a band that would reach zero ends at the axis.
  @Test func logarithmicWhereNeeded() throws {
    let steps = Array(0...500)
    var limit = run("mean_field", steps: steps)
    limit.trajectory.testLogits[3] = 1e-9
    let spread = run("ntk", steps: steps, realizations: 2)
    let panel = try #require(
      limitsFigure(runs: [limit, spread], reference: nil, labels: labels)
    ).panels[0]
    #expect(panel.vertical.isLogarithmic)
    let range = try #require(panel.vertical.range)
    #expect(abs(range.lowerBound - 0.004 / 1.3) < 1e-12 && abs(range.upperBound - 2.6) < 1e-12)
    #expect(panel.curves[0].y[0].isNaN && abs(panel.curves[0].y[1] - 0.004) < 1e-12)
    // 0.01 - 0.014 is below zero.
    #expect(panel.curves[1].lower[0] == range.lowerBound)
    let near = try #require(
      limitsFigure(runs: [run("mean_field")], reference: nil, labels: labels)
    ).panels[0]
    #expect(!near.vertical.isLogarithmic && near.vertical.range == nil && near.curves[0].y[0] == 0)
  }

  /// One limit on its way to infinity does not decide the axes.
  @Test func divergence() throws {
    var wild = run("sym_default", realizations: 2)
    for index in (51 + 30) * 40..<wild.trajectory.testLogits.count {
      wild.trajectory.testLogits[index] = 1e30
    }
    wild.trajectory.divergedAtStep = [nil, 31]
    let figure = try #require(
      limitsFigure(runs: [run("mean_field"), wild], reference: nil, labels: labels))
    #expect(!figure.panels[0].vertical.isLogarithmic)
    let range = try #require(figure.panels[0].vertical.range)
    #expect(abs(range.lowerBound + 0.2) < 1e-12 && abs(range.upperBound - 2.2) < 1e-12)
    #expect(figure.notes.last == "sym-default: 1 of 2 diverged")
  }

  @Test func filesOfOneProblem() throws {
    #expect(
      try figures(runs: [run("mean_field")], nets: nets()).map(\.name)
        == figures(run: run("mean_field"), nets: nets()).map(\.name))
    #expect(
      try figures(runs: [run("mean_field"), run("ntk")], nets: nets()).map(\.name) == ["limits"])
    var other = run("ntk")
    other.testLabels[3] = -1
    #expect(
      throws: Diagnostic(
        .badInput,
        "the training or test points are not those of mean_field.nc; give files of one configuration",
        file: "ntk.nc")
    ) { try figures(runs: [run("mean_field"), other], nets: nil) }
    other = run("ntk")
    other.referenceWidth = 64
    #expect(
      throws: Diagnostic(
        .badInput,
        "the reference width is 64, that of mean_field.nc is 128; give files of one reference network",
        file: "ntk.nc")
    ) { try figures(runs: [run("mean_field"), other], nets: nil) }
    var nets = nets()
    nets.referenceWidth = 16
    #expect(
      throws: Diagnostic(
        .badInput,
        "the reference width is 16, that of mean_field.nc is 128; give files of one reference network",
        file: "nets.nc")
    ) { try figures(runs: [run("mean_field"), run("ntk")], nets: nets) }
  }
}
