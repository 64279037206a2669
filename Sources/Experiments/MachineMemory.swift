import Foundation

/// The memory of this process: what it may have and what it has.
enum MachineMemory {
  /// Bytes that the process may have: those of the machine, or of its control group (a batch system's or a
  /// container's limit) where that is less.
  static let limit: Double =
    ([Double(ProcessInfo.processInfo.physicalMemory)] + controlGroupLimits()).min()!

  /// Bytes that the process has now.
  static var resident: Double {
    // Pages: of the program, resident ones, ...
    let pages = text("/proc/self/statm").split(separator: " ").dropFirst().first
    return Double(pages ?? "0")! * Double(sysconf(Int32(_SC_PAGESIZE)))
  }

  /// The most bytes that the process ever had.
  static var peak: Double {
    let line = text("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first
    return 1024 * Double(kilobytes ?? "0")!
  }

  /// Bytes that it may have in addition.
  static var available: Double { limit - resident }

  private static func text(_ path: String) -> String {
    (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
  }

  /// The limits of the group and of those that it is part of, in both versions of control groups; a limit that is
  /// none is the word max or a number beyond any memory.
  private static func controlGroupLimits() -> [Double] {
    text("/proc/self/cgroup").split(separator: "\n").flatMap { line -> [Double] in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3, fields[1].isEmpty || fields[1] == "memory" else { return [] }
      let (root, file) =
        fields[1].isEmpty
        ? ("/sys/fs/cgroup", "memory.max") : ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
      var parts = fields[2].split(separator: "/")
      var limits: [Double] = []
      while true {
        let folder = ([root] + parts.map(String.init)).joined(separator: "/")
        let limit = text("\(folder)/\(file)").trimmingCharacters(in: .whitespacesAndNewlines)
        if let number = Double(limit), number > 0 { limits.append(number) }
        if parts.isEmpty { return limits }
        parts.removeLast()
      }
    }
  }
}
