import ParticleSystems

/// How a simulation of a large set of particles that moves cheaply and a small one that moves exactly divides
/// its work (`MultirateTransport`).
public struct Multirate: Sendable, Equatable {
  /// Steps that the large set of particles takes as one.
  public enum Blocks: Sendable, Equatable {
    /// As many as the sampling error allows (`BlockLengths`); two replicates or more.
    case automatic
    /// So many, but blocks end where the measure is handed out, and at recorded steps that are few.
    case fixed(Int)
  }

  /// How long the blocks are.
  public var blocks: Blocks
  /// Particles of the small set for each one of the large set.
  public var share: Double

  /// Coordinates of the input weights in which the large set moves at every step, in blocks of one step; `nil`
  /// where it moves alike in all.
  public var fastCoordinates: FastCoordinates?

  /// The share of the small set where none is asked for.
  public static let automaticShare = 1.0 / 16

  /// `share` is above 0 and at most 1; fast coordinates go with blocks of one step.
  public init(
    _ blocks: Blocks, share: Double = automaticShare, fastCoordinates: FastCoordinates? = nil
  ) {
    if case .fixed(let steps) = blocks { precondition(steps >= 1) }
    precondition(fastCoordinates == nil || blocks == .fixed(1))
    precondition(share > 0 && share <= 1)
    self.blocks = blocks
    self.share = share
    self.fastCoordinates = fastCoordinates
  }

  /// Particles of the small set beside a large one, at least 32 of a large set that has more.
  ///
  /// - Parameter group: the design's group size. Sets that can be halved have small sets that can.
  package func smallParticles(beside large: Int, group: Int) -> Int {
    let unit = large % (2 * group) == 0 ? 2 * group : group
    let wanted = max(Double(large) * share, 32)
    return min(max(Int((wanted / Double(unit)).rounded()), 1) * unit, large)
  }
}
