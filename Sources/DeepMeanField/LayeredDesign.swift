import Measures

/// How the particles of a layered simulation are placed.
public struct LayeredDesign: Sendable, Equatable {
  /// Pairs (w, -w) in the first layer and groups (a, G), (-a, G), (a, -G), (-a, -G) in the last: the laws
  /// are symmetric.
  public var isSymmetric: Bool
  /// Scrambled Sobol' points for w, and for a, which stratify it. (Along the principal components of G they
  /// gain nothing.)
  public var isQuasiRandom: Bool
  /// Whether output weights are scaled so that their second moment is exact.
  public var matchesSecondMoment: Bool
  /// Whether the first layer's kernel of step 0 is a control variate (`FirstLayerControl`): two layers,
  /// gradient descent.
  public var isControlled: Bool

  /// Any mixture; ``independent`` and ``full(isControlled:)`` are those with a name.
  public init(
    isSymmetric: Bool, isQuasiRandom: Bool, matchesSecondMoment: Bool, isControlled: Bool
  ) {
    self.isSymmetric = isSymmetric
    self.isQuasiRandom = isQuasiRandom
    self.matchesSecondMoment = matchesSecondMoment
    self.isControlled = isControlled
  }

  /// Particles drawn one by one.
  public static let independent = LayeredDesign(
    isSymmetric: false, isQuasiRandom: false, matchesSecondMoment: false, isControlled: false)

  /// All of it. Of the standard deviation of independent particles half to two thirds are left under RMSProp, a
  /// twentieth to a quarter under gradient descent (`data/layered-limits.md`).
  public static func full(isControlled: Bool) -> LayeredDesign {
    LayeredDesign(
      isSymmetric: true, isQuasiRandom: true, matchesSecondMoment: true, isControlled: isControlled)
  }

  /// Particles of the last layer that share their numbers.
  var outputGroup: Int { isSymmetric ? 4 : 1 }
  /// Particles of the first layer that do.
  var inputGroup: Int { isSymmetric ? 2 : 1 }

  /// Whether layers can have these sizes; Sobol' points have direction numbers in so many dimensions only.
  func suits(_ sizes: LayerSizes) -> Bool {
    (!isQuasiRandom || sizes.features <= SobolSequence.largestDimension)
      && sizes.layers[0] % inputGroup == 0 && sizes.layers.last! % outputGroup == 0
  }
}
