import Execution
import LinearAlgebra
import Measures

/// Particles of a limit's simulation: one randomization of a design, in the coordinates of an
/// ``InputBasis``.
///
/// A Gaussian law is drawn in the basis's coordinates. Other laws are not rotation invariant: their
/// particles are drawn in the inputs' own coordinates and projected. Moments are matched in the
/// basis's coordinates.
package struct DesignedParticles: ParticleSource {
  let sample: StandardSample
  let law: InitialLaw
  package let basis: InputBasis
  /// Where the design matches moments.
  let moments: MomentMatching?

  package var features: Int { basis.coordinates }
  package var outputs: Int { sample.outputs }
  package var count: Int { sample.count }

  /// - Parameters:
  ///   - count: particles, a multiple of the design's group size.
  ///   - randomization: its number.
  /// - Cost: without moment matching nothing; with it two passes over the sample and 2 q^2 operations
  ///   a particle for q matched coordinates.
  package init(
    law: InitialLaw, design: SampleDesign, basis: InputBasis, outputs: Int, count: Int,
    seed: UInt64, randomization: Int, workers: Workers
  ) {
    self.law = law
    self.basis = basis
    sample = StandardSample(
      design: design, shape: law.shape, outputs: outputs,
      features: Self.drawnFeatures(law, basis), count: count, seed: seed,
      randomization: randomization)
    let unmatched = sample
    moments =
      design.matchesMoments
      ? MomentMatching(
        count: count, outputs: outputs, features: basis.coordinates,
        group: design, workers: workers,
        fill: { [law, basis] first, count, rows in
          Self.fillUnmatched(unmatched, law, basis, first: first, count: count, into: rows)
        }) : nil
  }

  /// Coordinates of w that are drawn: the basis's own, where rotating the law changes nothing.
  package static func drawnFeatures(_ law: InitialLaw, _ basis: InputBasis) -> Int {
    law.shape == .gaussian ? basis.coordinates : basis.inputFeatures
  }

  /// Standard coordinates in the basis before moment matching, rows of outputs + features.
  private static func fillUnmatched<Scalar: ParticleScalar>(
    _ sample: StandardSample, _ law: InitialLaw, _ basis: InputBasis, first: Int, count: Int,
    into rows: UnsafeMutablePointer<Scalar>
  ) {
    let outputs = sample.outputs
    let width = outputs + basis.coordinates
    let drawn = AlignedBuffer<Double>(count: count * sample.coordinates, repeating: 0)
    sample.fill(first: first, count: count, into: drawn.base)
    guard law.shape != .gaussian, let vectors = basis.roundedVectors else {
      Scalar.round(drawn.base, count: count * width, to: rows)
      return
    }
    let raw = AlignedBuffer<Scalar>(count: count * sample.coordinates, repeating: 0)
    Scalar.round(drawn.base, count: count * sample.coordinates, to: raw.base)
    let zeros = [Scalar](repeating: 0, count: outputs)
    Scalar.shift(
      raw.base, stride: sample.coordinates, by: zeros, factor: 1, rows: count, columns: outputs,
      to: rows, stride: width)
    let directions = vectors.values(in: Scalar.self)
    Scalar.multiply(
      raw.base + outputs, transposed: false, leading: sample.coordinates, directions,
      transposed: true, leading: basis.inputFeatures, into: rows + outputs, leading: width,
      m: count, n: basis.coordinates, k: basis.inputFeatures, alpha: 1, beta: 0)
  }

  package func massesBySize(first: Int, count: Int) -> [Double]? {
    sample.masses(first: first, count: count)
  }

  package func fill<Scalar: ParticleScalar>(
    first: Int, count: Int, outputWeights: UnsafeMutablePointer<Scalar>,
    inputWeights: UnsafeMutablePointer<Scalar>
  ) {
    let width = outputs + features
    let rows = AlignedBuffer<Scalar>(count: count * width, repeating: 0)
    Self.fillUnmatched(sample, law, basis, first: first, count: count, into: rows.base)
    moments?.apply(to: rows.base, count: count)
    let zeros = [Scalar](repeating: 0, count: width)
    Scalar.shift(
      rows.base, stride: width, by: zeros, factor: Scalar(law.outputWeightDeviation),
      rows: count, columns: outputs, to: outputWeights, stride: outputs)
    Scalar.shift(
      rows.base + outputs, stride: width, by: zeros, factor: Scalar(law.inputWeightDeviation),
      rows: count, columns: features, to: inputWeights, stride: features)
  }
}
