import ParticleSystems

/// The variables that RUN.nc and NETS.nc have in common: a trajectory whose members lie along the
/// leading dimensions (realization, or width and seed).
struct TrajectoryVariables {
  private let file: NetCDFWriter
  private let recording: RecordingDescription
  private let members: [NetCDFDimension]
  private let step: NetCDFDimension
  private let update: NetCDFDimension
  private let train: NetCDFDimension
  private let test: NetCDFDimension
  private let output: NetCDFDimension
  private let probe: NetCDFDimension
  /// Where the tangent kernel of pairs is recorded: a dimension has one name in a variable.
  private var otherProbe: NetCDFDimension?
  /// Where the increments of weights are recorded.
  private var layer: NetCDFDimension?
  /// Those that hold numbers of the trajectory, by name; defined with the first trajectory, which
  /// shows what there is.
  private var variables: [String: NetCDFVariable] = [:]

  /// Defines the dimensions and writes their coordinates and the labels.
  init(_ file: NetCDFWriter, _ recording: RecordingDescription, members: [NetCDFDimension]) throws {
    self.file = file
    self.recording = recording
    self.members = members
    step = try file.defineDimension("step", length: recording.steps.count)
    update = try file.defineDimension("update", length: recording.updates)
    train = try file.defineDimension("train", length: recording.trainingPoints)
    test = try file.defineDimension("test", length: recording.testPoints)
    output = try file.defineDimension("output", length: recording.outputs)
    probe = try file.defineDimension("probe", length: recording.probes)
    try file.writeCoordinate(recording.steps, step, longName: "training step")
    try file.writeCoordinate(
      Array(0..<recording.probes), probe, longName: "number of the test point, from 0")
    if !recording.logitExponents.isEmpty {
      let exponent = try file.defineVariable(
        "logit_exponent", Double.self, [step],
        longName: "exponent q: logits (and losses, where q > 0) are those of networks of width d"
          + " divided by (d / reference width)^q")
      try file.write(recording.logitExponents, to: exponent)
    }
    for (name, dimension, labels, points) in [
      ("train_label", train, recording.trainingLabels, "training"),
      ("test_label", test, recording.testLabels, "test"),
    ] {
      let variable = try file.defineVariable(
        name, Double.self, [dimension], longName: "label of the \(points) point")
      try file.write(labels, to: variable)
    }
  }

  /// Writes all members of a trajectory at `start` along the leading dimensions, the last of which
  /// counts the members.
  mutating func write(_ trajectory: Trajectory, at start: [Int]) throws {
    check(trajectory)
    if variables.isEmpty { try define(for: trajectory) }
    let count = start.dropLast().map { _ in 1 } + [trajectory.members]
    for entry in Self.entries {
      let values = trajectory[keyPath: entry.values]
      guard let variable = variables[entry.name] else {
        precondition(values.isEmpty, "\(entry.name) was not in the first trajectory")
        continue
      }
      let rest = Array(variable.shape.dropFirst(start.count))
      try file.write(
        values, to: variable, start: start + rest.map { _ in 0 }, count: count + rest)
    }
    if let decomposition = variables["decomposition_std"] {
      try file.write(
        trajectory.decompositionStandardDeviation, to: decomposition, start: start + [0, 0],
        count: count + [recording.steps.count, trajectory.terms.names.count])
    }
    try file.write(
      trajectory.divergedAtStep.map { $0 ?? -1 }, to: variables["diverged_at_step"]!,
      start: start, count: count)
  }

  /// One variable over (member, ...) each: its name, the trailing dimensions and what it is.
  private struct Entry {
    let name: String
    let values: any KeyPath<Trajectory, [Double]> & Sendable
    let dimensions: @Sendable (TrajectoryVariables) -> [NetCDFDimension]
    let longName: String
    var isOptional = false
  }

  private static let entries = [
    Entry(
      name: "train_loss", values: \.trainingLoss, dimensions: { [$0.step] },
      longName: "mean loss over the training points"),
    Entry(
      name: "test_loss", values: \.testLoss, dimensions: { [$0.step] },
      longName: "mean loss over the test points"),
    Entry(
      name: "train_accuracy", values: \.trainingAccuracy, dimensions: { [$0.step] },
      longName: "fraction of training points classified correctly", isOptional: true),
    Entry(
      name: "test_accuracy", values: \.testAccuracy, dimensions: { [$0.step] },
      longName: "fraction of test points classified correctly", isOptional: true),
    Entry(
      name: "train_logits", values: \.trainingLogits,
      dimensions: { [$0.step, $0.train, $0.output] }, longName: "logits at the training points"),
    Entry(
      name: "test_logits", values: \.testLogits, dimensions: { [$0.step, $0.test, $0.output] },
      longName: "logits at the test points"),
    Entry(
      name: "loss_gradient", values: \.lossGradient,
      dimensions: { [$0.update, $0.train, $0.output] },
      longName: "driving field: derivative of the mean loss of the batch by the logit",
      isOptional: true),
    Entry(
      name: "tangent_kernel_diagonal", values: \.tangentKernelDiagonal,
      dimensions: { [$0.step, $0.probe] },
      longName: "diagonal of the tangent kernel at the probe, learning rates included"),
    Entry(
      name: "train_loss_standard_error", values: \.trainingLossStandardError,
      dimensions: { [$0.step] }, longName: "standard error of train_loss", isOptional: true),
    Entry(
      name: "test_loss_standard_error", values: \.testLossStandardError,
      dimensions: { [$0.step] }, longName: "standard error of test_loss", isOptional: true),
    Entry(
      name: "train_logits_standard_error", values: \.trainingLogitsStandardError,
      dimensions: { [$0.step, $0.train, $0.output] },
      longName: "standard error of train_logits", isOptional: true),
    Entry(
      name: "test_logits_standard_error", values: \.testLogitsStandardError,
      dimensions: { [$0.step, $0.test, $0.output] },
      longName: "standard error of test_logits", isOptional: true),
    Entry(
      name: "tangent_kernel_diagonal_standard_error",
      values: \.tangentKernelDiagonalStandardError, dimensions: { [$0.step, $0.probe] },
      longName: "standard error of tangent_kernel_diagonal", isOptional: true),
    Entry(
      name: "mirror_test_logits", values: \.mirrorTestLogits,
      dimensions: { [$0.step, $0.test, $0.output] },
      longName: "mean of the test logits and those of the network of opposite initial output"
        + " weights",
      isOptional: true),
    Entry(
      name: "increment_rms", values: \.weightIncrements,
      dimensions: { [$0.step, $0.layer!] },
      longName: "root mean square of the weights' increments since step 0, in units in which"
        + " initial weights are of order one at all widths", isOptional: true),
    Entry(
      name: "tangent_kernel", values: \.tangentKernel,
      dimensions: { [$0.step, $0.probe, $0.otherProbe!] },
      longName: "tangent kernel between probes, learning rates included", isOptional: true),
    Entry(
      name: "tangent_kernel_standard_error", values: \.tangentKernelStandardError,
      dimensions: { [$0.step, $0.probe, $0.otherProbe!] },
      longName: "standard error of tangent_kernel", isOptional: true),
  ]

  private mutating func define(for trajectory: Trajectory) throws {
    if !trajectory.tangentKernel.isEmpty {
      let other = try file.defineDimension("other_probe", length: recording.probes)
      try file.writeCoordinate(
        Array(0..<recording.probes), other, longName: "number of the test point, from 0")
      otherProbe = other
    }
    if trajectory.incrementLayers > 0 { try defineLayers(trajectory.incrementLayers) }
    for entry in Self.entries {
      if entry.isOptional, trajectory[keyPath: entry.values].isEmpty { continue }
      var longName =
        recording.drivenBy?.longName(entry.longName, of: entry.name) ?? entry.longName
      if recording.outputs > 1, ["tangent_kernel_diagonal", "tangent_kernel"].contains(entry.name) {
        longName += ", mean over the outputs of the entries of each with itself"
      }
      variables[entry.name] = try file.defineVariable(
        entry.name, Double.self, members + entry.dimensions(self), longName: longName)
    }
    variables["diverged_at_step"] = try file.defineVariable(
      "diverged_at_step", Int32.self, members,
      longName: "first training step whose logits were not finite, -1 if none")
    if !trajectory.testLogitsError.isEmpty {
      let name = "test_logits_error"
      let longName = "estimated error of the simulation, root mean square over the test logits"
      let error = try file.defineVariable(
        name, Double.self, [step],
        longName: recording.drivenBy?.longName(longName, of: name) ?? longName)
      try file.write(trajectory.testLogitsError, to: error)
    }
    if !trajectory.testLogitsBias.isEmpty {
      let bias = try file.defineVariable(
        "test_logits_bias", Double.self, [step],
        longName: "estimated bias of the simulation before its removal, root mean square over the"
          + " test logits")
      try file.write(trajectory.testLogitsBias, to: bias)
    }
    if !trajectory.decompositionStandardDeviation.isEmpty {
      let names = trajectory.terms.names
      let term = try file.defineDimension("term", length: names.count)
      try file.writeStrings(names, "term", term, longName: "term of the logits")
      variables["decomposition_std"] = try file.defineVariable(
        "decomposition_std", Double.self, members + [step, term],
        longName: "standard deviation over the test points of the term of the logits"
          + (recording.outputs > 1 ? ", root mean square over the outputs" : ""))
    }
  }

  private mutating func defineLayers(_ count: Int) throws {
    let dimension = try file.defineDimension("layer", length: count)
    try file.writeCoordinate(
      Array(1...count), dimension, longName: "layer of weights, from the inputs")
    layer = dimension
  }

  private func check(_ trajectory: Trajectory) {
    precondition(trajectory.steps == recording.steps, "the recorded steps differ")
    precondition(trajectory.updates == recording.updates, "the number of updates differs")
    precondition(trajectory.trainingPoints == recording.trainingPoints, "training points differ")
    precondition(trajectory.testPoints == recording.testPoints, "test points differ")
    precondition(trajectory.outputs == recording.outputs, "the number of outputs differs")
    precondition(trajectory.probes == recording.probes, "the number of probes differs")
  }
}

extension NetCDFWriter {
  /// Writes the coordinate variable of a dimension: integers under the dimension's own name.
  func writeCoordinate(
    _ values: [Int], _ dimension: NetCDFDimension, longName: String, in group: NetCDFGroup? = nil
  ) throws {
    let variable = try defineVariable(
      dimension.name, Int.self, [dimension], longName: longName, in: group)
    try write(values, to: variable)
  }
}
