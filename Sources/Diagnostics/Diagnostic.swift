/// The one error type that this package throws: what went wrong with something the user gave or the
/// system did, where, and what would be accepted.
///
/// Programmer mistakes (wrong shapes, indices out of range) are preconditions and never reach this
/// type; numerical divergence is a recorded outcome of a run, not an error.
public struct Diagnostic: Error, Sendable, Equatable {
  /// The class of the failure; each has the exit status that `infwidth` ends with.
  public enum Kind: Int32, Sendable, CaseIterable {
    /// A command line that cannot be understood.
    case commandLine = 64
    /// Data or a configuration that was read but is not acceptable.
    case badInput = 65
    /// An input that is missing or cannot be read.
    case inputMissing = 66
    /// A failure inside the program or a library it calls.
    case internalFailure = 70
    /// An output that cannot be written.
    case outputFailure = 74
    /// A run stopped by a signal after its checkpoint was written.
    case stoppedBySignal = 75

    /// The status with which the process exits (`sysexits.h`).
    public var exitStatus: Int32 { rawValue }
  }

  /// The class of the failure, which decides the exit status.
  public let kind: Kind
  /// The file at fault, as the user named it.
  public let file: String?
  /// The line in `file`, counted from 1.
  public let line: Int?
  /// The configuration key at fault, as a dotted path such as `training.steps`.
  public let key: String?
  /// One sentence (or two): the value received and what is accepted.
  public let message: String

  /// Where is `file`, `line` and `key`, as far as they are known.
  public init(
    _ kind: Kind, _ message: String, file: String? = nil, line: Int? = nil, key: String? = nil
  ) {
    self.kind = kind
    self.file = file
    self.line = line
    self.key = key
    self.message = message
  }

  /// The same diagnostic with a place filled in where it had none: readers deep inside know the key
  /// or the line, their callers the file.
  package func located(file: String? = nil, line: Int? = nil, key: String? = nil) -> Diagnostic {
    Diagnostic(
      kind, message, file: self.file ?? file, line: self.line ?? line, key: self.key ?? key)
  }
}

extension Diagnostic: CustomStringConvertible {
  /// `file:line: key: message`, without the parts that are not known, on one line: control characters,
  /// which names of files and texts in them may have, are written as escapes.
  public var description: String {
    var place = file ?? ""
    if let line { place += place.isEmpty ? "line \(line)" : ":\(line)" }
    let text = [place, key ?? "", message].filter { !$0.isEmpty }.joined(separator: ": ")
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .lineSeparator, .paragraphSeparator:
        result.append(contentsOf: scalar.escaped(asASCII: true).unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
