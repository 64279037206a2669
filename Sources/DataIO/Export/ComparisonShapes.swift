import Diagnostics

/// The shapes of the arrays of a comparison that figures and tables look for by name.
struct ComparisonShapes {
  private let scaling: ScalingComparison

  init(_ scaling: ScalingComparison) { self.scaling = scaling }

  private static let fixed: [String: [ComparisonDimension]] = [
    "network_test_logits": [.width, .seed, .test, .output],
    "limit_test_logits": [.realization, .test, .output],
    "limit_weight_density": [.snapshot, .projection, .bin],
    "weight_density": [.width, .snapshot, .projection, .bin],
    "weight_edge": [.projection, .edge],
    "logit_rms_gap": [.width, .step], "paired_logit_rms_gap": [.width, .step],
  ]
  private static let losses = ["train_loss", "test_loss", "train_accuracy", "test_accuracy"]
  /// Arrays `M` with one of these behind have the shape of `M`.
  private static let companions = ["_stderr", "_floor", "_limit_error"]

  private func expected(_ name: String) -> [ComparisonDimension]? {
    if let shape = Self.fixed[name] { return shape }
    for loss in Self.losses {
      if name == "network_\(loss)" { return [.width, .seed, .step] }
      if name == "limit_\(loss)" { return [.realization, .step] }
    }
    for suffix in Self.companions where name.hasSuffix(suffix) {
      return scaling.array(String(name.dropLast(suffix.count)))?.dimensions
    }
    return nil
  }

  /// - Throws: `Diagnostic(.badInput)`.
  func check(path: String) throws {
    func text(_ dimensions: [ComparisonDimension]) -> String {
      dimensions.map(\.rawValue).joined(separator: ", ")
    }
    for array in scaling.arrays {
      guard let expected = expected(array.name), expected != array.dimensions else { continue }
      throw Diagnostic(
        .badInput,
        "the variable \(array.name) has the dimensions \(text(array.dimensions)); expected:"
          + " \(text(expected))", file: path)
    }
  }
}
