import Checkpoints
public import MessagePassing

/// How a run makes checkpoints.
public struct CheckpointOptions: Sendable {
  /// Seconds from one checkpoint to the next; `nil` for none but those at signals.
  public var interval: Double?
  /// Whether an interrupted run is continued.
  public var resumes: Bool
  /// Whether a finished file, or an interrupted run, may be replaced.
  public var force: Bool
  /// Asks the run to stop at its next boundary.
  public var stop: StopRequest
  /// The processes that make one run together: the first keeps what all have, each its own particles.
  public var ranks: Ranks
  /// Told in one sentence what people should know.
  public var report: @Sendable (String) -> Void

  /// Seconds between checkpoints.
  public static let defaultInterval = 60.0

  /// Checkpoints every minute, by default of a run that starts from its beginning.
  public init(
    interval: Double? = defaultInterval, resumes: Bool = false, force: Bool = false,
    stop: StopRequest = StopRequest(), ranks: Ranks = .alone,
    report: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.interval = interval
    self.resumes = resumes
    self.force = force
    self.stop = stop
    self.ranks = ranks
    self.report = report
  }
}
