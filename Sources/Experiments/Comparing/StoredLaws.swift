import DataIO
import Diagnostics
import Measures
import ParticleSystems

/// Laws of the weights at the snapshots of a limit's file; none where it has none.
struct StoredLaws {
  let laws: [Int: WeightLaw]

  /// - Throws: `Diagnostic(.badInput)` where the particles are not those of networks with so many inputs
  ///   and outputs, and as `MeasureFile`.
  init(path: String, projector: ParticleProjector, features: Int, outputs: Int) throws {
    guard try NetCDFReader(path: path).group("measure") != nil else {
      laws = [:]
      return
    }
    let file = try MeasureFile(path)
    guard file.features == features, file.outputs == outputs else {
      throw Diagnostic(
        .badInput,
        "the particles have \(file.features) features and \(file.outputs) outputs where the experiment has"
          + " \(features) and \(outputs)", file: path)
    }
    let masses = try file.masses(first: 0, count: file.particles)
    let isUniform = masses.allSatisfy { $0 == masses[0] }
    let count = file.particles
    let replicates = try NetCDFReader(path: path).replicates(dividing: [count])
    var laws: [Int: WeightLaw] = [:]
    for (snapshot, step) in file.steps.enumerated() {
      let collector = WeightLawCollector(
        projector, particles: count, replicates: replicates,
        masses: isUniform ? nil : masses)
      let block = 512
      for first in stride(from: 0, to: count, by: block) {
        let weights = try file.weights(
          snapshot: snapshot, first: first, count: min(block, count - first))
        weights.output.withUnsafeBufferPointer { a in
          weights.input.withUnsafeBufferPointer { w in
            collector.add(first: first, outputWeights: a, inputWeights: w)
          }
        }
      }
      laws[step] = try collector.law()
    }
    self.laws = laws
  }
}

extension NetCDFReader {
  /// The replicates that the particles of a limit are of.
  ///
  /// - Parameter counts: of particles, each of all replicates.
  /// - Throws: `Diagnostic(.badInput)` where they do not divide a count, and as ``number(_:)``.
  func replicates(dividing counts: [Int]) throws -> Int {
    let stated = try number("replicates") ?? 1
    let replicates = Int(exactly: stated).flatMap { $0 >= 1 ? $0 : nil }
    for count in counts where replicates.map({ !count.isMultiple(of: $0) }) ?? true {
      throw Diagnostic(
        .badInput,
        "the attribute replicates is \(stated); accepted: a divisor of the number of particles,"
          + " \(count)", file: path)
    }
    return replicates!
  }
}
