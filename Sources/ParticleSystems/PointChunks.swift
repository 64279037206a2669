/// The points of a set, some at a time, so that a block of preactivations stays in cache.
enum PointChunks {
  /// At most this many points at a time: a block of preactivations is then 2 MiB in single
  /// precision. A multiple of 64, so that chunks begin at whole words of a mask.
  static let largest = 1024

  static func forEach(of points: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    guard points > 0 else { return }
    let chunks = (points + largest - 1) / largest
    let size = ((points + chunks - 1) / chunks + 63) / 64 * 64
    for first in stride(from: 0, to: points, by: size) { body(first, min(size, points - first)) }
  }
}
