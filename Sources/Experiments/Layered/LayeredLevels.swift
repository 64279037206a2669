import DeepMeanField
import Foundation

/// The numbers of particles that a limit of several hidden layers is simulated with, one after another, until
/// its error is small enough.
///
/// Products of layers cost the square of the particles, so that one simulation too large is dearer than all
/// before it: the rate at which the error falls is measured, and what would not reach the tolerance at the best of rates is not
/// begun. The mean of the simulations weighs them by the squares of their particles: for rates of 1/2 to 1 its
/// standard deviation is within a twentieth of the smallest one, and its bias, of order one over the particles, a fifth
/// above that of the largest simulation (two simulations, the second of twice the particles).
struct LayeredLevels {
  /// Weights of all simulations together, at most: hidden layers of 16384 and 4096 particles in eight replicates.
  static let budget = Double(1 << 30)

  /// The largest step from one simulation to the next, sixteen times the weights.
  private static let largestFactor = 4

  /// Particles of the widest layer in the first simulation.
  static func firstParticles(automatic: Int) -> Int { automatic / 4 }

  static func weight(_ particles: Int) -> Double { Double(particles) * Double(particles) }

  /// The power of the particles that the error falls with: a line through the simulations in logarithms. No less
  /// than that of independent particles and no more than that of the bias; errors of a few replicates are noisy.
  static func rate(_ simulations: [LimitOutcome.Simulation]) -> Double {
    let points = simulations.filter { $0.error > 0 }
      .map { (x: log(Double($0.particles)), y: log($0.error)) }
    guard points.count > 1 else { return 0.5 }
    let count = Double(points.count)
    let (x, y) = (
      points.reduce(0) { $0 + $1.x } / count, points.reduce(0) { $0 + $1.y } / count
    )
    let slope =
      points.reduce(0) { $0 + ($1.x - x) * ($1.y - y) }
      / points.reduce(0) { $0 + ($1.x - x) * ($1.x - x) }
    return min(max(-slope, 0.5), bestRate)
  }

  /// The rate of the bias.
  static let bestRate = 1.0

  /// The smallest number of doublings of the last particles with which one more simulation makes the error of the
  /// mean of all small enough, as a number of particles.
  ///
  /// - Parameter rate: that the error falls with.
  static func needed(
    after simulations: [LimitOutcome.Simulation], tolerance: Double, rate: Double
  ) -> Int {
    let last = simulations.last!
    var particles = last.particles
    repeat {
      particles *= 2
      let own = weight(particles)
      let total = simulations.reduce(own) { $0 + weight($1.particles) }
      let error = last.error * pow(Double(last.particles) / Double(particles), rate)
      let squares = simulations.reduce(pow(own * error, 2)) {
        $0 + pow(weight($1.particles) * $1.error, 2)
      }
      if squares.squareRoot() <= tolerance * total { break }
    } while particles < 1 << 60
    return particles
  }

  /// Particles of the next simulation on the way to those needed.
  static func next(after particles: Int, needed: Int) -> Int {
    min(needed, largestFactor * particles)
  }
}
