import Foundation
import InfiniteWidth

/// A limit that the command runs, whichever it is.
protocol LimitSubject {
  var experiment: Experiment { get }

  /// Remarks on settings without effect.
  ///
  /// - Parameter isGivenParticles: whether the command line has a number of particles.
  func notes(isGivenParticles: Bool) -> [String]

  /// What is wrong with results that the settings allow.
  var warnings: [String] { get }

  func checkFinished(_ output: String) throws

  /// With a pilot of it.
  func plan() throws -> LimitPlan

  func run(
    output: String, checkpoints: RunCheckpoints?, progress: (RunProgress) -> Void
  ) throws -> LimitOutcome

  /// What was run, in sentences for people.
  func description(of outcome: LimitOutcome, _ elapsed: String) -> [String]

  /// A sentence on units of the logits, where they are not plain.
  var units: [String] { get }

  /// For programs, beside what all limits have.
  func results(of outcome: LimitOutcome) -> [String: JSONValue]
}

extension LimitSubject {
  var warnings: [String] { [] }
}

extension Double {
  /// Two digits, for people.
  var short: String { String(format: "%.2g", self) }
}
