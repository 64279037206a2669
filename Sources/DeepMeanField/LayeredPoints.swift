import LinearAlgebra
import ParticleSystems

/// Points that pass through the network together, some of the training or some of the test points.
struct LayeredPoints<Scalar: ParticleScalar>: @unchecked Sendable {
  /// One point a row (points x features).
  let inputs: UnsafePointer<Scalar>
  let count: Int
  /// Where the points are in the list of all, training points first; without meaning with a `selection`.
  let first: Int
  /// Numbers of training points that are not consecutive; `nil` where they are.
  let selection: [Int]?
  /// Of the memory, where the points are copies.
  private let owner: AlignedBuffer<Scalar>?

  init(
    _ inputs: UnsafePointer<Scalar>, count: Int, first: Int, selection: [Int]? = nil,
    owner: AlignedBuffer<Scalar>? = nil
  ) {
    self.inputs = inputs
    self.count = count
    self.first = first
    self.selection = selection
    self.owner = owner
  }
}
