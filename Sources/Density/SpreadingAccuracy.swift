/// How closely a fast estimate follows the direct sum.
public enum SpreadingAccuracy: String, Sendable, CaseIterable {
  /// 1e-12 of the peak: the direct sum to rounding in double precision.
  case spectral
  /// 1e-6 of the peak: for pictures, and for comparisons with binned estimates.
  case fast
}
