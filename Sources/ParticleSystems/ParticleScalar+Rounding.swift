extension Float {
  public static func widen(
    _ from: UnsafePointer<Float>, count: Int, to: UnsafeMutablePointer<Double>
  ) {
    for i in 0..<count { to[i] = Double(from[i]) }
  }

  public static func lossGradients(_ values: [Double]) -> [Float] {
    values.map { abs($0) < Double(leastNormalMagnitude / ulpOfOne) ? 0 : Float($0) }
  }
}

extension Double {
  public static func widen(
    _ from: UnsafePointer<Double>, count: Int, to: UnsafeMutablePointer<Double>
  ) {
    to.update(from: from, count: count)
  }

  public static func lossGradients(_ values: [Double]) -> [Double] {
    values.map { abs($0) < leastNormalMagnitude / ulpOfOne ? 0 : $0 }
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
