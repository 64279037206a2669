import LinearAlgebra

/// A kernel among training points in its eigenvectors, with those eigenvalues told apart that rounding
/// leaves nothing of.
///
/// An eigenvalue is known up to about n u lambda_max, u the rounding unit of the kernel's elements. Smaller
/// ones, negative ones among them, are never divided by: predictions leave their directions out, and say so.
///
/// Cost: 9 n^3 operations, once; 8 n^2 bytes, and three times as much while it is made.
public struct KernelEigenbasis: Sendable {
  /// Eigenvalues in ascending order, as they are computed.
  public let values: [Double]
  /// The eigenvector of eigenvalue k is row k (n x n).
  public let vectors: Matrix<Double>
  /// Added to every eigenvalue: the variance of the labels' noise.
  public let noise: Double
  /// Eigenvalues, with the noise added, up to which directions are left out.
  public let threshold: Double

  /// - Parameters:
  ///   - kernel: of which the lower triangle is read (n x n).
  ///   - roundingUnit: of the kernel's elements.
  ///   - noise: at least 0.
  /// - Returns: `nil` where an element is not finite.
  public init?(
    _ kernel: Matrix<Double>, roundingUnit: Double = .ulpOfOne, addingToDiagonal noise: Double = 0
  ) {
    precondition(noise >= 0 && noise.isFinite)
    guard let eigen = SymmetricEigen(kernel) else { return nil }
    values = eigen.values
    vectors = eigen.vectors
    self.noise = noise
    let largest = max(abs(values.first ?? 0), abs(values.last ?? 0))
    threshold = Double(values.count) * roundingUnit * largest
  }

  /// Training points.
  public var count: Int { values.count }
  /// The smallest eigenvalue; NaN without points.
  public var smallest: Double { values.first ?? .nan }
  /// The largest eigenvalue; NaN without points.
  public var largest: Double { values.last ?? .nan }

  /// Whether predictions use the direction of eigenvalue k.
  package func isKept(_ k: Int) -> Bool { values[k] + noise > threshold }

  /// Directions that predictions leave out.
  public var leftOut: Int { values.indices.count { !isKept($0) } }

  /// The share of the sum of squares of the targets (n x C) that lies in the directions left out: what
  /// training never fits.
  package func shareLeftOut(of targets: Matrix<Double>) -> Double {
    guard leftOut > 0 else { return 0 }
    let total = targets.elements.reduce(0) { $0 + $1 * $1 }
    guard total > 0 else { return 0 }
    let coordinates = vectors.times(targets)
    var left = 0.0
    for k in values.indices where !isKept(k) {
      left += coordinates.row(k).reduce(0) { $0 + $1 * $1 }
    }
    return left / total
  }
}
