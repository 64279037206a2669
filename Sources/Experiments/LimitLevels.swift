import Foundation
import Measures

/// The numbers of particles that a limit is simulated with, one after another, until its error is
/// small enough.
struct LimitLevels {
  /// Particles of all simulations together, at most.
  static let budget = 1 << 22

  /// Particles of a replicate in the first simulation.
  private static let firstReplicate = 512

  static func firstParticles(_ replicates: Int, _ design: SampleDesign) -> Int {
    replicates * firstReplicate
  }

  /// The next number of particles: the error falls at least like N^-1/2, so that of the mean of all
  /// simulations is predicted, and the next one is large enough for it by itself, within doubling and
  /// sixteenfold.
  static func next(after particles: Int, error: Double, tolerance: Double) -> Int {
    let ratio = (error / tolerance) * (error / tolerance)
    var factor = 2
    while Double(factor) < ratio, factor < 16 { factor *= 2 }
    return particles.multipliedReportingOverflow(by: factor).partialValue
  }
}
