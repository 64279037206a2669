import Foundation
import ParticleSystems

extension Trajectory {
  /// Why a simulation by two kinds of particles says nothing of the limit: its large sets take long steps
  /// where only short ones are stable. `nil` where it does, and with one kind of particles.
  ///
  /// What the small sets take out is then as large as the logits themselves, or these are no longer finite; so they may
  /// be for the limit as well, which only a simulation with one kind can tell.
  var multirateFailure: String? {
    guard let multirate else { return nil }
    if let step = divergedAtStep.compactMap(\.self).min() {
      return "its logits were no longer finite at step \(step)"
    }
    let size = trainingPoints * outputs
    let largest =
      stride(from: 0, to: trainingLogits.count, by: size).map { first in
        let square = trainingLogits[first..<(first + size)].reduce(0) { $0 + $1 * $1 }
        return (square / Double(size)).squareRoot()
      }.max() ?? 0
    guard multirate.correction > 0.5 * largest else { return nil }
    return String(
      format: "what it took out of the logits, %.2g, was as large as they are, %.2g",
      multirate.correction, largest)
  }
}
