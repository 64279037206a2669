import Execution
import LinearAlgebra
import Measures

/// Several independent systems of weighted particles (a, w) side by side: replicates of a limit's
/// empirical measure, or finite networks that differ in their seed.
///
/// Memory: `systems * particles * (features + outputs)` numbers.
public final class ParticleEnsemble<Scalar: ParticleScalar>: Sendable {
  /// One system's initial particles: which sample, and the number of its first particle in it.
  public struct Origin: Sendable {
    public let sample: InitialSample
    public let first: Int

    public init(sample: InitialSample, first: Int) {
      self.sample = sample
      self.first = first
    }
  }

  public let systems: Int
  /// Particles of one system.
  public let particles: Int
  /// Coordinates of w.
  public let features: Int
  /// Coordinates of a.
  public let outputs: Int
  let origins: [Origin]
  let outputWeights: AlignedBuffer<Scalar>
  let inputWeights: AlignedBuffer<Scalar>

  /// Particles of a block: the unit of work, of caching and of summation. It is the same for every
  /// number of threads, because the order of sums depends on it.
  public static var blockSize: Int { 512 }

  /// Draws the initial particles: one system for each origin.
  public init(
    origins: [Origin], particles: Int, features: Int, outputs: Int = 1, workers: Workers
  ) {
    precondition(!origins.isEmpty && particles >= 1 && features >= 1 && outputs >= 1)
    systems = origins.count
    self.particles = particles
    self.features = features
    self.outputs = outputs
    self.origins = origins
    outputWeights = AlignedBuffer(count: systems * particles * outputs, repeating: 0)
    inputWeights = AlignedBuffer(count: systems * particles * features, repeating: 0)
    workers.forEach(blockCount) { [self] item, _ in
      let block = self.block(item)
      fillInitial(block, outputWeights(of: block), inputWeights(of: block))
    }
  }

  /// Consecutive particles of one system.
  struct Block {
    let system: Int
    let first: Int
    let count: Int
  }

  var blocksOfSystem: Int { (particles + Self.blockSize - 1) / Self.blockSize }
  /// Blocks of all systems; those of one system are consecutive.
  var blockCount: Int { systems * blocksOfSystem }

  func block(_ index: Int) -> Block {
    let first = (index % blocksOfSystem) * Self.blockSize
    return Block(
      system: index / blocksOfSystem, first: first, count: min(Self.blockSize, particles - first))
  }

  func outputWeights(of block: Block) -> UnsafeMutablePointer<Scalar> {
    outputWeights.base + (block.system * particles + block.first) * outputs
  }

  func inputWeights(of block: Block) -> UnsafeMutablePointer<Scalar> {
    inputWeights.base + (block.system * particles + block.first) * features
  }

  /// Makes the block's parameters at initialization again.
  func fillInitial(
    _ block: Block, _ a: UnsafeMutablePointer<Scalar>, _ w: UnsafeMutablePointer<Scalar>
  ) {
    let origin = origins[block.system]
    origin.sample.fill(
      first: origin.first + block.first, count: block.count, features: features, outputs: outputs,
      outputWeights: a, inputWeights: w)
  }

  /// Calls `body` with consecutive parts of the particles, all systems one after another: output and
  /// input weights, each row by row. The pointers are valid during the call only.
  public func forEachPart(
    _ body: (
      _ firstParticle: Int, _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) rethrows {
    for index in 0..<blockCount {
      let block = block(index)
      try body(
        block.system * particles + block.first,
        UnsafeBufferPointer(start: outputWeights(of: block), count: block.count * outputs),
        UnsafeBufferPointer(start: inputWeights(of: block), count: block.count * features))
    }
  }
}
