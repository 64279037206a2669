import ArgumentParser
import Foundation
import InfiniteWidth

/// The options that say what densities are wanted.
struct DensityOptions: ParsableArguments {
  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("One to three axes, such as a,norm(w).", valueName: "expr"))
  var project: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Width of the kernels: \(Self.rules) (isj, lscv, lcv for short), or a standard deviation, or one for each axis (0.1,0.2). \
      (default: \(BandwidthRule.automaticText))
      """, valueName: "rule|h"))
  var bandwidth: String?

  @Option(
    help: """
      What a rule chooses among on several axes: \(Self.shapes). (default: matrix with Gaussian \
      kernels, else per_axis)
      """)
  var bandwidthShape: String?

  @Option(help: "Shape of the kernels: \(Self.kernels). (default: gaussian)")
  var kernel: String?

  @Flag(help: "Histograms in place of kernels; the grid's cells are the bins.")
  var histogram = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Grid points on every axis. (default: 1024, 256 or 64 for one, two or three axes; more where kernels are narrow)",
      valueName: "n"), transform: wholeNumber)
  var grid: Int?

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      """
      Ends of the grid on an axis, such as "norm(w)=0:3", as often as wanted; particles beyond are \
      counted. (default: where the particles end)
      """, valueName: "axis=low:high"))
  var bounds: [String] = []

  @Flag(
    help: "Do not reflect densities where an axis ends: norm(w) at 0, angle(w, e) at 0 and pi.")
  var noReflection = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Training steps of the snapshots, such as 0,10,100. (default: all that the run stored)",
      valueName: "steps"))
  var snapshots: String?

  @Option(
    parsing: .unconditional,
    help: """
      As many fresh particles, such as 1e7, that follow the loss gradients of the run, in place of \
      those that it stored.
      """, transform: wholeNumber)
  var particles: Int?

  @Option(help: "How fresh particles are placed; replaces limit.design of the run.")
  var design: String?

  @Option(
    help: ArgumentHelp(
      """
      Where the experiment's configuration lies now, if it has moved: paths of the data start from its \
      folder.
      """, valueName: "config.yaml"))
  var config: String?

  private static func words<Name: CaseIterable & RawRepresentable<String>>(
    _ type: Name.Type
  ) -> [String] { type.allCases.map(\.rawValue) }
  private static var rules: String { words(BandwidthRule.self).joined(separator: ", ") }
  /// As the literature calls them for short.
  private static let shortRules: [String: BandwidthRule] = [
    "isj": .improvedSheatherJones, "lscv": .leastSquaresCrossValidation,
    "lcv": .likelihoodCrossValidation,
  ]
  private static var shapes: String { words(BandwidthShape.self).joined(separator: ", ") }
  private static var kernels: String { words(SmoothingKernel.self).joined(separator: ", ") }

  func validate() throws {
    if let particles, particles < 1 {
      throw ValidationError("--particles: received \(particles); accepted: 1 or more")
    }
    if design != nil, particles == nil {
      throw ValidationError("--design belongs to fresh particles; give --particles as well")
    }
    if let grid, !(2...(1 << 20)).contains(grid) {
      throw ValidationError("--grid: received \(grid); accepted: 2 to \(1 << 20)")
    }
    for (name, isGiven) in [
      ("--bandwidth", bandwidth != nil), ("--bandwidth-shape", bandwidthShape != nil),
      ("--kernel", kernel != nil), ("--no-reflection", noReflection),
    ] where histogram && isGiven {
      throw ValidationError(
        "\(name) belongs to kernels; the bins of --histogram are set by --grid and --bounds")
    }
  }

  /// - Throws: `Diagnostic(.commandLine)` with the option as its key.
  func request() throws -> DensityRequest {
    var request = DensityRequest()
    request.projections = try project.map { text in
      try located("--project") { try ProjectionExpression(parsing: text) }
    }
    let kernel = try kernel.map { try word($0, SmoothingKernel.self, option: "--kernel") }
    request.estimator = histogram ? .histogram : .kernel(kernel ?? .gaussian)
    request.bandwidthShape = try bandwidthShape.map {
      try word($0, BandwidthShape.self, option: "--bandwidth-shape")
    }
    if let kernel, kernel != .gaussian, request.bandwidthShape == .matrix {
      throw Diagnostic(
        .commandLine,
        "received matrix with the \(kernel.rawValue) kernel; accepted: scalar, per_axis",
        key: "--bandwidth-shape")
    }
    if let bandwidth { request.bandwidth = try width(bandwidth) }
    if case .fixed = request.bandwidth, let bandwidthShape {
      throw Diagnostic(
        .commandLine,
        "received \(bandwidthShape) with the bandwidth \(bandwidth ?? ""), which is given as it"
          + " is; accepted with rules alone", key: "--bandwidth-shape")
    }
    request.gridPoints = grid
    for text in bounds {
      let (axis, range) = try self.range(text)
      if let other = request.bounds.updateValue(range, forKey: axis) {
        throw Diagnostic(
          .commandLine,
          "received \(axis.text) twice, up to \(String(format: "%g", other.upperBound)) and up to"
            + " \(String(format: "%g", range.upperBound)); accepted: once for each axis",
          key: "--bounds")
      }
    }
    request.reflects = !noReflection
    request.snapshots = try snapshots.map(steps)
    request.particles = particles
    request.design = design
    request.configPath = config
    return request
  }

  private func located<Result>(_ option: String, _ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let diagnostic as Diagnostic {
      throw diagnostic.located(key: option)
    }
  }

  private func word<Name: CaseIterable & RawRepresentable<String>>(
    _ text: String, _ type: Name.Type, option: String, or other: String = ""
  ) throws -> Name {
    if let name = Name(rawValue: text) { return name }
    let names = Self.words(type)
    let received = text.isEmpty ? "an empty text" : text
    let nearest = nearestName(to: text, among: names).map { ", did you mean \($0)?" } ?? ";"
    throw Diagnostic(
      .commandLine,
      "received \(received)\(nearest) accepted: \(names.joined(separator: ", "))\(other)",
      key: option)
  }

  private func width(_ text: String) throws -> DensityRequest.BandwidthChoice {
    let fields = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = fields.map { decimal($0) }
    if let rule = Self.shortRules[text] { return .rule(rule) }
    guard numbers.contains(where: { $0 != nil }) else {
      return .rule(
        try word(
          text, BandwidthRule.self, option: "--bandwidth", or: ", or positive numbers such as 0.1"))
    }
    for (field, number) in zip(fields, numbers) {
      guard let number, number > 0, number.isFinite else {
        throw Diagnostic(
          .commandLine,
          "received \(field.isEmpty ? "an empty text" : String(field)); accepted:"
            + " positive numbers", key: "--bandwidth")
      }
    }
    return .fixed(numbers.map { $0! })
  }

  private func range(_ text: String) throws -> (AxisExpression, ClosedRange<Double>) {
    let refusal = Diagnostic(
      .commandLine,
      "received \(text.isEmpty ? "an empty text" : text); accepted: an axis and the ends of its grid,"
        + " such as a=-2:2", key: "--bounds")
    guard let equals = text.lastIndex(of: "=") else { throw refusal }
    let projection = try located("--bounds") {
      try ProjectionExpression(parsing: String(text[..<equals]))
    }
    let ends = text[text.index(after: equals)...].split(
      separator: ":", omittingEmptySubsequences: false
    ).map { decimal($0) }
    guard projection.axes.count == 1, ends.count == 2, let low = ends[0], let high = ends[1],
      low < high, low.isFinite, high.isFinite
    else { throw refusal }
    return (projection.axes[0], low...high)
  }

  private func steps(_ text: String) throws -> [Int] {
    try text.split(separator: ",", omittingEmptySubsequences: false).map { field in
      guard let step = Int(field.trimmingCharacters(in: .whitespaces)), step >= 0 else {
        throw Diagnostic(
          .commandLine,
          "received \(text.isEmpty ? "an empty text" : text); accepted: training steps"
            + " with commas between, such as 0,10,100", key: "--snapshots")
      }
      return step
    }
  }
}
