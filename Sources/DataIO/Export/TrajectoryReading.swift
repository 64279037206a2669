import Diagnostics
import ParticleSystems

/// Reads trajectories back from RUN.nc and NETS.nc, checking every shape.
struct TrajectoryReading {
  let file: NetCDFReader
  /// Names of the dimensions of the members: realization, or width and seed.
  let memberDimensions: [String]
  let parts: RecordParts
  let steps: [Int]
  private let lengths: [String: Int]

  init(_ file: NetCDFReader, memberDimensions: [String], parts: RecordParts) throws {
    self.file = file
    self.memberDimensions = memberDimensions
    self.parts = parts
    var lengths: [String: Int] = [:]
    for name in memberDimensions + ["step", "update", "train", "test", "output", "probe"] {
      guard let length = try file.dimensionLength(name) else {
        throw Diagnostic(.badInput, "the file has no dimension \(name)", file: file.path)
      }
      lengths[name] = length
    }
    self.lengths = lengths
    try Self.check("step", ["step"], file)
    steps = try file.read("step", as: Int.self)
    try checkIncreasing(steps, "step", from: 0, in: file)
    for name in [memberDimensions.last!, "output"] where lengths[name] == 0 {
      throw Diagnostic(
        .badInput, "the dimension \(name) is empty; accepted: one entry or more", file: file.path)
    }
  }

  func length(_ dimension: String) -> Int { lengths[dimension]! }

  func labels(_ name: String, _ dimension: String) throws -> [Double] {
    try Self.check(name, [dimension], file)
    return try file.read(name)
  }

  func integers(_ name: String) throws -> [Int] {
    try Self.check(name, [name], file)
    return try file.read(name, as: Int.self)
  }

  /// The trajectory at one index of each leading member dimension but the last, over all of which
  /// it extends.
  func trajectory(at leading: [Int]) throws -> Trajectory {
    let terms = try terms
    let layers = try file.dimensionLength("layer") ?? 0
    func block(_ name: String, _ rest: [String], optional: Bool = false) throws -> [Double] {
      if optional, !file.hasVariable(name) { return [] }
      try Self.check(name, memberDimensions + rest, file)
      let members = length(memberDimensions.last!)
      return try file.read(
        name, start: leading + [0] + rest.map { _ in 0 },
        count: leading.map { _ in 1 } + [members]
          + rest.map { name in
            ["term": terms.names.count, "layer": layers][name]
              ?? length(name == "other_probe" ? "probe" : name)
          })
    }
    // No blank entries: everything is read.
    var result = Trajectory(
      steps: [], members: 0, updates: length("update"), trainingPoints: length("train"),
      testPoints: length("test"), outputs: length("output"), probes: length("probe"),
      hasAccuracy: false, hasDecomposition: false, hasError: false)
    result.steps = steps
    result.members = length(memberDimensions.last!)
    result.trainingLoss = try block("train_loss", ["step"])
    result.testLoss = try block("test_loss", ["step"])
    result.trainingAccuracy = try block("train_accuracy", ["step"], optional: true)
    result.testAccuracy = try block("test_accuracy", ["step"], optional: true)
    if parts.contains(.trainingLogits) {
      result.trainingLogits = try block("train_logits", ["step", "train", "output"])
    }
    if parts.contains(.testLogits) {
      result.testLogits = try block("test_logits", ["step", "test", "output"])
      result.mirrorTestLogits = try block(
        "mirror_test_logits", ["step", "test", "output"], optional: true)
    }
    if parts.contains(.lossGradient) {
      result.lossGradient = try block(
        "loss_gradient", ["update", "train", "output"], optional: true)
    }
    result.tangentKernelDiagonal = try block("tangent_kernel_diagonal", ["step", "probe"])
    result.tangentKernel = try block(
      "tangent_kernel", ["step", "probe", "other_probe"], optional: true)
    result.tangentKernelStandardError = try block(
      "tangent_kernel_standard_error", ["step", "probe", "other_probe"], optional: true)
    if file.hasVariable("test_logits_error") {
      result.testLogitsError = try labels("test_logits_error", "step")
      if let error = result.testLogitsError.first(where: { $0 < 0 }) {
        throw Diagnostic(
          .badInput,
          "the variable test_logits_error has the value \(error); accepted: no negative"
            + " numbers", file: file.path)
      }
    }
    if file.hasVariable("test_logits_bias") {
      result.testLogitsBias = try labels("test_logits_bias", "step")
    }
    result.trainingLossStandardError = try block(
      "train_loss_standard_error", ["step"], optional: true)
    result.testLossStandardError = try block(
      "test_loss_standard_error", ["step"], optional: true)
    result.tangentKernelDiagonalStandardError = try block(
      "tangent_kernel_diagonal_standard_error", ["step", "probe"], optional: true)
    if parts.contains(.trainingLogits) {
      result.trainingLogitsStandardError = try block(
        "train_logits_standard_error", ["step", "train", "output"], optional: true)
    }
    if parts.contains(.testLogits) {
      result.testLogitsStandardError = try block(
        "test_logits_standard_error", ["step", "test", "output"], optional: true)
    }
    result.terms = terms
    result.decompositionStandardDeviation = try block(
      "decomposition_std", ["step", "term"], optional: true)
    result.weightIncrements = try block("increment_rms", ["step", "layer"], optional: true)
    result.incrementLayers = result.weightIncrements.isEmpty ? 0 : layers
    result.divergedAtStep = try divergence(at: leading)
    try checkFinite(result)
    return result
  }

  /// Refuses numbers that are not finite before a member diverged: no run writes them.
  private func checkFinite(_ trajectory: Trajectory) throws {
    func check(_ name: String, _ values: [Double], rows: [Int]) throws {
      guard trajectory.members > 0, !rows.isEmpty, !values.isEmpty else { return }
      let size = values.count / (trajectory.members * rows.count)
      for member in 0..<trajectory.members {
        let end = trajectory.divergedAtStep[member] ?? .max
        for (index, step) in rows.enumerated() where step < end {
          let first = (member * rows.count + index) * size
          guard values[first..<(first + size)].allSatisfy(\.isFinite) else {
            throw Diagnostic(
              .badInput,
              "the variable \(name) has numbers at step \(step) that are not finite, where the run had not"
                + " diverged", file: file.path)
          }
        }
      }
    }
    try check("train_logits", trajectory.trainingLogits, rows: steps)
    try check("test_logits", trajectory.testLogits, rows: steps)
    // Without it a file may claim any number of updates.
    if !trajectory.lossGradient.isEmpty {
      try check("loss_gradient", trajectory.lossGradient, rows: Array(0..<trajectory.updates))
    }
  }

  private var terms: LogitTerms {
    get throws {
      guard file.hasVariable("decomposition_std") else { return .oneLayer }
      let length = try file.dimensionLength("term")
      if let terms = LogitTerms.allCases.first(where: { $0.names.count == length }) {
        return terms
      }
      let accepted = LogitTerms.allCases.map {
        "\($0.names.count) entries: \($0.names.joined(separator: ", "))"
      }
      throw Diagnostic(
        .badInput, "the dimension term must have \(accepted.joined(separator: "; or "))",
        file: file.path)
    }
  }

  private func divergence(at leading: [Int]) throws -> [Int?] {
    try Self.check("diverged_at_step", memberDimensions, file)
    let members = length(memberDimensions.last!)
    return try file.read(
      "diverged_at_step", as: Int.self, start: leading + [0],
      count: leading.map { _ in 1 } + [members]
    ).map { $0 < 0 ? nil : $0 }
  }

  private static func check(
    _ variable: String, _ expected: [String], _ file: NetCDFReader
  ) throws {
    let actual = try file.shape(of: variable).map(\.name)
    guard actual == expected else {
      throw Diagnostic(
        .badInput,
        "the variable \(variable) has the dimensions (\(actual.joined(separator: ", "))); "
          + "(\(expected.joined(separator: ", "))) are expected", file: file.path)
    }
  }
}

/// Refuses steps or widths that do not increase, or begin below the least there can be.
func checkIncreasing(_ values: [Int], _ name: String, from least: Int, in file: NetCDFReader) throws
{
  guard values.first.map({ $0 >= least }) ?? true,
    zip(values, values.dropFirst()).allSatisfy({ $0 < $1 })
  else {
    throw Diagnostic(
      .badInput, "the variable \(name) must hold increasing numbers, of at least \(least)",
      file: file.path)
  }
}
