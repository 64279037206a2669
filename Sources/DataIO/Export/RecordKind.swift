import Diagnostics

/// What a file holds.
public enum RecordKind: String, Sendable, CaseIterable {
  /// RUN.nc: an infinite-width limit.
  case run
  /// NETS.nc: finite nets.
  case nets
  /// DENSITY.nc: densities of the law of the weights.
  case density
  /// CMP.nc: finite nets beside their limit.
  case comparison
  /// KERNEL.nc: kernels of infinitely wide networks.
  case kernel
  /// PREDICTION.nc: Bayesian networks and trained ensembles of infinite width.
  case prediction
  /// STUDY.nc: predictions of several deep networks, side by side.
  case study

  /// For sentences, such as "a limit".
  package var noun: String {
    switch self {
    case .run: "a limit"
    case .nets: "finite nets"
    case .density: "densities"
    case .comparison: "a comparison"
    case .kernel: "kernels"
    case .prediction: "predictions"
    case .study: "a study"
    }
  }
}

/// Tells the files apart by the global attribute `infinitewidth_file`, or, where other programs
/// have dropped it, by the variables.
///
/// - Throws: `Diagnostic(.badInput)` where the file is none of these, and as ``NetCDFReader``.
public func recordKind(of path: String) throws -> RecordKind {
  let file = try NetCDFReader(path: path)
  if let name = try file.text("infinitewidth_file"), let kind = RecordKind(rawValue: name) {
    return kind
  }
  if file.hasVariable("test_logits") {
    let dimensions = try file.shape(of: "test_logits").map(\.name)
    if dimensions == ["realization", "step", "test", "output"] { return .run }
    if dimensions == ["width", "seed", "step", "test", "output"] { return .nets }
  }
  if file.hasVariable("nngp_train_train"), file.hasVariable("ntk_train_train") { return .kernel }
  throw Diagnostic(
    .badInput,
    "neither a limit (written by infwidth limit) nor finite nets (written by infwidth train) nor"
      + " densities (written by infwidth density) nor a comparison (written by infwidth compare) nor"
      + " predictions (written by infwidth predict) nor a study (written by infwidth study)",
    file: path)
}
