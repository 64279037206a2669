/// Sizes of several systems of particles side by side, and the blocks they are worked on in.
public struct ParticleLayout: Sendable, Equatable {
  public let systems: Int
  /// Particles of one system.
  public let particles: Int
  /// Coordinates of w.
  public let features: Int
  /// Coordinates of a.
  public let outputs: Int

  /// Most particles of a block: the unit of work, of caching and of summation. It is the same for every
  /// number of threads, because the order of sums depends on it.
  public static let blockSize = 512

  /// Consecutive particles of one system.
  struct Block {
    let system: Int
    let first: Int
    let count: Int
    /// Number of the first particle counted through all systems.
    let row: Int
  }

  /// - Parameters:
  ///   - systems: of as many particles each.
  ///   - features: coordinates of w.
  ///   - outputs: coordinates of a.
  public init(systems: Int, particles: Int, features: Int, outputs: Int) {
    self.systems = systems
    self.particles = particles
    self.features = features
    self.outputs = outputs
  }

  var blocksOfSystem: Int { (particles + Self.blockSize - 1) / Self.blockSize }
  /// Blocks of all systems; those of one system are consecutive.
  public var blockCount: Int { systems * blocksOfSystem }
  /// Particles of a system's blocks but its last one: as many in each as tiles of products allow, since a short
  /// block costs nearly what a long one does.
  public var largestBlock: Int {
    let equal = (particles + blocksOfSystem - 1) / blocksOfSystem
    return min((equal + 15) / 16 * 16, particles)
  }

  func block(_ index: Int) -> Block {
    let first = (index % blocksOfSystem) * largestBlock
    let system = index / blocksOfSystem
    return Block(
      system: system, first: first, count: min(largestBlock, particles - first),
      row: system * particles + first)
  }
}
