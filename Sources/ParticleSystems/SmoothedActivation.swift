import Networks

/// An activation phi averaged over a random part of the preactivation, E phi(u + tau T), in closed
/// form, for T of a ``SmoothingLaw``.
///
/// Limits with a rotation-invariant law of w move w only in the span of the training inputs. The
/// component of a test point outside it meets an untouched Gaussian part of w, independent of
/// everything else: its contribution to the preactivation is tau T and is integrated here instead of
/// being sampled.
///
/// Forms and derivations: `smoothing_template.h`, `smoothing_moments_template.h` (Gaussian T; Owen's
/// function for second moments), ``SmoothingLaw`` (Student's law) and `KinkTable` (piecewise linear).
/// Absolute errors beside the rounding of the result, for every tau >= 0: values 1e-12 tau in double
/// and 1e-7 tau in single precision, second moments 3e-12 (1 + u^2 + tau^2) in double and
/// 1e-6 (1 + u^2 + tau^2) in single precision. An element's result depends on its own u and tau alone,
/// to the last bit.
public struct SmoothedActivation<Scalar: SmoothingScalar>: Sendable {
  /// phi.
  public let activation: Activation
  /// The law of T.
  public let law: SmoothingLaw

  private let pointwiseLaw: PointwiseLaw<Scalar>
  /// Empty unless phi is piecewise linear.
  private let valueTable: [Scalar]
  private let squareTables: [Scalar]

  /// `nil` where there is no closed form (tanh, softplus), and for Student's law with an
  /// activation that is not piecewise linear. A piecewise linear activation costs the set-up of a table, 200 000
  /// exponentials: make it once.
  public init?(_ activation: Activation, _ law: SmoothingLaw) {
    guard activation.hasClosedFormSmoothing else { return nil }
    if case .student(let coordinates) = law {
      precondition(coordinates >= 1, "a particle with \(coordinates) coordinates")
      if activation.negativeSlope == nil { return nil }
    }
    self.activation = activation
    self.law = law
    pointwiseLaw = PointwiseLaw(activation)
    let table =
      activation.negativeSlope.map { _ in KinkTable<Scalar>(law, terms: Scalar.kinkTerms) }
    valueTable = table?.value ?? []
    squareTables = table?.squares ?? []
  }

  /// Replaces each z[r, i] of a block by E phi(z[r, i] + deviations[i] T); exactly phi(z[r, i]) where
  /// deviations[i] is 0. Deviations, one a column, are not negative.
  public func apply(
    _ z: UnsafeMutablePointer<Scalar>, _ shape: BlockShape, deviations: UnsafePointer<Scalar>
  ) {
    requireDeviations(deviations, shape)
    if activation == .linear { return }
    Scalar.smooth(pointwiseLaw, kink: valueTable, z, shape, deviations: deviations)
  }

  /// Replaces each z[r, i] of a block by E phi'(z[r, i] + deviations[i] T).
  public func applyDerivative(
    _ z: UnsafeMutablePointer<Scalar>, _ shape: BlockShape, deviations: UnsafePointer<Scalar>
  ) {
    requireDeviations(deviations, shape)
    Scalar.smoothSlopes(pointwiseLaw, kinks: squareTables, z, shape, deviations: deviations)
  }

  /// Adds what the particles of a block contribute to the tangent kernel's diagonal, with x the
  /// smoothed preactivation z[r, i] + deviations[i] T:
  ///
  ///     valueSums[i]      += sum_r masses[r] E phi(x)^2
  ///     derivativeSums[i] += sum_r masses[r] outputWeights[r]^2 E phi'(x)^2
  ///
  /// Made for a few columns: twelve exponentials an element where phi is not piecewise linear.
  public func addTangentSums(
    _ z: UnsafePointer<Scalar>, _ shape: BlockShape, outputWeights: UnsafePointer<Scalar>,
    masses: UnsafePointer<Scalar>, deviations: UnsafePointer<Scalar>,
    valueSums: UnsafeMutablePointer<Scalar>, derivativeSums: UnsafeMutablePointer<Scalar>
  ) {
    requireDeviations(deviations, shape)
    Scalar.smoothTangentSums(
      pointwiseLaw, kinks: squareTables, z, shape, deviations: deviations,
      outputWeights: outputWeights, masses: masses, valueSums: valueSums,
      derivativeSums: derivativeSums)
  }

  private func requireDeviations(_ deviations: UnsafePointer<Scalar>, _ shape: BlockShape) {
    for i in 0..<shape.points {
      precondition(deviations[i] >= 0, "column \(i) has the deviation \(deviations[i])")
    }
  }
}

extension Activation {
  /// Whether E phi(u + tau T) of a normal T has a closed form here (``SmoothedActivation``).
  package var hasClosedFormSmoothing: Bool {
    switch self {
    case .linear, .relu, .leakyReLU, .erf, .gelu, .sin: true
    case .tanh, .softplus: false
    }
  }
}
