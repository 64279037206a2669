import Checkpoints
import LinearAlgebra
import ParticleSystems

/// What an update rule remembers of every weight: velocities of momentum, mean squares of RMSProp, zero at
/// first; nothing for gradient descent.
struct LayeredMemory<Scalar: ParticleScalar>: Sendable {
  private let remembered: LayeredParticles<Scalar>?

  init(_ rule: LayeredStep.Rule, _ sizes: LayerSizes) {
    remembered = rule == .gradient ? nil : LayeredParticles(sizes)
  }

  /// Of some blocks alone.
  init(_ rule: LayeredStep.Rule, _ sizes: LayerSizes, blocks: [LayeredBlock]) {
    remembered =
      rule == .gradient ? nil : LayeredParticles(sizes, own: blocks, others: nil)
  }

  func numbers(_ block: LayeredBlock) -> AlignedBuffer<Scalar>? { remembered?.weights(block) }

  /// Sets what is remembered of a block to zero.
  func forget(_ block: LayeredBlock) {
    guard let numbers = numbers(block) else { return }
    numbers.base.update(repeating: 0, count: numbers.count)
  }

  func exchange(_ state: RunState) throws { try remembered?.exchange(state) }
}
