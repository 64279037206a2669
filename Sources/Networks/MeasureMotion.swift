/// Whether the law of the weights (a, w) changes in training, in the limit of infinite width.
public enum MeasureMotion: String, Sendable, CaseIterable {
  /// Relative increments of the weights stay finite (gamma = 0).
  case moves
  /// They vanish (gamma < 0): the law stays the initial one and the tangent kernel is constant.
  case frozen
}
