import LinearAlgebra

/// Memory of one worker of a ``ParticleSweep``, for a block of `rows` particles and a chunk of
/// `points`.
struct SweepScratch<Scalar: ParticleScalar>: Sendable {
  /// rows x points
  let preactivations: AlignedBuffer<Scalar>
  /// (A G^T) * phi'(Z), rows x points.
  let backward: AlignedBuffer<Scalar>
  /// Gradients of the input weights, rows x features.
  let direction: AlignedBuffer<Scalar>
  /// Gradients of the output weights, rows x outputs.
  let sums: AlignedBuffer<Scalar>
  /// Ones, one a row.
  let masses: AlignedBuffer<Scalar>
  /// rows x outputs; several outputs only.
  let pairedWeights: AlignedBuffer<Scalar>
  /// One number a row: a column of the output weights, or their norms; several outputs only.
  let column: AlignedBuffer<Scalar>
  /// The same of the initial output weights.
  let initialColumn: AlignedBuffer<Scalar>
  /// Parameters in the middle of an update (`GradientUpdate/midpoint`), rows x features.
  let middleInput: AlignedBuffer<Scalar>
  /// rows x outputs
  let middleOutput: AlignedBuffer<Scalar>
  /// Preactivations before the update, rows x points.
  let startPreactivations: AlignedBuffer<Scalar>
  let initialPreactivations: AlignedBuffer<Scalar>
  let initialOutputWeights: AlignedBuffer<Scalar>

  init(rows: Int, points: Int, layout: ParticleLayout, decomposes: Bool) {
    let outputs = layout.outputs
    func buffer(_ count: Int, if isNeeded: Bool = true) -> AlignedBuffer<Scalar> {
      AlignedBuffer(count: isNeeded ? count : 0, repeating: 0)
    }
    preactivations = buffer(rows * points)
    backward = buffer(rows * points)
    startPreactivations = buffer(rows * points)
    direction = buffer(rows * layout.features)
    sums = buffer(rows * outputs)
    masses = AlignedBuffer(count: rows, repeating: 1)
    pairedWeights = buffer(rows * outputs, if: outputs > 1)
    column = buffer(rows, if: outputs > 1)
    initialColumn = buffer(rows, if: decomposes && outputs > 1)
    middleInput = buffer(rows * layout.features)
    middleOutput = buffer(rows * outputs)
    initialPreactivations = buffer(rows * points, if: decomposes)
    initialOutputWeights = buffer(rows * outputs, if: decomposes)
  }
}
