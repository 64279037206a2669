/// What a comparison is asked for beside its experiment.
public struct ComparisonRequest: Sendable, Equatable {
  /// RUN.nc, in the place of solving the limit.
  public var limitPath: String?
  /// NETS.nc, in the place of training.
  public var netsPath: String?
  /// The recorded step at which rates are fitted; `nil` for the last.
  public var rateStep: Int?
  /// Resamples of seeds for the errors of rates.
  public var resamples = defaultResamples

  public static let defaultResamples = 400

  /// Without paths, limit and networks are computed.
  public init(limitPath: String? = nil, netsPath: String? = nil, rateStep: Int? = nil) {
    self.limitPath = limitPath
    self.netsPath = netsPath
    self.rateStep = rateStep
  }
}
