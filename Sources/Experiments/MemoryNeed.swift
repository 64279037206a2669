import Diagnostics
import Foundation

/// Refuses, before anything starts, particles that cannot fit the machine's memory.
///
/// - Parameter reason: what to lower, for example "lower limit.particles".
func checkMemory(
  particles: Int, features: Int, precision: Precision, key: String, advice: String
) throws {
  // Parameters, and up to as much again for the kept signs (`ParticleSweep`).
  let bytes = 2 * Double(particles) * Double(features + 1) * Double(precision.bytes)
  let available = Double(ProcessInfo.processInfo.physicalMemory)
  if bytes > available {
    let need = String(format: "%.1f", bytes / 1e9)
    let have = String(format: "%.1f", available / 1e9)
    throw Diagnostic(
      .badInput,
      "\(particles) particles with \(features) features need up to \(need) GB, this machine has"
        + " \(have) GB; \(advice)", key: key)
  }
}
