/// What an integration took.
public struct IntegrationRecord: Sendable, Equatable {
  /// The norm of the estimated error of one step, relative to the scale of the state.
  public var tolerance: Double
  /// Steps taken.
  public var accepted: Int
  /// Steps tried whose error was above the tolerance.
  public var rejected: Int

  package init(tolerance: Double, accepted: Int, rejected: Int) {
    self.tolerance = tolerance
    self.accepted = accepted
    self.rejected = rejected
  }

  /// The steps of several integrations together; `nil` where there are none.
  package init?(sumOf parts: [IntegrationRecord]) {
    guard let first = parts.first else { return nil }
    self.init(
      tolerance: first.tolerance, accepted: parts.reduce(0) { $0 + $1.accepted },
      rejected: parts.reduce(0) { $0 + $1.rejected })
  }
}
