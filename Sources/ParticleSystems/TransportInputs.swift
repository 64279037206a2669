import LinearAlgebra
import Networks

/// The points of a run in the coordinates of its particles' input weights.
package struct TransportInputs<Scalar: ParticleScalar>: Sendable {
  package let training: PointSet<Scalar>
  let test: PointSet<Scalar>
  /// Scalar products of the probes, the first test points: |x_i|^2, and then x_i . x_j of the pairs
  /// i < j row by row, where the tangent kernel of pairs is wanted.
  let probeProducts: [Double]

  /// How the part of the test points outside the particles' coordinates enters; `nil` where there is
  /// none.
  let smoothing: Smoothing?

  /// Test points' components that no particle moves in: a smoothed activation, and its deviation
  /// at each point.
  struct Smoothing: Sendable {
    let activation: SmoothedActivation<Scalar>
    let deviations: [Scalar]
  }

  /// The inputs' own coordinates.
  package init(_ settings: TrainingSettings) {
    let architecture = settings.architecture
    let test = architecture.features(of: settings.problem.testInputs)
    training = PointSet(architecture.features(of: settings.problem.trainingInputs))
    self.test = PointSet(test)
    probeProducts = Self.products(test, settings)
    smoothing = nil
  }

  /// The coordinates of a basis.
  ///
  /// - Parameters:
  ///   - law: of the components outside the basis, where it does not span the test points.
  ///   - deviation: of the input weights.
  /// - Precondition: the activation has a smoothing by that law, or the basis spans all points.
  package init(
    _ settings: TrainingSettings, basis: InputBasis, law: SmoothingLaw = .gaussian,
    deviation: Double
  ) {
    training = PointSet(basis.training)
    test = PointSet(basis.test)
    probeProducts = Self.products(
      settings.architecture.features(of: settings.problem.testInputs), settings)
    precondition(
      !settings.pairsProbes || basis.testResiduals.prefix(settings.probes).allSatisfy { $0 == 0 },
      "probes whose pairs are recorded lie in the span of the basis")
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

  private static func products(_ points: Matrix<Double>, _ settings: TrainingSettings) -> [Double] {
    settings.probePairs.map { i, j in
      zip(points.row(i), points.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }
}
