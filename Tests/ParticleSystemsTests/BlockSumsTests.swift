import LinearAlgebra
import MessagePassing
import TestSupport
import Testing

@testable import ParticleSystems

/// Sums over blocks that are divided among processes.
struct BlockSumsTests {
  /// Numbers whose sums depend on the order of additions.
  private static func contribution(_ block: Int, _ column: Int) -> Float {
    Float((block * 7919 + column * 104_729) % 1009) * (block % 3 == 0 ? 1e-9 : 1e7)
  }

  private static func sums(
    _ ranks: Ranks, systems: Int, particles: Int, width: Int
  ) -> [[Double]] {
    let layout = ParticleLayout(
      systems: systems, particles: particles, features: 1, outputs: 1, ranks: ranks)
    let held = layout.held
    let contributions = AlignedBuffer<Float>(count: held.count * width, repeating: 0)
    for block in held {
      for column in 0..<width {
        contributions.base[(block - held.lowerBound) * width + column] = contribution(block, column)
      }
    }
    let sums = BlockSums(contributions.base, width: width, layout: layout)
    return (0..<systems).map { sums.row(of: $0, 0..<width) }
  }

  @Test(
    "Bits are those of additions in the order of the blocks, on any number of processes",
    arguments: [(1, 5 * 512), (3, 4 * 512 - 100), (7, 300), (2, 9 * 512)], [2, 3, 4, 11])
  func order(shape: (systems: Int, particles: Int), count: Int) {
    // Longer than a segment.
    let width = 2500
    let blocks = (shape.particles + 511) / 512
    let expected = (0..<shape.systems).map { system in
      (0..<width).map { column in
        (0..<blocks).reduce(0.0) {
          $0 + Double(Self.contribution(system * blocks + $1, column))
        }
      }
    }
    let results = ProcessesInMemory.run(count) {
      Self.sums($0, systems: shape.systems, particles: shape.particles, width: width)
    }
    for result in results { #expect(result == expected) }
    #expect(
      Self.sums(.alone, systems: shape.systems, particles: shape.particles, width: width)
        == expected)
  }

  @Test("A process receives a row of the system it goes on with, and totals that others have")
  func traffic() {
    let width = 10
    let received = ProcessesInMemory.run(4) { ranks in
      _ = Self.sums(ranks, systems: 2, particles: 4 * 512, width: width)
      return ranks.receivedBytes
    }
    // Two processes a system: the second of them takes a row; the first ones have no totals.
    #expect(received == [2, 2, 2, 2].map { $0 * width * 8 })
  }

  @Test("Blocks of all processes are all blocks, and rows are counted from the first held one")
  func layout() {
    for count in 1...7 {
      let parts = ProcessesInMemory.run(count) { ranks in
        let layout = ParticleLayout(
          systems: 3, particles: 1300, features: 2, outputs: 1, ranks: ranks)
        return layout.held.map { index in
          let block = layout.block(index)
          return [block.number, block.count, block.row + layout.heldParticles.lowerBound]
        }
      }
      let all = parts.flatMap { $0 }
      #expect(all.allSatisfy { $0[0] == $0[2] })
      #expect(all.map { $0[1] }.reduce(0, +) == 3 * 1300)
      #expect(zip(all, all.dropFirst()).allSatisfy { $0[0] + $0[1] == $1[0] })
    }
  }
}
