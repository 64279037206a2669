import DataIO
import Diagnostics

/// Refuses to take an output that is there already for that of a run that would be continued: another
/// command's file, one of another experiment or seed, or one that cannot be read.
///
/// How a run is computed (`limit`, `finite`, `record` and the options that replace them) is not compared.
///
/// - Parameters:
///   - loaded: the configuration of the run; `nil` for commands without one.
///   - seed: of the command line; `nil` for that of the configuration.
/// - Throws: `Diagnostic(.badInput)` with the first difference.
public func checkFinished(
  _ path: String, as kind: RecordKind, of loaded: LoadedConfiguration?, seed: UInt64? = nil
) throws {
  let rest =
    "; accepted with --resume: the finished file of this run, or none; --force without --resume"
    + " starts anew"
  let found: RecordKind
  do {
    found = try recordKind(of: path)
  } catch let diagnostic as Diagnostic {
    throw Diagnostic(
      .badInput, "not the file of a finished run: \(diagnostic.message)\(rest)", file: path)
  }
  guard found == kind else {
    throw Diagnostic(
      .badInput, "received a file of the kind \(found.rawValue), not \(kind.rawValue)\(rest)",
      file: path)
  }
  guard let loaded else { return }
  let theirs = try storedConfiguration(of: path, orScaling: loaded.configuration.scaling)
  if let difference = try loaded.configuration.firstDifference(from: theirs) {
    throw loaded.locate(
      Diagnostic(
        .badInput,
        "received \(difference.value) where the finished file \(path) has \(difference.otherValue)\(rest)",
        key: difference.key))
  }
  let mine = seed ?? loaded.configuration.limit.seed
  let stored = try NetCDFReader(path: path).number("seed").flatMap(UInt64.init(exactly:))
  if let stored, stored != mine {
    throw loaded.locate(
      Diagnostic(
        .badInput, "received \(mine) where the finished file \(path) has \(stored)\(rest)",
        key: seed == nil ? "limit.seed" : "--seed"))
  }
}
