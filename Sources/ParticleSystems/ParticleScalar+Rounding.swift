extension ParticleScalar {
  /// A loss gradient in the working precision. Those of points that a network is sure of become
  /// arbitrarily small; below this bound (2^-103 in single precision) they change no parameter, but
  /// their products are subnormal numbers, on which processors take a hundred times as long.
  static func lossGradient(_ value: Double) -> Self {
    let rounded = Self(value)
    return rounded.magnitude < Self.leastNormalMagnitude / Self.ulpOfOne ? 0 : rounded
  }
}

/// Numbers in both precisions, so that generic code need not convert them again and again.
public struct BothPrecisions: Sendable, Equatable {
  let single: [Float]
  let double: [Double]

  init(_ numbers: [Double]) {
    single = numbers.map { Float($0) }
    double = numbers
  }

  func values<Scalar: ParticleScalar>(in precision: Scalar.Type) -> [Scalar] {
    Scalar.select(self)
  }
}
