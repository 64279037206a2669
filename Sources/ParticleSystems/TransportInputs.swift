import LinearAlgebra
import Networks

/// The points of a run in the coordinates of its particles' input weights.
public struct TransportInputs<Scalar: ParticleScalar>: Sendable {
  public let training: PointSet<Scalar>
  public let test: PointSet<Scalar>
  /// |x|^2 of the probes, the first test points.
  public let probeNorms: [Double]

  /// How the part of the test points outside the particles' coordinates enters; `nil` where there is
  /// none.
  public let smoothing: Smoothing?

  /// Test points' components that no particle moves in: a smoothed activation, and its deviation
  /// at each point.
  public struct Smoothing: Sendable {
    let activation: SmoothedActivation<Scalar>
    let deviations: [Scalar]
  }

  /// The inputs' own coordinates.
  public init(_ settings: TrainingSettings) {
    let architecture = settings.architecture
    let test = architecture.features(of: settings.problem.testInputs)
    training = PointSet(architecture.features(of: settings.problem.trainingInputs))
    self.test = PointSet(test)
    probeNorms = Self.norms(test, count: settings.probes)
    smoothing = nil
  }

  /// The coordinates of a basis.
  ///
  /// - Parameters:
  ///   - law: of the components outside the basis, where it does not span the test points.
  ///   - deviation: of the input weights.
  /// - Precondition: the activation has a smoothing by that law, or the basis spans all points.
  public init(
    _ settings: TrainingSettings, basis: InputBasis, law: SmoothingLaw = .gaussian,
    deviation: Double
  ) {
    training = PointSet(basis.training)
    test = PointSet(basis.test)
    probeNorms = Self.norms(
      settings.architecture.features(of: settings.problem.testInputs), count: settings.probes)
    guard basis.testResiduals.contains(where: { $0 > 0 }) else {
      smoothing = nil
      return
    }
    guard let smoothed = SmoothedActivation<Scalar>(settings.architecture.activation, law) else {
      preconditionFailure("no smoothing of this activation: the basis must span the test points")
    }
    smoothing = Smoothing(
      activation: smoothed, deviations: basis.testResiduals.map { Scalar(deviation * $0) })
  }

  private static func norms(_ points: Matrix<Double>, count: Int) -> [Double] {
    (0..<count).map { points.row($0).reduce(0) { $0 + $1 * $1 } }
  }
}
