import DataIO
import Measures
import ParticleSystems

/// Laws of the weights at the snapshots of a limit's file; none where it has none.
struct StoredLaws {
  let laws: [Int: WeightLaw]

  init(path: String, projector: ParticleProjector) throws {
    guard try NetCDFReader(path: path).group("measure") != nil else {
      laws = [:]
      return
    }
    let file = try MeasureFile(path)
    let masses = try file.masses(first: 0, count: file.particles)
    let isUniform = masses.allSatisfy { $0 == masses[0] }
    let replicates = try NetCDFReader(path: path).number("replicates").map { Int($0) } ?? 1
    let count = file.particles
    var laws: [Int: WeightLaw] = [:]
    for (snapshot, step) in file.steps.enumerated() {
      let collector = WeightLawCollector(
        projector, particles: count, replicates: max(1, replicates),
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
