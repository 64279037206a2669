/// Which bandwidths a rule may choose among in several dimensions.
public enum BandwidthShape: String, Sendable, CaseIterable {
  /// One standard deviation for all axes.
  case scalar
  /// A standard deviation for each axis.
  case perAxis = "per_axis"
  /// A full covariance matrix, aligned with the sample's principal axes.
  case matrix
}
