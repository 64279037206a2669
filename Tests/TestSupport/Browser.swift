import Foundation

/// Chromium without a window, cut off from the network, where this machine has it.
public struct Browser: Sendable {
  private let executable: String

  public static let installed: Browser? = {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    for name in ["chromium", "chromium-browser", "google-chrome"] {
      for folder in folders {
        let path = "\(folder)/\(name)"
        if FileManager.default.isExecutableFile(atPath: path) { return Browser(executable: path) }
      }
    }
    return nil
  }()

  public struct Visit {
    /// The document as the browser holds it.
    public var document: String
    /// Lines of its console.
    public var console: [String]
    /// Addresses that the page asked for.
    public var requests: [String]
  }

  /// Opens a file.
  public func visit(_ path: String) throws -> Visit {
    let folder = NSTemporaryDirectory() + "browser-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in ["errors", "document"] {
      _ = FileManager.default.createFile(atPath: "\(folder)/\(name)", contents: nil)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
      "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=\(folder)/profile",
      "--log-net-log=\(folder)/network", "--enable-logging=stderr", "--dump-dom",
      URL(fileURLWithPath: path).absoluteString,
    ]
    process.standardOutput = FileHandle(forWritingAtPath: "\(folder)/document")
    process.standardError = FileHandle(forWritingAtPath: "\(folder)/errors")
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let deadline = Date().addingTimeInterval(120)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
    func text(_ name: String) throws -> String {
      String(
        decoding: try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name)")), as: UTF8.self)
    }
    return Visit(
      document: try text("document"),
      console: try text("errors").split(separator: "\n").filter { $0.contains("CONSOLE") }
        .map(String.init),
      requests: Self.requests(try text("network")))
  }

  /// The browser's own requests, for its updates, have other annotations than those of pages
  /// (`blink_resource_loader`).
  private static func requests(_ log: String) -> [String] {
    log.split(separator: "\n").filter { $0.contains("\"traffic_annotation\":101845102") }
      .compactMap { line in
        guard let start = line.range(of: "\"url\":\"") else { return nil }
        return String(line[start.upperBound...].prefix { $0 != "\"" })
      }
      .filter { !$0.hasPrefix("file:") && !$0.hasPrefix("data:") }
  }
}
