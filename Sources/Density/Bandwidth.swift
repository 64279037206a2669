import Diagnostics
import LinearAlgebra

/// The width of a kernel: its covariance matrix.
public struct Bandwidth: Sendable, Equatable {
  /// The covariance matrix of the kernel.
  public let covariance: Matrix<Double>

  /// One standard deviation for all axes.
  ///
  /// - Throws: a ``Diagnostic`` where it is not positive.
  public init(_ deviation: Double, dimensions: Int = 1) throws {
    try self.init(deviations: Array(repeating: deviation, count: dimensions))
  }

  /// A standard deviation for each axis.
  ///
  /// - Throws: a ``Diagnostic`` where one is not positive.
  public init(deviations: [Double]) throws {
    precondition((1...3).contains(deviations.count))
    var covariance = Matrix(rows: deviations.count, columns: deviations.count, repeating: 0.0)
    for (axis, deviation) in deviations.enumerated() {
      guard deviation > 0 else {
        throw Diagnostic(
          .badInput, "the bandwidth of axis \(axis) is \(deviation); bandwidths are positive")
      }
      guard (deviation * deviation).isNormal else {
        throw Diagnostic(
          .badInput,
          "the bandwidth of axis \(axis) is \(deviation), whose square is beyond double precision")
      }
      covariance[axis, axis] = deviation * deviation
    }
    self.covariance = covariance
  }

  /// A covariance matrix, of which the lower triangle is read.
  ///
  /// - Throws: a ``Diagnostic`` where it is not positive definite.
  public init(covariance: Matrix<Double>) throws {
    precondition(covariance.rows == covariance.columns && (1...3).contains(covariance.rows))
    var symmetric = covariance
    for i in 0..<covariance.rows {
      for j in 0..<i { symmetric[j, i] = symmetric[i, j] }
    }
    guard case .factorized = Cholesky.factorize(symmetric) else {
      throw Diagnostic(
        .badInput, "the bandwidth matrix \(covariance.elements) is not positive definite")
    }
    self.covariance = symmetric
  }

  /// Axes: the order of ``covariance``.
  public var dimensions: Int { covariance.rows }
  /// Standard deviations of the kernel along the axes.
  public var deviations: [Double] {
    (0..<dimensions).map { covariance[$0, $0].squareRoot() }
  }
  /// Whether the kernel is a product over the axes.
  var isDiagonal: Bool {
    (0..<dimensions).allSatisfy { i in (0..<i).allSatisfy { covariance[i, $0] == 0 } }
  }
}
