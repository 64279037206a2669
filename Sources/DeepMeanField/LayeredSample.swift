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
    let w = inputWeights(rows: 0..<sizes.layers[0])
    Scalar.round(w, count: w.count, to: result.inputWeights.base)
    let a = outputWeights(rows: 0..<sizes.layers.last!, factors: outputFactors)
    Scalar.round(a, count: a.count, to: result.outputWeights.base)
    return result
  }

  /// Rows of each part of a layer, numbered in the part.
  private func parts(
    layer: Int, rows: Range<Int>
  ) -> [(randomization: Int, size: Int, rows: Range<Int>)] {
    let size = sizes.layers[layer - 1] / randomizations.count
    return randomizations.enumerated().compactMap { part, randomization in
      let present = rows.clamped(to: (part * size)..<((part + 1) * size))
      guard !present.isEmpty else { return nil }
      return (
        randomization, size, (present.lowerBound - part * size)..<(present.upperBound - part * size)
      )
    }
  }

  /// w of some particles, one a row; whole groups.
  func inputWeights(rows: Range<Int>) -> [Double] {
    // Pairs (w, -w): the symmetry that reflects particles without output weights.
    var w: [Double] = []
    for part in parts(layer: 1, rows: rows) {
      let sample = StandardSample(
        design: SampleDesign(
          points: design.isQuasiRandom ? .sobol : .independent,
          symmetry: design.isSymmetric ? .reflected : nil),
        shape: law.shape, outputs: 0, features: sizes.features, count: part.size, seed: seed,
        randomization: 2 * part.randomization)
      var own = [Double](repeating: 0, count: part.rows.count * sizes.features)
      sample.fill(first: part.rows.lowerBound, count: part.rows.count, into: &own)
      w += own
    }
    return w.map { $0 * law.inputWeightDeviation }
  }

  /// What makes the second moment of each output's weights exact, part by part.
  ///
  /// - Cost: that of drawing all output weights.
  var outputFactors: [[Double]] {
    let outputs = sizes.outputs
    let drawn = sizes.layers.last! / randomizations.count / design.outputGroup
    return randomizations.map { randomization in
      guard design.matchesSecondMoment else { return Array(repeating: 1, count: outputs) }
      let bases = outputBases(0..<drawn, of: drawn, randomization)
      return (0..<outputs).map { output in
        let square = stride(from: output, to: bases.count, by: outputs)
          .reduce(0) { $0 + bases[$1] * bases[$1] }
        return (Double(drawn) / square).squareRoot()
      }
    }
  }

  /// a of some particles, one a row; whole groups.
  ///
  /// - Parameter factors: ``outputFactors``.
  func outputWeights(rows: Range<Int>, factors: [[Double]]) -> [Double] {
    let outputs = sizes.outputs
    let group = design.outputGroup
    var a: [Double] = []
    for part in parts(layer: sizes.hiddenLayers, rows: rows) {
      let first = part.rows.lowerBound / group
      let bases = outputBases(
        first..<(part.rows.upperBound / group), of: part.size / group, part.randomization)
      let factors = factors[randomizations.firstIndex(of: part.randomization)!]
      for r in part.rows {
        let sign = Self.outputSigns[r % group] * law.outputWeightDeviation
        for output in 0..<outputs {
          a.append(sign * (bases[(r / group - first) * outputs + output] * factors[output]))
        }
      }
    }
    return a
  }

  /// Standard output weights that are drawn for groups.
  private func outputBases(
    _ range: Range<Int>, of drawn: Int, _ randomization: Int
  ) -> [Double] {
    let sample = StandardSample(
      design: SampleDesign(points: design.isQuasiRandom ? .sobol : .independent),
      shape: law.shape, outputs: sizes.outputs, features: 0, count: drawn, seed: seed,
      randomization: 2 * randomization + 1)
    var bases = [Double](repeating: 0, count: range.count * sizes.outputs)
    sample.fill(first: range.lowerBound, count: range.count, into: &bases)
    return bases
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
    let group = isGrouped ? design.outputGroup : 1
    let n = process.process.dimension
    var result: [Double] = []
    result.reserveCapacity(rows.count * n)
    for part in parts(layer: layer, rows: rows) {
      let bases = (part.rows.lowerBound / group)..<((part.rows.upperBound - 1) / group + 1)
      let start = ((part.randomization * 8 + layer) * sizes.outputs + process.output) << 32
      let columns = process.process.realizations(
        (start + bases.lowerBound)..<(start + bases.upperBound), seed: seed,
        stream: process.stream)
      for r in part.rows {
        let sign = group == 1 ? 1 : Self.processSigns[r % group]
        let column = r / group - bases.lowerBound
        for i in 0..<n { result.append(sign * columns.elements[i * bases.count + column]) }
      }
    }
    return result
  }
}
