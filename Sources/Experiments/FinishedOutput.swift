import DataIO
import Diagnostics

/// Refuses to take an output that is there already for that of a run that would be continued: another
/// command's file, one of another experiment or seed, or one that cannot be read.
///
/// What can be told without the data: the rest is for the job to tell (`checkFinished(_:settings:locate:)`).
///
/// - Parameters:
///   - loaded: the configuration of the run; `nil` for commands without one.
///   - seed: of the command line; `nil` for that of the configuration.
/// - Throws: `Diagnostic(.badInput)` with the first difference.
package func checkFinished(
  _ path: String, as kind: RecordKind, of loaded: LoadedConfiguration?, seed: UInt64? = nil
) throws {
  let found: RecordKind
  do {
    found = try recordKind(of: path)
  } catch let diagnostic as Diagnostic {
    throw Diagnostic(
      .badInput, "not the file of a finished run: \(diagnostic.message)\(finishedRest)", file: path)
  }
  guard found == kind else {
    throw Diagnostic(
      .badInput,
      "received a file of the kind \(found.rawValue), not \(kind.rawValue)\(finishedRest)",
      file: path)
  }
  guard let loaded else { return }
  let theirs = try storedConfiguration(of: path, orScaling: loaded.configuration.scaling)
  if let difference = try loaded.configuration.firstDifference(from: theirs) {
    throw loaded.locate(
      Diagnostic(
        .badInput,
        "received \(difference.value) where the finished file \(path) has \(difference.otherValue)\(finishedRest)",
        key: difference.key))
  }
  let mine = seed ?? loaded.configuration.limit.seed
  let stored = try NetCDFReader(path: path).number("seed").flatMap(UInt64.init(exactly:))
  if let stored, stored != mine {
    throw loaded.locate(
      Diagnostic(
        .badInput, "received \(mine) where the finished file \(path) has \(stored)\(finishedRest)",
        key: seed == nil ? "limit.seed" : "--seed"))
  }
}

private let finishedRest =
  "; accepted with --resume: the finished file of this run, or none; --force without --resume starts anew"

extension [RunSetting] {
  private static let attributeName = "run_settings"

  /// For a finished file, so that it can be told from that of another run.
  var attributes: [String: AttributeValue] {
    let lines = filter(\.isBinding).map { "\($0.key): \($0.value.replacing("\n", with: " "))" }
    return [Self.attributeName: .text(lines.joined(separator: "\n"))]
  }

  /// Of a finished file; `nil` in one of a version that did not keep them.
  fileprivate init?(of path: String) throws {
    guard let text = try NetCDFReader(path: path).text(Self.attributeName) else { return nil }
    self = text.split(separator: "\n").compactMap { line in
      line.firstRange(of: ": ").map {
        RunSetting(key: String(line[..<$0.lowerBound]), value: String(line[$0.upperBound...]))
      }
    }
  }
}

/// Refuses to take a finished file for that of a run with other settings, by the first that differs. The
/// program's version is none of them: what is finished is.
///
/// - Parameters:
///   - settings: all that the run depends on.
///   - locate: fills in the place of a setting.
/// - Throws: `Diagnostic(.badInput)`, and as ``NetCDFReader``.
func checkFinished(
  _ path: String, settings: [RunSetting], locate: (Diagnostic) -> Diagnostic
) throws {
  guard let theirs = try [RunSetting](of: path) else { return }
  let mine = settings.filter { $0.isBinding && $0.key != "program" }
    .map { RunSetting(key: $0.key, value: $0.value.replacing("\n", with: " ")) }
  guard
    let difference = mine.firstDifference(from: theirs.filter { $0.key != "program" })
  else { return }
  throw locate(
    Diagnostic(
      .badInput,
      "received \(difference.mine ?? "none") where the finished file \(path) has"
        + " \(difference.theirs ?? "none")\(finishedRest)", key: difference.key))
}

extension LimitJob {
  /// Refuses to take a finished file for that of this run.
  ///
  /// - Throws: `Diagnostic(.badInput)` with the first setting that differs.
  package func checkFinished(_ output: String) throws {
    try Experiments.checkFinished(output, settings: runSettings) { experiment.loaded.locate($0) }
  }
}

extension DrivenLimitJob {
  /// As ``LimitJob/checkFinished(_:)``.
  package func checkFinished(_ output: String) throws {
    try Experiments.checkFinished(output, settings: runSettings) {
      job.experiment.loaded.locate($0)
    }
  }
}

extension NetworksJob {
  /// As ``LimitJob/checkFinished(_:)``.
  package func checkFinished(_ output: String) throws {
    try Experiments.checkFinished(output, settings: runSettings) { experiment.loaded.locate($0) }
  }
}

extension ComparisonJob {
  /// As ``LimitJob/checkFinished(_:)``.
  package func checkFinished(_ output: String) throws {
    try Experiments.checkFinished(output, settings: runSettings) {
      experiments[0].loaded.locate($0)
    }
  }
}

extension DensityJob {
  /// As ``LimitJob/checkFinished(_:)``.
  package func checkFinished(_ output: String) throws {
    try Experiments.checkFinished(output, settings: runSettings, locate: locate)
  }
}
