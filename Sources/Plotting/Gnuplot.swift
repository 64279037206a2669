import DataIO
import Diagnostics
public import Execution
import Foundation

/// The program that draws: found on PATH, fed through its standard input.
public struct Gnuplot: Sendable {
  /// Where the program is.
  public let executable: String

  /// Finds `gnuplot` on the path given (the environment's by default).
  ///
  /// - Throws: `Diagnostic(.inputMissing)` with the command that installs it.
  public init(searchPath: String? = nil) throws {
    let path = searchPath ?? ProcessInfo.processInfo.environment["PATH"] ?? ""
    for folder in path.split(separator: ":", omittingEmptySubsequences: true) {
      let candidate = "\(folder)/gnuplot"
      var isFolder: ObjCBool = false
      if FileManager.default.isExecutableFile(atPath: candidate),
        FileManager.default.fileExists(atPath: candidate, isDirectory: &isFolder),
        !isFolder.boolValue
      {
        executable = candidate
        return
      }
    }
    throw Diagnostic(
      .inputMissing,
      "figures need gnuplot, which is not on PATH; install it: apt install gnuplot-nox")
  }

  /// Runs a script, whose image goes to the file, complete or not at all.
  ///
  /// - Throws: `Diagnostic(.internalFailure)` with gnuplot's own words where it rejects the script,
  ///   `Diagnostic(.outputFailure)` where the file cannot be written.
  public func draw(_ script: PlotScript, to path: String, force: Bool) throws {
    try run(script.text, to: path, force: force)
  }

  /// The figure as SVG text that can stand within a page: from `<svg` on, with identifiers that begin
  /// with the figure's name, so that several figures share a page.
  ///
  /// - Throws: as ``draw(_:to:force:)``.
  public func svg(_ figure: any ScriptedFigure) throws -> String {
    let folder = NSTemporaryDirectory() + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/\(figure.name).svg"
    try draw(figure.script(for: .svg), to: path, force: false)
    return inlineSVG(
      try String(contentsOfFile: path, encoding: .utf8), prefix: "\(figure.name)-")
  }

  /// The same of several figures, as many at a time as there are processors: the same texts in the same order.
  ///
  /// - Throws: as ``draw(_:to:force:)``, of the first figure that fails.
  public func svgs(_ figures: [any ScriptedFigure], workers: Workers = Workers()) throws
    -> [String]
  {
    try workers.results(figures.count) { place in Result { try svg(figures[place]) } }
      .map { try $0.get() }
  }

  func run(_ script: String, to path: String, force: Bool) throws {
    let file = try PendingFile(path: path, force: force)
    let image = try file.createFile()
    defer { try? image.close() }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    // Without -d a user's own ~/.gnuplot would change the figures; read as a
    // file, standard input ends at the first error (else gnuplot goes on to the end of the script
    // and fails then) and lines are counted.
    process.arguments = ["-d", "/dev/stdin"]
    process.environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
    let input = Pipe()
    let errors = Pipe()
    process.standardInput = input
    process.standardOutput = image
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw Diagnostic(.internalFailure, "\(executable) cannot be started: \(error)")
    }
    // Feeding and listening at once: with one after the other, both programs could wait for ever
    // on full pipes.
    let inputDescriptor = input.fileHandleForWriting
    let feeder = DispatchQueue(label: "gnuplot input")
    feeder.async {
      writeIgnoringBrokenPipe(Array(script.utf8), to: inputDescriptor.fileDescriptor)
      try? inputDescriptor.close()
    }
    let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    feeder.sync {}
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      throw Diagnostic(.internalFailure, Self.failure(of: process, words), file: path)
    }
    try Self.checkImage(at: file.temporaryPath, file: path)
    try file.commit()
  }

  /// gnuplot does not look whether its output could be written, and ends with success on a full disk.
  private static func checkImage(at temporaryPath: String, file: String) throws {
    let bytes = try? Data(contentsOf: URL(fileURLWithPath: temporaryPath))
    let end = bytes.map { String(decoding: $0.suffix(16), as: UTF8.self) } ?? ""
    // The last element of an SVG document; the last chunk of a PNG image, with its checksum behind.
    guard end.contains("</svg>") || bytes?.suffix(8).starts(with: Array("IEND".utf8)) == true else {
      throw Diagnostic(
        .outputFailure,
        "the image that gnuplot wrote is incomplete: the disk is full, or a limit is reached",
        file: file)
    }
  }

  private static func failure(of process: Process, _ words: String) -> String {
    if let reason = reason(words) { return "gnuplot failed: \(reason)" }
    let end = process.terminationReason == .exit ? "ended with status" : "was ended by signal"
    return "gnuplot \(end) \(process.terminationStatus) and gave no reason"
  }

  /// What gnuplot printed about the error, such as `"/dev/stdin" line 3: invalid command`, without
  /// the warnings before it and the name that the script has for gnuplot. `nil` where it said nothing.
  static func reason(_ words: String) -> String? {
    let script = "\"/dev/stdin\" "
    let lines = words.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    if let line = lines.first(where: { $0.hasPrefix(script + "line ") }) {
      return String(line.dropFirst(script.count))
    }
    return lines.last { !$0.isEmpty }
  }
}

/// Writes all bytes, or as many as the reader takes: one that has gone away is not our death, and
/// the reason it gives by its exit status says more than the broken pipe.
private func writeIgnoringBrokenPipe(_ bytes: [UInt8], to descriptor: Int32) {
  // SIGPIPE is sent to the writing thread, so it is blocked here alone and taken back from the
  // pending ones; other threads and the program's own handlers see nothing of it.
  var pipe = sigset_t()
  sigemptyset(&pipe)
  sigaddset(&pipe, SIGPIPE)
  var before = sigset_t()
  pthread_sigmask(SIG_BLOCK, &pipe, &before)
  defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
  var done = 0
  while done < bytes.count {
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, $0.count - done) }
    if count >= 0 {
      done += count
    } else if errno == EPIPE {
      var none = timespec(tv_sec: 0, tv_nsec: 0)
      sigtimedwait(&pipe, nil, &none)
      return
    } else if errno != EINTR {
      return
    }
  }
}
