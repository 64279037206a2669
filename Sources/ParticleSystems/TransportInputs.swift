import LinearAlgebra
import Networks

/// The points of a run in the coordinates of its particles' input weights.
public struct TransportInputs<Scalar: ParticleScalar>: Sendable {
  public let training: PointSet<Scalar>
  public let test: PointSet<Scalar>
  /// |x|^2 of the probes, the first test points.
  public let probeNorms: [Double]

  /// The inputs' own coordinates.
  public init(_ settings: TrainingSettings) {
    let architecture = settings.architecture
    let test = architecture.features(of: settings.problem.testInputs)
    training = PointSet(architecture.features(of: settings.problem.trainingInputs))
    self.test = PointSet(test)
    probeNorms = Self.norms(test, count: settings.probes)
  }

  /// The coordinates of a basis.
  public init(_ settings: TrainingSettings, basis: InputBasis) {
    training = PointSet(basis.training)
    test = PointSet(basis.test)
    probeNorms = Self.norms(
      settings.architecture.features(of: settings.problem.testInputs), count: settings.probes)
  }

  private static func norms(_ points: Matrix<Double>, count: Int) -> [Double] {
    (0..<count).map { points.row($0).reduce(0) { $0 + $1 * $1 } }
  }
}
