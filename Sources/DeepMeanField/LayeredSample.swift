import Kernels
import LinearAlgebra
import Measures
import ParticleSystems

/// The random numbers of one simulation by layered particles: w, a, and the processes of step 0. All are
/// pure functions of the seed and of the number of the randomization; layers are independent populations.
///
/// A sample may be joined from two halves, each a randomization of its own, which can be simulated beside it.
struct LayeredSample: Sendable {
  let law: InitialLaw
  let design: LayeredDesign
  let seed: UInt64
  let sizes: LayerSizes
  /// Numbers of the randomizations of its parts, of equal sizes.
  let randomizations: [Int]

  init(
    law: InitialLaw, design: LayeredDesign, seed: UInt64, sizes: LayerSizes, randomizations: [Int]
  ) {
    precondition(sizes.layers.allSatisfy { $0 % randomizations.count == 0 })
    self.law = law
    self.design = design
    self.seed = seed
    self.sizes = sizes
    self.randomizations = randomizations
  }

  /// w and a, without increments.
  func particles<Scalar: ParticleScalar>(in precision: Scalar.Type) -> LayeredParticles<Scalar> {
    let result = LayeredParticles<Scalar>(sizes)
    let first = sizes.layers[0] / randomizations.count
    let last = sizes.layers.last! / randomizations.count
    for (part, randomization) in randomizations.enumerated() {
      let w = inputWeights(first, randomization)
      Scalar.round(
        w, count: w.count, to: result.inputWeights.base + part * first * sizes.features)
      let a = outputWeights(last, randomization)
      Scalar.round(
        a, count: a.count, to: result.outputWeights.base + part * last * sizes.outputs)
    }
    return result
  }

  private func inputWeights(_ count: Int, _ randomization: Int) -> [Double] {
    // Pairs (w, -w): the symmetry that reflects particles without output weights.
    let sample = StandardSample(
      design: SampleDesign(
        points: design.isQuasiRandom && sizes.features <= SobolSequence.largestDimension
          ? .sobol : .independent, symmetry: design.isSymmetric ? .reflected : nil),
      shape: law.shape, outputs: 0, features: sizes.features, count: count, seed: seed,
      randomization: 2 * randomization)
    var w = [Double](repeating: 0, count: count * sizes.features)
    sample.fill(first: 0, count: count, into: &w)
    for i in w.indices { w[i] *= law.inputWeightDeviation }
    return w
  }

  private func outputWeights(_ count: Int, _ randomization: Int) -> [Double] {
    let outputs = sizes.outputs
    let group = design.outputGroup
    let drawn = count / group
    let sample = StandardSample(
      design: SampleDesign(points: design.isQuasiRandom ? .sobol : .independent),
      shape: law.shape, outputs: outputs, features: 0, count: drawn, seed: seed,
      randomization: 2 * randomization + 1)
    var bases = [Double](repeating: 0, count: drawn * outputs)
    sample.fill(first: 0, count: drawn, into: &bases)
    if design.matchesSecondMoment {
      for output in 0..<outputs {
        let places = stride(from: output, to: bases.count, by: outputs)
        let square = places.reduce(0) { $0 + bases[$1] * bases[$1] }
        let factor = (Double(drawn) / square).squareRoot()
        for place in places { bases[place] *= factor }
      }
    }
    var a = [Double](repeating: 0, count: count * outputs)
    for r in 0..<count {
      let sign = Self.outputSigns[r % group] * law.outputWeightDeviation
      for output in 0..<outputs {
        a[r * outputs + output] = sign * bases[r / group * outputs + output]
      }
    }
    return a
  }

  /// Signs of a, and of G, in a group (a, G), (-a, G), (a, -G), (-a, -G).
  private static let outputSigns: [Double] = [1, -1, 1, -1]
  private static let processSigns: [Double] = [1, 1, -1, -1]

  /// Realizations of a process for some rows of a layer, one a row (rows x points).
  ///
  /// - Parameters:
  ///   - isForward: whether they are preactivations; else signals of one output.
  ///   - isGrouped: whether rows come in groups that share their numbers.
  func realizations(
    _ process: DrawnProcess, layer: Int, rows: Range<Int>, isGrouped: Bool
  ) -> [Double] {
    let size = sizes.layers[layer - 1] / randomizations.count
    let group = isGrouped ? design.outputGroup : 1
    let n = process.process.dimension
    var result = [Double](repeating: 0, count: rows.count * n)
    for (part, randomization) in randomizations.enumerated() {
      let present = rows.clamped(to: (part * size)..<((part + 1) * size))
      if present.isEmpty { continue }
      let local = (present.lowerBound - part * size)..<(present.upperBound - part * size)
      let bases = (local.lowerBound / group)..<((local.upperBound - 1) / group + 1)
      let start = ((randomization * 8 + layer) * sizes.outputs + process.output) << 32
      let columns = process.process.realizations(
        (start + bases.lowerBound)..<(start + bases.upperBound), seed: seed,
        stream: process.stream)
      for r in present {
        let number = r - part * size
        let sign = group == 1 ? 1 : Self.processSigns[number % group]
        let column = number / group - bases.lowerBound
        let row = (r - rows.lowerBound) * n
        for i in 0..<n {
          result[row + i] = sign * columns.elements[i * bases.count + column]
        }
      }
    }
    return result
  }
}
