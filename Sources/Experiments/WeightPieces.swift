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
  /// - Parameter place: numbers that say where in the file it belongs.
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
  /// - Parameter numbers: of every place.
  func replay<Scalar: ParticleScalar>(
    in precision: Scalar.Type, numbers: Int,
    _ body: (
      _ place: [Int], _ outputWeights: UnsafeBufferPointer<Scalar>,
      _ inputWeights: UnsafeBufferPointer<Scalar>
    ) throws -> Void
  ) throws {
    while true {
      var place: [Int] = []
      var outputWeights: [Scalar] = []
      var inputWeights: [Scalar] = []
      let isThere = try units.restore(name(count)) {
        try $0.exchange("place", &place, count: numbers)
        try $0.exchange("output_weights", &outputWeights)
        try $0.exchange("input_weights", &inputWeights)
      }
      guard isThere else { return }
      try outputWeights.withUnsafeBufferPointer { output in
        try inputWeights.withUnsafeBufferPointer { try body(place, output, $0) }
      }
      count += 1
    }
  }

  private func name(_ number: Int) -> String { "weights \(number)" }
}
