import Checkpoints
import MessagePassing

/// Sizes of several systems of particles side by side, and the blocks they are worked on in.
///
/// Several processes hold consecutive blocks each, counted through all systems: whole systems where there are as many
/// of them, and parts of systems where there are fewer.
public struct ParticleLayout: Sendable, Equatable {
  /// Replicates, or networks.
  public let systems: Int
  /// Particles of one system.
  public let particles: Int
  /// Coordinates of w.
  public let features: Int
  /// Coordinates of a.
  public let outputs: Int
  /// The processes that the blocks are divided among.
  let ranks: Ranks

  /// Most particles of a block: the unit of work, of caching and of summation. It is the same for every
  /// number of threads, because the order of sums depends on it.
  package static let blockSize = 512

  /// Consecutive particles of one system.
  struct Block {
    let system: Int
    let first: Int
    let count: Int
    /// Number of the first particle counted through all systems.
    let number: Int
    /// The same among the particles that this process holds.
    let row: Int
  }

  /// - Parameters:
  ///   - systems: of as many particles each.
  ///   - features: coordinates of w.
  ///   - outputs: coordinates of a.
  package init(
    systems: Int, particles: Int, features: Int, outputs: Int, ranks: Ranks = .alone
  ) {
    self.systems = systems
    self.particles = particles
    self.features = features
    self.outputs = outputs
    self.ranks = ranks
  }

  var blocksOfSystem: Int { (particles + Self.blockSize - 1) / Self.blockSize }
  /// Blocks of all systems; those of one system are consecutive.
  package var blockCount: Int { systems * blocksOfSystem }
  /// Particles of a system's blocks but its last one: as many in each as tiles of products allow, since a short
  /// block costs nearly what a long one does.
  package var largestBlock: Int {
    let equal = (particles + blocksOfSystem - 1) / blocksOfSystem
    return min((equal + 15) / 16 * 16, particles)
  }

  /// Numbers of the blocks that this process holds.
  var held: Range<Int> { ranks.share(of: blockCount) }
  /// Particles that this process holds, counted through all systems.
  var heldParticles: Range<Int> { number(of: held.lowerBound)..<number(of: held.upperBound) }

  /// The first particle of a block, or the end of all.
  private func number(of block: Int) -> Int {
    let (system, place) = block.quotientAndRemainder(dividingBy: blocksOfSystem)
    return system * particles + place * largestBlock
  }

  func block(_ index: Int) -> Block {
    let first = (index % blocksOfSystem) * largestBlock
    let system = index / blocksOfSystem
    let number = system * particles + first
    return Block(
      system: system, first: first, count: min(largestBlock, particles - first),
      number: number, row: number - heldParticles.lowerBound)
  }

  /// The place of this process's particles among all, for states that have so many numbers a particle.
  func part(_ numbers: Int) -> StatePart {
    StatePart(first: heldParticles.lowerBound * numbers, total: systems * particles * numbers)
  }
}
