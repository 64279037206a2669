import LinearAlgebra
import Measures

/// The measure that the particles of a simulation stand for, in the inputs' own coordinates.
///
/// Two or three things are put back that the simulation leaves out. Components of w outside the span of the
/// inputs, which never move and act on no input: drawn here. And, where the design removes it, the
/// radius of the Gaussian (a, w), in units of its standard deviations: the path of (c a, c w) is c
/// times that of (a, w) and contributes c^2 times as much. With p coordinates c^2 has the law
/// chi^2_p / p; here c^2 is drawn from that law tilted by c^2, chi^2_{p+2} / p, and the particle's
/// mass is proportional to c^-2. Means over the weighted particles are then unbiased (E_p h = E_tilt
/// h c^-2 / E_tilt c^-2), and those of homogeneous functions of degree two, the logits among them,
/// are the same numbers as in the simulation. Where the design samples by importance, a particle of the
/// simulation is sqrt(m) times as large as the one of the mass m that it stands for.
public struct MeasureParticles: Sendable {
  private let particles: JoinedParticles
  /// Mean of the inverse squares of the particles' sizes in those of the simulation, by which they are scaled
  /// so that the masses sum to one; `nil` where all sizes are one.
  private let scale: Double?
  private let seed: UInt64
  /// Number of the first particle in the random streams.
  private let firstDraw: Int

  /// Coordinates of w.
  public var features: Int { particles.parts[0].basis.inputFeatures }

  /// Particles of all replicates together.
  public var count: Int { particles.count }

  /// - Parameters:
  ///   - replicates: of one realization.
  ///   - firstDraw: measures of one seed have independent radii and components outside the span where
  ///     the ranges of as many numbers as they have particles, from this one on, do not meet.
  /// - Cost: where the design leaves out the radius, that of drawing the particles' radii, a particle at
  ///   a time; where it samples by importance, that of the output weights.
  public init(_ replicates: [JoinedParticles], seed: UInt64, firstDraw: Int = 0) {
    particles = JoinedParticles(replicates.flatMap(\.parts))
    self.seed = seed
    self.firstDraw = firstDraw
    var sum = 0.0
    for first in stride(from: 0, to: particles.count, by: ParticleLayout.blockSize) {
      guard
        let squares = Self.squares(
          of: particles, first: first,
          count: min(ParticleLayout.blockSize, particles.count - first),
          firstDraw: firstDraw, seed: seed)
      else {
        scale = nil
        return
      }
      for square in squares { sum += 1 / square }
    }
    scale = sum / Double(particles.count)
  }

  /// The squares of the particles' sizes in those of the simulation, before the scaling.
  private static func squares(
    of particles: JoinedParticles, first: Int, count: Int, firstDraw: Int, seed: UInt64
  ) -> [Double]? {
    let sample = particles.parts[0].sample
    guard sample.design.removesRadius else {
      return particles.massesBySize(first: first, count: count)?.map { 1 / $0 }
    }
    let radii = RandomStream(seed: seed, stream: .radii)
    return (first..<(first + count)).map {
      radii.normals(sample.coordinates + 2, particle: firstDraw + $0)
        .reduce(0) { $0 + $1 * $1 } / Double(sample.coordinates)
    }
  }

  private func squares(first: Int, count: Int) -> [Double]? {
    Self.squares(of: particles, first: first, count: count, firstDraw: firstDraw, seed: seed)
  }

  /// Masses of consecutive particles; those of all sum to one.
  ///
  /// - Cost: where the design leaves out the radius or samples by importance, that of the radii or
  ///   output weights.
  public func masses(first: Int, count: Int) -> [Double] {
    let all = Double(particles.count)
    guard let scale, let squares = squares(first: first, count: count) else {
      return Array(repeating: 1 / all, count: count)
    }
    // Masses times the squares of the sizes stay 1 / count.
    return squares.map { 1 / (all * scale * $0) }
  }

  /// Whether ``masses(first:count:)`` differ.
  public var hasMasses: Bool { scale != nil }

  /// Writes input weights in the inputs' own coordinates, rows of ``features`` numbers, and scales
  /// what the simulation moves by the particles' sizes: output weights, and input weights in the span
  /// of the basis. What lies outside it is independent of these, which belong to (a, w) within.
  ///
  /// - Parameters:
  ///   - first: number of the first particle through all replicates; in the order of the replicates.
  ///   - outputWeights: rows of the simulation.
  ///   - inputWeights: rows in the coordinates of the basis.
  public func lift<Scalar: ParticleScalar>(
    first: Int, count: Int, outputWeights: UnsafePointer<Scalar>,
    inputWeights: UnsafePointer<Scalar>, intoOutput a: UnsafeMutablePointer<Scalar>,
    intoInput w: UnsafeMutablePointer<Scalar>
  ) {
    let outputs = particles.outputs
    let coordinates = particles.features
    let features = features
    a.update(from: outputWeights, count: count * outputs)
    let inside = AlignedBuffer<Scalar>(count: count * coordinates, repeating: 0)
    inside.base.update(from: inputWeights, count: count * coordinates)
    if let scale, let squares = squares(first: first, count: count) {
      for r in 0..<count {
        let size = Scalar((squares[r] * scale).squareRoot())
        for c in 0..<outputs { a[r * outputs + c] *= size }
        for j in 0..<coordinates { inside.base[r * coordinates + j] *= size }
      }
    }
    particles.forEachPart(first: first, count: count) { part, start, size, offset in
      raise(
        part, first: first + offset, start: start, count: size,
        from: inside.base + offset * coordinates, into: w + offset * features)
    }
  }

  /// Input weights of particles of one part, from the basis to the inputs' own coordinates.
  private func raise<Scalar: ParticleScalar>(
    _ source: DesignedParticles, first: Int, start: Int, count: Int,
    from inputWeights: UnsafePointer<Scalar>, into w: UnsafeMutablePointer<Scalar>
  ) {
    let features = features
    guard let vectors = source.basis.roundedVectors else {
      w.update(from: inputWeights, count: count * features)
      return
    }
    let directions = vectors.values(in: Scalar.self)
    let m = source.basis.coordinates
    if m < features {
      addPerpendicular(
        source, first: first, start: start, count: count, directions: directions, into: w)
    } else {
      w.update(repeating: 0, count: count * features)
    }
    Scalar.multiply(
      inputWeights, transposed: false, leading: m, directions, transposed: false,
      leading: features, into: w, leading: features, m: count, n: features, k: m, alpha: 1,
      beta: 1)
  }

  /// Initial input weights without their part in the span of the basis.
  private func addPerpendicular<Scalar: ParticleScalar>(
    _ source: DesignedParticles, first: Int, start: Int, count: Int, directions: [Scalar],
    into w: UnsafeMutablePointer<Scalar>
  ) {
    let features = features
    let deviation = source.law.inputWeightDeviation
    if source.law.shape == .gaussian {
      let stream = RandomStream(seed: seed, stream: .perpendicularWeights)
      for r in 0..<count {
        for (j, x) in stream.normals(features, particle: firstDraw + first + r).enumerated() {
          w[r * features + j] = Scalar(deviation * x)
        }
      }
    } else {
      // The very draw that the coordinates in the basis were made of.
      let width = source.sample.coordinates
      let rows = AlignedBuffer<Double>(count: count * width, repeating: 0)
      source.sample.fill(first: start, count: count, into: rows.base)
      for r in 0..<count {
        for j in 0..<features {
          w[r * features + j] = Scalar(deviation * rows.base[r * width + source.outputs + j])
        }
      }
    }
    let m = source.basis.coordinates
    let shares = AlignedBuffer<Scalar>(count: count * m, repeating: 0)
    Scalar.multiply(
      w, transposed: false, leading: features, directions, transposed: true, leading: features,
      into: shares.base, leading: m, m: count, n: m, k: features, alpha: 1, beta: 0)
    Scalar.multiply(
      shares.base, transposed: false, leading: m, directions, transposed: false,
      leading: features, into: w, leading: features, m: count, n: features, k: m, alpha: -1,
      beta: 1)
  }
}
