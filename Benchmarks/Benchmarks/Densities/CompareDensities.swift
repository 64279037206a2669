import Foundation
import InfiniteWidth

/// Times of densities, for comparison with Python packages by compare_densities.py:
///
///     Densities times FOLDER     samples, settings, values and times in FOLDER
///     Densities memory COUNT     the largest memory of COUNT points in a stream
@main
struct CompareDensities {
  /// What was computed in one setting.
  struct Result: Codable {
    var setting: Setting
    var sample: String
    /// Files of values by accuracy.
    var values: [String: String]
    var timings: [Timing]
  }

  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.count == 2, arguments.first == "times", let folder = arguments.last {
      try times(folder: folder)
    } else if arguments.count == 2, arguments.first == "memory",
      let count = arguments.last.flatMap({ Int($0) })
    {
      print(try memory(count: count))
    } else {
      print("usage: Densities times FOLDER | memory COUNT")
      exit(64)
    }
  }

  private static func times(folder: String) throws {
    var results: [Result] = []
    for (number, (count, shape)) in Setting.cases.enumerated() {
      let points = Setting.points(0..<count, dimensions: shape.count)
      let setting = try Setting(points: points, shape: shape)
      var result = Result(
        setting: setting, sample: "\(folder)/sample\(number).f64", values: [:], timings: [])
      try write(points, to: result.sample)
      for accuracy in SpreadingAccuracy.allCases {
        for threads in [1, 2] {
          var values: [Double] = []
          let timing = try Timing.best(
            of: 7, accuracy: accuracy.rawValue, threads: threads
          ) {
            let estimator = try setting.estimator(accuracy: accuracy, threads: threads)
            try points.withUnsafeBufferPointer { try estimator.add($0, masses: nil) }
            values = try estimator.estimate().values
          }
          result.timings.append(timing)
          let file = "\(folder)/values\(number)-\(accuracy.rawValue).f64"
          result.values[accuracy.rawValue] = file
          try write(values, to: file)
        }
      }
      results.append(result)
    }
    try JSONEncoder().encode(results).write(to: URL(fileURLWithPath: folder + "/times.json"))
  }

  private static func write(_ values: [Double], to path: String) throws {
    try values.withUnsafeBytes { try Data($0).write(to: URL(fileURLWithPath: path)) }
  }

  /// Bytes at most in memory while `count` points pass through in blocks of 2^18.
  private static func memory(count: Int) throws -> Int {
    let first = Setting.points(0..<1000, dimensions: 1)
    var setting = try Setting(points: first, shape: [1 << 10])
    setting.bandwidth = pow(Double(count), -0.2)
    (setting.lower, setting.upper) = ([-7], [7])
    let estimator = try setting.estimator(accuracy: .spectral, threads: 2)
    for start in stride(from: 0, to: count, by: 1 << 18) {
      let block = Setting.points(start..<min(start + (1 << 18), count), dimensions: 1)
      try block.withUnsafeBufferPointer { try estimator.add($0, masses: nil) }
    }
    let estimate = try estimator.estimate()
    guard estimate.provenance?.count == count else { exit(70) }
    // In kibibytes, as the kernel counts.
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    guard let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      exit(70)
    }
    return kibibytes * 1024
  }
}
