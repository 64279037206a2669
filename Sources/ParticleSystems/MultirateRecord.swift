/// What a simulation with two step sizes or ranks took.
public struct MultirateRecord: Sendable, Equatable {
  /// Particles of the small sets, which take every step, of all replicates of one realization.
  public var smallParticles: Int
  /// Steps of the blocks that the large sets took as one, in their order.
  public var blocks: [Int]
  /// Of the large sets, where they move along some coordinates at every step and along the others more rarely.
  public var fastCoordinates: FastCoordinates?
  /// Operations by which the simulation advanced, of all sets and of halves beside the replicates, in
  /// units of a training step of one particle.
  public var particleSteps: Double
  /// Root mean square over the training logits of what blocks instead of single steps, or rarer moves of the slow
  /// coordinates, do to the replicates' mean, largest over the ends of blocks: taken out of the logits by the small sets.
  public var correction: Double
  /// Likewise the standard error over replicates of that; NaN for a single one.
  public var correctionError: Double

  package init(
    smallParticles: Int, blocks: [Int] = [], fastCoordinates: FastCoordinates? = nil,
    particleSteps: Double = 0, correction: Double = 0, correctionError: Double = 0
  ) {
    self.smallParticles = smallParticles
    self.blocks = blocks
    self.fastCoordinates = fastCoordinates
    self.particleSteps = particleSteps
    self.correction = correction
    self.correctionError = correctionError
  }

  /// Several simulations together: blocks and small set of the last, all particle steps, the largest
  /// correction; `nil` where there are none.
  init?(of parts: [MultirateRecord]) {
    guard let last = parts.last else { return nil }
    self = last
    particleSteps = parts.reduce(0) { $0 + $1.particleSteps }
    for part in parts where part.correction > correction {
      correction = part.correction
      correctionError = part.correctionError
    }
  }
}
