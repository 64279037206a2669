import Execution
import LinearAlgebra

/// Sums that several threads add to at once: a fixed number of copies, each of which takes its own
/// share of the points in order, and which are added in order at the end. The result does not
/// depend on the number of threads.
final class Lanes: Sendable {
  let size: Int
  let lanes: [AlignedBuffer<Double>]

  /// Points that one lane takes at a time.
  private static let chunk = 1 << 13
  /// Numbers in all lanes together, unless two lanes are more.
  private static let largest = 1 << 22

  init(size: Int) {
    self.size = size
    let count = min(16, max(2, Self.largest / max(size, 1)))
    lanes = (0..<count).map { _ in AlignedBuffer(count: size, repeating: 0) }
  }

  /// Calls `body` with the parts of `block` and the sums and number of the lane that takes them.
  func add<Scalar: DensityScalar>(
    _ block: PointBlock<Scalar>, workers: Workers,
    _ body: @Sendable (PointBlock<Scalar>, UnsafeMutablePointer<Double>, _ lane: Int) -> Void
  ) {
    let chunks = (block.count + Self.chunk - 1) / Self.chunk
    workers.forEach(min(lanes.count, chunks)) { lane, _ in
      for chunk in stride(from: lane, to: chunks, by: lanes.count) {
        let start = chunk * Self.chunk
        let part = block.part(start..<min(start + Self.chunk, block.count))
        body(part, lanes[lane].base, lane)
      }
    }
  }

  /// The sum of all lanes.
  func total() -> [Double] {
    var total = Array(lanes[0].contents)
    for lane in lanes.dropFirst() {
      for i in 0..<size { total[i] += lane.base[i] }
    }
    return total
  }
}
