import LinearAlgebra
import MessagePassing

/// Sums, in double precision, of what the blocks of each system contribute, in the order of the blocks: the same bits
/// whichever processes and threads made the contributions.
///
/// Where the blocks of a system are held by several processes, each takes the sum of the blocks before its own from the
/// process that holds those, adds its own one by one and hands it on: all that travels for a system is one row of
/// numbers from process to process, and not one for each block, although additions keep their order. Rows go in
/// segments, so that a process adds while the one before it does the next segment. The totals are then given to all.
///
/// Traffic of a process: a row in, a row out, and the totals of all systems. Additions: each block's once.
struct BlockSums {
  /// System by system: a row of totals.
  private let totals: [Double]
  private let width: Int

  /// Numbers that are handed on at once.
  private static let segment = 1 << 10

  /// - Parameters:
  ///   - contributions: of the blocks that this process holds, a row of `width` numbers each.
  init<Scalar: ParticleScalar>(
    _ contributions: UnsafePointer<Scalar>, width: Int, layout: ParticleLayout
  ) {
    self.width = width
    var totals = [Double](repeating: 0, count: layout.systems * width)
    let held = layout.held
    let blocks = layout.blocksOfSystem
    totals.withUnsafeMutableBufferPointer { totals in
      // The last system first: others wait for it.
      for system
        in (held.isEmpty
        ? 0..<0 : held.lowerBound / blocks..<(held.upperBound + blocks - 1) / blocks)
        .reversed()
      {
        let all = (system * blocks)..<((system + 1) * blocks)
        let mine = held.clamped(to: all)
        let row = totals.baseAddress! + system * width
        for first in stride(from: 0, to: width, by: Self.segment) {
          let sums = UnsafeMutableBufferPointer(
            start: row + first, count: min(Self.segment, width - first))
          if mine.lowerBound > all.lowerBound {
            layout.ranks.receive(sums, from: layout.rank(holding: mine.lowerBound - 1))
          }
          for block in mine {
            let contribution = contributions + (block - held.lowerBound) * width + first
            for i in sums.indices { sums[i] += Double(contribution[i]) }
          }
          if mine.upperBound < all.upperBound {
            layout.ranks.send(
              UnsafeBufferPointer(sums), to: layout.rank(holding: mine.upperBound))
          }
        }
      }
      // Whoever holds the last block of a system has its totals.
      layout.ranks.gather(totals) { rank in
        let held = layout.ranks.share(of: layout.blockCount, rank: rank)
        return (held.lowerBound / blocks * width)..<(held.upperBound / blocks * width)
      }
    }
    self.totals = totals
  }

  /// Numbers of a system's row, times a factor.
  func row(of system: Int, _ columns: Range<Int>, factor: Double = 1) -> [Double] {
    totals[(system * width + columns.lowerBound)..<(system * width + columns.upperBound)]
      .map { $0 * factor }
  }

  /// One number of a system's row.
  subscript(system: Int, column: Int) -> Double { totals[system * width + column] }
}

extension ParticleLayout {
  fileprivate func rank(holding block: Int) -> Int { ranks.rank(of: block, of: blockCount) }
}
