import Foundation

/// A folder of files for one test, removed with it.
final class FixtureFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("infwidth-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    return "\(path)/\(name)"
  }

  func write(_ text: String, _ name: String) throws -> String {
    try write(Array(text.utf8), name)
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): seeded numbers for tests.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

func bigEndian(_ words: UInt32...) -> [UInt8] {
  words.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> $0) } }
}

/// Images of `rows` x `columns` pixels in idx format.
func idxImages(_ pixels: [UInt8], count: UInt32, rows: UInt32, columns: UInt32) -> [UInt8] {
  bigEndian(0x803, count, rows, columns) + pixels
}

func idxLabels(_ labels: [UInt8]) -> [UInt8] {
  bigEndian(0x801, UInt32(labels.count)) + labels
}

/// A CIFAR-10 record whose pixels are all `pixel`, but for the first, 0, and the last, 255.
func cifarRecord(label: UInt8, pixel: UInt8) -> [UInt8] {
  [label, 0] + [UInt8](repeating: pixel, count: 3070) + [255]
}
