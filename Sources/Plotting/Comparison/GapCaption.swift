/// What the legend of gaps calls its lines.
enum GapLabel {
  static let measured = "networks"
  static let fitted = "fitted power"
  static let predicted = "predicted power"
  static let floor = "between independent networks"
  static let error = "error of the limit"
}

/// What figures of gaps say of themselves: what is drawn, and nothing else.
enum GapCaption {
  /// - Parameter metrics: those that are drawn.
  static func weights(_ metrics: [String]) -> String {
    var parts: [String] = []
    if metrics.contains(where: {
      $0.hasPrefix("wasserstein1[") || ["sliced_wasserstein2", "energy_distance"].contains($0)
    }) {
      parts.append("distances between the laws of the weights of networks and of their limit")
    }
    if metrics.contains("coupling_distance2") {
      parts.append("the mean squared distance of neurons from their twins in the limit")
    }
    if metrics.contains("weight_increment") {
      parts.append("the root mean square increment of the neurons' weights")
    }
    let text = parts.joined(separator: ", ")
    return "\(text.prefix(1).uppercased())\(text.dropFirst()), against the width."
  }

  /// Terms of the logits, of one hidden layer or of several.
  static let termNames = ["f_0", "f_a", "f_v", "f_w", "f_vw", "f_aw", "f_av", "f_avw", "f_mixed"]

  /// What names of increments begin with, before the layer's number.
  static let layerPrefix = "increment_rms_"

  /// - Parameter metrics: those that are drawn.
  static func terms(_ metrics: [String]) -> String {
    let drawn = termNames.filter { metrics.contains("decomposition_\($0)") }
    let what =
      "Standard deviations over test points of the terms of the networks' logits, against the width: "
    if drawn.contains("f_v") {
      return what
        + "increments of the output weights (a), of all hidden layers (v) and of the input weights (w) where the name"
        + " has the letter, initial weights where not"
        + (drawn.contains("f_mixed")
          ? "; f_mixed products of initial weights and increments of hidden layers." : ".")
    }
    let parts = [
      ("f_0", "with initial weights"), ("f_a", "with the increment of the output weights"),
      ("f_w", "with that of the input weights"), ("f_aw", "with both increments"),
    ].filter { drawn.contains($0.0) }.map { "\($0.0) \($0.1)" }
    return what + "\(parts.joined(separator: ", "))."
  }

  /// - Parameters:
  ///   - labels: of the curves of all panels.
  ///   - hasErrors: whether points have bars.
  static func legend(_ labels: [String], hasErrors: Bool) -> String {
    let powers = [
      (GapLabel.fitted, "the fitted power of the width"),
      (GapLabel.predicted, "the power that theory predicts"),
    ].filter { labels.contains($0.0) }.map(\.1)
    let beside = [
      (GapLabel.floor, "the same number between independent networks of the width"),
      (GapLabel.error, "the error of the limit itself"),
    ].filter { labels.contains($0.0) }.map(\.1)
    let drawn = ["points" + (hasErrors ? " with standard errors" : "")] + powers
    return " Drawn are \(drawn.joined(separator: ", "))"
      + (beside.isEmpty ? "" : ", beside \(beside.joined(separator: " and "))") + "."
  }
}
