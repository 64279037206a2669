import Execution
import Foundation

/// The precision in which particles are stepped; sums over blocks of them, logits, losses and the
/// driving field are in double precision always.
public enum Precision: String, Sendable, CaseIterable {
  case single, double

  var bytes: Int { self == .single ? 4 : 8 }
}

/// What a run is told beside its configuration.
public struct RunOptions: Sendable {
  /// Replaces `limit.seed`.
  public var seed: UInt64?
  /// Threads, and the processes that share the run.
  public var workers: Workers
  /// Of the particles; sums are in double precision.
  public var precision: Precision
  /// Whether an existing output file may be replaced.
  public var force: Bool
  /// The command line, for the file's history.
  public var commandLine: String

  /// The file's history: when and how the run was started; where an interrupted run continues, that of its start.
  public var history: String

  /// The history is made of the time and `commandLine` where none is given.
  public init(
    seed: UInt64? = nil, workers: Workers = Workers(), precision: Precision = .single,
    force: Bool = false, commandLine: String, history: String? = nil
  ) {
    self.seed = seed
    self.workers = workers
    self.precision = precision
    self.force = force
    self.commandLine = commandLine
    self.history = history ?? "\(Date().formatted(.iso8601)) \(commandLine)"
  }
}

/// How far a run is: the fraction done, for a bar and an estimate of the remaining time, and what it
/// is doing.
public struct RunProgress: Sendable {
  /// From 0 to 1.
  public let fraction: Double
  /// A few words, such as what is being trained.
  public let activity: String
}

/// Name and version of the program, as files record them.
package enum ProgramIdentity {
  static let version = "0.1.0"
  package static var source: String { "InfiniteWidth \(version)" }
}
