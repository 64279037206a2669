import Checkpoints
import DataIO
import ParticleSystems

/// The weights that a run has handed out for its file, which the particles have left behind: kept beside its
/// checkpoints, piece by piece, and written into the file again where the run continues.
final class WeightPieces {
  private let units: CheckpointUnits
  private var count = 0

  init(_ units: CheckpointUnits) { self.units = units }

  /// Keeps a piece.
  ///
  /// - Parameter place: numbers that say where in the file it belongs; the last one is the number of its first row.
  func put<Scalar: ParticleScalar>(
    place: [Int], outputWeights: UnsafeBufferPointer<Scalar>,
    inputWeights: UnsafeBufferPointer<Scalar>
  ) throws {
    var place = place
    try units.put(name(count)) {
      try $0.exchange("place", &place)
      try $0.exchange("output_weights", UnsafeMutableBufferPointer(mutating: outputWeights))
      try $0.exchange("input_weights", UnsafeMutableBufferPointer(mutating: inputWeights))
    }
    count += 1
  }

  /// Hands out all pieces that were put before the run was interrupted, in their order.
  ///
  /// - Parameter shape: of the whole that they are pieces of.
  func replay<Scalar: ParticleScalar>(
    in precision: Scalar.Type, _ shape: Shape,
    _ body: (
      _ place: [Int], _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) throws {
    while true {
      var place: [Int] = []
      var outputWeights: [Scalar] = []
      var inputWeights: [Scalar] = []
      let isThere = try units.restorePiece(name(count)) { state in
        try state.exchange("place", &place, count: shape.counts.count)
        try state.exchange("output_weights", &outputWeights)
        try state.exchange("input_weights", &inputWeights)
        let rows = outputWeights.count / shape.outputs
        guard outputWeights.count == rows * shape.outputs,
          inputWeights.count == rows * shape.features
        else {
          throw state.misfit(
            "input_weights", "\(inputWeights.count) numbers, not those of \(rows) rows")
        }
        guard zip(place, shape.counts).allSatisfy({ (0..<$1).contains($0) }),
          rows <= shape.counts.last! - place.last!
        else { throw state.misfit("place", "numbers that are no place") }
      }
      guard isThere else { return }
      try outputWeights.withUnsafeBufferPointer { output in
        try inputWeights.withUnsafeBufferPointer { try body(place, output, $0) }
      }
      count += 1
    }
  }

  /// What pieces are parts of.
  struct Shape {
    /// How many there are of what each number of a place counts, the last of them rows.
    let counts: [Int]
    let outputs: Int
    let features: Int
  }

  private func name(_ number: Int) -> String { "weights \(number)" }
}
