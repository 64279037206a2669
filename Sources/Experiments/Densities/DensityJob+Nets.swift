import DataIO
import Diagnostics

/// Finite nets beside a limit.
extension DensityJob {
  /// Refuses what is no file of nets of the limit's experiment and scaling.
  ///
  /// - Returns: the steps of its snapshots.
  static func checkNets(_ path: String, against run: String) throws -> [Int] {
    guard try recordKind(of: path) == .nets else {
      throw Diagnostic(
        .badInput, "received no finite nets; accepted: a file written by infwidth train",
        file: path)
    }
    let (mine, theirs) = (try RunMetadata(path), try RunMetadata(run))
    try checkSameExperiment((path, mine.configText), as: (run, theirs.configText), anyScaling: true)
    guard mine.limit == theirs.limit else {
      throw Diagnostic(
        .badInput,
        "received networks of the limit \(mine.limit) where \(run) has \(theirs.limit); give files of"
          + " one scaling", file: path, key: "scaling")
    }
    try checkSameData(path, as: run, withTestData: false)
    return try DensitySource.nets(path, steps: nil, hiddenLayers: mine.hiddenLayers)[0].steps
  }

  /// The nets at the steps of the limit.
  ///
  /// - Throws: `Diagnostic` where snapshots or weights are not those of the limit.
  static func nets(
    _ path: String, beside limit: DensitySource, _ request: DensityRequest
  ) throws -> [DensitySource] {
    let nets = try DensitySource.nets(
      path, steps: request.snapshots, hiddenLayers: try RunMetadata(path).hiddenLayers)
    if let step = Set(nets[0].steps).symmetricDifference(limit.steps).min() {
      let (owner, other) =
        limit.steps.contains(step) ? (limit.path, path) : (path, limit.path)
      throw Diagnostic(
        .badInput,
        "the snapshots are not those of \(limit.path): the first difference is step \(step), which"
          + " \(owner) has and \(other) has not; choose steps that both have with --snapshots",
        file: path)
    }
    // Nets of other widths have what those of the first have.
    let first = nets[0]
    for (name, mine, theirs) in [
      ("features", first.features, limit.features), ("outputs", first.outputs, limit.outputs),
      ("hidden layers", first.layers.count, limit.layers.count),
      ("probes", first.probes, limit.probes),
    ] where mine != theirs {
      throw Diagnostic(
        .badInput,
        "the nets have \(mine) \(name), the particles of \(limit.path) have \(theirs); give files of one"
          + " experiment", file: path)
    }
    return nets
  }
}
