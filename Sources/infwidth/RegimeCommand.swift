import ArgumentParser
import InfiniteWidth

struct RegimeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regime",
    abstract: "Say which infinite-width limit a scaling has, its exponents and properties.",
    discussion: """
      Around a reference network of width d*, the output scale is proportional to (d/d*)^q_sigma \
      and the learning rates to (d/d*)^q_eta, or to (d/d*)^q_a for output and (d/d*)^q_w for input \
      weights. Give a name, or --q-sigma with --q-eta, or --q-sigma with --q-a and --q-w. Exponents \
      are decimal numbers from -100 to 100; one within \(Regime.tolerance) of a line between limits \
      counts as on the line. With rmsprop the exponents are those of the hatted learning rates, \
      which are step sizes then, and the names stand for other exponents.
      """)

  @Argument(
    help: ArgumentHelp(
      "A named scaling: \(ScalingName.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var name: String?

  // Negative numbers begin like options: take what follows as it is.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Exponent of the output scale.", valueName: "x"))
  var qSigma: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Exponent of both learning rates.", valueName: "y"))
  var qEta: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Exponent of the output weights' learning rate.", valueName: "y"))
  var qA: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Exponent of the input weights' learning rate.", valueName: "y"))
  var qW: String?

  @Option(
    help: ArgumentHelp(
      "The networks' optimizer: \(OptimizerName.allCases.map(\.rawValue).joined(separator: ", ")).",
      valueName: "name"))
  var optimizer: String = OptimizerName.gradientDescent.rawValue

  @Flag(help: "The result on the standard output as JSON.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Draw the phase diagram, with the scaling marked, into an SVG or PNG file.",
      valueName: "file.svg"))
  var figure: String?

  @Flag(help: "Replace an existing figure.")
  var force = false

  func run() throws {
    let regime = try regime()
    if let figure {
      let terminal = try PlotScript.Terminal(ofFile: figure, option: "--figure")
      try checkDestination(figure, force: force)
      try Gnuplot().draw(
        PlotScript(PhaseDiagram(marking: regime), terminal: terminal), to: figure, force: force)
    }
    if json {
      try printOutput(try regime.json.text())
    } else {
      try printOutput(
        ([regime.text] + (figure.map { ["Written: \($0)"] } ?? [])).joined(separator: "\n\n"))
    }
  }

  private func regime() throws -> Regime {
    guard let optimizer = OptimizerName(rawValue: optimizer) else {
      throw Diagnostic(
        .commandLine,
        "received \(optimizer); accepted: "
          + OptimizerName.allCases.map(\.rawValue).joined(separator: ", "), key: "--optimizer")
    }
    let stepSize = optimizer.stepSize
    if figure != nil, stepSize == .normalized {
      throw Diagnostic(
        .commandLine,
        "the phase diagram is that of gd and momentum; accepted: no figure with rmsprop",
        key: "--figure")
    }
    let given = [("--q-sigma", qSigma), ("--q-eta", qEta), ("--q-a", qA), ("--q-w", qW)]
      .filter { $0.1 != nil }.map(\.0)
    if let name {
      if let first = given.first {
        throw Diagnostic(
          .commandLine, "received the name \(name) as well; accepted: a name, or exponents",
          key: first)
      }
      return try Self.named(name).regime(stepSize)
    }
    if given.isEmpty {
      throw Diagnostic(
        .commandLine,
        "no scaling given; accepted: a name such as ntk, or --q-sigma and --q-eta, or --q-sigma,"
          + " --q-a and --q-w")
    }
    let sigma = try Self.exponent(qSigma, "--q-sigma")
    if qA == nil, qW == nil {
      return Regime(Scaling(qSigma: sigma, qEta: try Self.exponent(qEta, "--q-eta")), stepSize)
    }
    if qEta != nil {
      throw Diagnostic(
        .commandLine,
        "received with \(qA == nil ? "--q-w" : "--q-a"); accepted: --q-eta, which sets both rates, or"
          + " --q-a and --q-w", key: "--q-eta")
    }
    return Regime(
      Scaling(
        qSigma: sigma, qA: try Self.exponent(qA, "--q-a"), qW: try Self.exponent(qW, "--q-w")),
      stepSize)
  }

  private static func named(_ name: String) throws -> ScalingName {
    guard let known = ScalingName(rawValue: name) else {
      let names = ScalingName.allCases.map(\.rawValue)
      let nearest = nearestName(to: name, among: names).map { ", did you mean \($0)?" } ?? ";"
      throw Diagnostic(
        .commandLine,
        "received \(name)\(nearest) accepted: \(names.joined(separator: ", ")), or exponents"
          + " such as --q-sigma -0.75 --q-eta 0.5", key: "name")
    }
    return known
  }

  private static func exponent(_ text: String?, _ option: String) throws -> ExactDecimal {
    guard let text else {
      throw Diagnostic(.commandLine, "missing; give \(DecimalExponent.accepted)", key: option)
    }
    guard let exponent = DecimalExponent(text: text) else {
      throw Diagnostic(
        .commandLine,
        "received \(text.isEmpty ? "an empty text" : text); accepted: \(DecimalExponent.accepted)",
        key: option)
    }
    return exponent.exactValue
  }
}
