import DataIO
import Diagnostics
import Foundation
import ParticleSystems
import Plotting
import Testing

@Suite(.enabled(if: hasGnuplot, withoutGnuplot)) struct DrawFiguresTests {
  /// The folder is kept where INFINITEWIDTH_FIGURES names one, for people to look at.
  private func draw(_ figures: [CurveFigure], _ name: String) throws {
    let scratch = try PlottingScratchFolder()
    let kept = ProcessInfo.processInfo.environment["INFINITEWIDTH_FIGURES"]
    let folder = (kept ?? scratch.path) + "/new folder/" + name
    let paths = try drawFigures(figures, to: folder, force: kept != nil)
    #expect(
      paths
        == figures.flatMap { ["\(folder)/\($0.name).svg", "\(folder)/\($0.name).png"] })
    for path in paths {
      let data = try Data(contentsOf: URL(fileURLWithPath: path))
      if path.hasSuffix("png") {
        // The signature and the closing chunk: the image is whole.
        #expect(data.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
        #expect(data.suffix(8).prefix(4) == Data("IEND".utf8))
      } else {
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.hasPrefix("<?xml"))
        #expect(text.hasSuffix("</svg>\n\n") || text.hasSuffix("</svg>\n"))
      }
    }
  }

  private let labels = FigureLabels(
    title: "CIFAR2 (1000 training points), mean-field scaling", lossName: "logistic")

  @Test func both() throws {
    let figures = try figures(run: Synthetic.run(), nets: Synthetic.nets(), labels: labels)
    #expect(figures.map(\.name) == ["loss", "accuracy", "logit_gap", "tangent_kernel"])
    try draw(figures, "both")
  }

  @Test func severalLimits() throws {
    var runs = [Synthetic.run(), Synthetic.run(steps: Array(0...500), realizations: 3)]
    runs[1].limit.name = "ntk"
    for index in runs.indices { runs[index].referenceWidth = 128 }
    let figures = try figures(runs: runs, nets: Synthetic.nets(), labels: labels)
    #expect(figures.map(\.name) == ["limits"])
    try draw(figures, "limits")
  }

  @Test func onlyRun() throws {
    let figures = try figures(run: Synthetic.run(realizations: 4), nets: nil)
    #expect(figures.map(\.name) == ["loss", "accuracy", "tangent_kernel"])
    try draw(figures, "run")
  }

  @Test func onlyOneNet() throws {
    let figures = try figures(
      run: nil, nets: Synthetic.nets(widths: [64], seeds: 1, probes: 0))
    #expect(figures.map(\.name) == ["loss", "accuracy"])
    try draw(figures, "net")
  }

  /// One recorded step; constant, missing and diverged numbers; marks that gnuplot interprets.
  @Test func awkwardData() throws {
    var nets = Synthetic.nets(widths: [16, 32, 65536], seeds: 2)
    nets.trajectories[0].divergedAtStep = [30, nil]
    for step in 25..<30 { nets.trajectories[0].testLoss[step] = pow(10, Double(step - 20)) }
    for step in 30...50 { nets.trajectories[0].testLoss[step] = .nan }
    for step in 10...20 { nets.trajectories[1].testLoss[step] = .nan }
    nets.trajectories[2].testLoss = nets.trajectories[2].testLoss.map { _ in .nan }
    try draw(
      figures(
        run: Synthetic.run(), nets: nets,
        labels: FigureLabels(title: "it's $a_{1}^2 @ \"50%\" & ~x \\n `date` #\nend")), "awkward")
    try draw(
      figures(
        run: Synthetic.run(steps: [0]), nets: Synthetic.nets(widths: [8], seeds: 1, steps: [0])),
      "single")
  }

  /// A limit that diverged alone, and one width with one.
  @Test func divergedAndLonely() throws {
    var run = Synthetic.run()
    for step in 20..<45 {
      run.trajectory.trainingLoss[step] = 3.5 * pow(10, Double(step - 20))
      run.trajectory.testLoss[step] = 3.5 * pow(10, Double(step - 20) / 6)
    }
    for step in 45...50 {
      run.trajectory.trainingLoss[step] = .nan
      run.trajectory.testLoss[step] = .infinity
    }
    run.trajectory.divergedAtStep = [45]
    for step in 0...50 {
      for probe in 0..<3 {
        run.trajectory.tangentKernelDiagonal[3 * step + probe] *= pow(10, 6 * Double(step))
      }
    }
    try draw(figures(run: run, nets: nil, labels: labels), "diverged")
    try draw(
      figures(run: Synthetic.run(), nets: Synthetic.nets(widths: [64], seeds: 3), labels: labels),
      "one width")
    run.trajectory.divergedAtStep = [nil]
    run.trajectory.trainingLoss = (0...50).map { 3.5e22 + 1e22 * Double($0) }
    run.trajectory.testLoss = (0...50).map { 1 + 1e308 * Double($0) / 50 }
    run.trajectory.testLoss[25] = .leastNonzeroMagnitude
    try draw([#require(lossFigure(run: run, nets: nil, labels: labels))], "large")
  }

  @Test func foldersThatCannotBeMade() throws {
    let scratch = try PlottingScratchFolder()
    let path = scratch.path + "/file"
    try "x".write(toFile: path, atomically: false, encoding: .utf8)
    for (folder, message) in [
      (path, "this is a file; name a folder"),
      (path + "/figures", "\(path) is not a folder"),
    ] {
      #expect(throws: Diagnostic(.outputFailure, message, file: folder)) {
        try drawFigures([], to: folder)
      }
    }
    #expect(throws: Diagnostic(.outputFailure, "the name of the output folder is empty")) {
      try drawFigures([], to: "")
    }
  }
}
