import Measures

/// Where a system's initial particles come from: any of them can be made again at any time.
public protocol ParticleSource: Sendable {
  /// Coordinates of w.
  var features: Int { get }
  /// Coordinates of a.
  var outputs: Int { get }
  /// Particles.
  var count: Int { get }

  /// Writes particles `first ..< first + count`: `outputWeights` (count x outputs) and `inputWeights`
  /// (count x features) row by row.
  func fill<Scalar: ParticleScalar>(
    first: Int, count: Int, outputWeights: UnsafeMutablePointer<Scalar>,
    inputWeights: UnsafeMutablePointer<Scalar>)

  /// The masses, of mean one, that particles `first ..< first + count` stand for by their size: each is
  /// drawn from an importance density and scaled by the square root of its mass
  /// (``OutputImportance``). `nil` where sizes are those of the law.
  func massesBySize(first: Int, count: Int) -> [Double]?
}

extension ParticleSource {
  public func massesBySize(first: Int, count: Int) -> [Double]? { nil }
}

/// Neurons of a finite network, drawn one by one.
public struct IndependentParticles: ParticleSource {
  /// Where the neurons are drawn from.
  public let sample: InitialSample
  /// Coordinates of w.
  public let features: Int
  /// Numbers of a.
  public let outputs: Int
  /// Neurons.
  public let count: Int

  /// The first `count` neurons of a sample.
  public init(_ sample: InitialSample, features: Int, outputs: Int, count: Int) {
    self.sample = sample
    self.features = features
    self.outputs = outputs
    self.count = count
  }

  public func fill<Scalar: ParticleScalar>(
    first: Int, count: Int, outputWeights: UnsafeMutablePointer<Scalar>,
    inputWeights: UnsafeMutablePointer<Scalar>
  ) {
    sample.fill(
      first: first, count: count, features: features, outputs: outputs,
      outputWeights: outputWeights, inputWeights: inputWeights)
  }
}
