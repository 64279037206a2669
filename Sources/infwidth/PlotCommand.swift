import ArgumentParser
import Foundation
import InfiniteWidth

struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the figures that suit what the files hold, as SVG and PNG.",
    discussion: """
      A limit (written by `infwidth limit`), finite nets (written by `infwidth train`), or one of \
      each of one experiment, which are then drawn in common axes: nets as the mean over seeds \
      with a band of one standard deviation. Or several limits of one experiment in different \
      scalings (`infwidth limit --scaling`), which are compared with each other and, where a file of \
      nets is given that has the reference width, with the reference network. Or one file of densities \
      (`infwidth density`), or one comparison (`infwidth compare`), or one file of predictions \
      (`infwidth predict`), or one study (`infwidth study`).
      """)

  @Argument(
    help: ArgumentHelp("One file, a limit and nets, or several limits.", valueName: "file.nc"))
  var files: [String]

  @Option(name: .shortAndLong, help: ArgumentHelp("The folder for the figures.", valueName: "dir"))
  var output: String

  @Flag(help: "Replace existing figures.")
  var force = false

  func run() throws {
    var runs: [String] = []
    var nets: [String] = []
    var others: [String] = []
    for file in files {
      switch try recordKind(of: file) {
      case .run: runs.append(file)
      case .nets: nets.append(file)
      case .density, .comparison, .prediction, .study: others.append(file)
      case .kernel: throw kernelsWithoutFigures(file)
      }
    }
    if let file = others.first {
      guard files.count == 1 else {
        throw Diagnostic(
          .commandLine,
          "received \(file) with other files; accepted: \(try recordKind(of: file).noun) alone")
      }
      try checkFolderDestination(output)
      for path in try drawFigures(figures(ofFile: file), to: output, force: force) {
        try printOutput(path)
      }
      return
    }
    guard nets.count <= 1 else {
      throw Diagnostic(
        .commandLine,
        "received \(nets.count) files of nets; accepted: at most one, and any number of limits")
    }
    try checkFolderDestination(output)
    let limits = try runs.map { try RunRecord.read($0, parts: .testLogits) }
    let networks = try nets.first.map { try NetsRecord.read($0, parts: .testLogits) }
    if let networks, let limit = limits.first, limits.count == 1 {
      try check(networks, against: limit)
    }
    if limits.count > 1 { try checkComparable(limits, networks) }
    let figures = try figures(
      runs: limits, nets: networks,
      labels: FigureLabels(ofFile: files[0], namesLimit: runs.count <= 1))
    for path in try drawFigures(figures, to: output, force: force) { try printOutput(path) }
  }

  /// Refuses nets that do not belong to the limit: another experiment, or another scaling, which the
  /// command line may have set.
  private func check(_ networks: NetsRecord, against limit: RunRecord) throws {
    try checkSameExperiment(
      (networks.path, networks.configText), as: (limit.path, limit.configText))
    guard networks.limit == limit.limit else {
      throw Diagnostic(
        .badInput,
        "scaling: received networks of the limit \(networks.limit.name) where \(limit.path) has"
          + " \(limit.limit.name); give files of one scaling", file: networks.path)
    }
    try checkSameData(networks.path, as: limit.path)
  }

  /// Refuses limits of different experiments; only their scalings may differ.
  private func checkComparable(_ limits: [RunRecord], _ networks: NetsRecord?) throws {
    let first = (limits[0].path, limits[0].configText)
    for limit in limits.dropFirst() {
      try checkSameExperiment((limit.path, limit.configText), as: first, anyScaling: true)
      try checkSameData(limit.path, as: first.0)
    }
    guard let networks else { return }
    try checkSameExperiment((networks.path, networks.configText), as: first, anyScaling: true)
    try checkSameData(networks.path, as: first.0)
    if let width = limits[0].referenceWidth, !networks.widths.contains(width) {
      printError(
        "infwidth: note: \(networks.path) has no networks of the reference width \(width), which the"
          + " limits are compared with; the figure is drawn without them")
    }
  }
}
