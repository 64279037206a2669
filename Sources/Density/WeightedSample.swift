import Diagnostics

/// Points in one, two or three dimensions with masses: what a density is estimated from.
public struct WeightedSample<Scalar: DensityScalar>: Sendable {
  /// Coordinates of a point, 1 to 3.
  public let dimensions: Int
  /// Coordinates, point after point: coordinate `j` of point `i` is `points[i * dimensions + j]`.
  public let points: [Scalar]
  /// A mass for every point, not all of them zero, or `nil` where all points count the same.
  /// Masses need not sum to 1.
  public let masses: [Scalar]?

  /// - Throws: a ``Diagnostic`` where there is no point, or where a coordinate or mass is not a
  ///   finite number, a mass is negative or all masses are zero.
  public init(points: [Scalar], dimensions: Int = 1, masses: [Scalar]? = nil) throws {
    precondition((1...3).contains(dimensions), "\(dimensions) dimensions")
    precondition(points.count % dimensions == 0, "\(points.count) coordinates")
    precondition(masses == nil || masses!.count * dimensions == points.count, "one mass a point")
    self.dimensions = dimensions
    self.points = points
    self.masses = masses
    guard !points.isEmpty else { throw SampleFault.empty }
    try withBlock { block in
      let limits = PointLimits(dimensions: dimensions)
      let check = Scalar.check(block, limits)
      if check.bad > 0 { throw block.fault(limits: limits, boundaries: nil, numberedFrom: 0) }
      if !(check.mass > 0) { throw SampleFault.massless }
    }
  }

  /// Points.
  public var count: Int { points.count / dimensions }

  /// The sample of coordinate `axis` alone.
  package func projected(on axis: Int) -> WeightedSample {
    precondition((0..<dimensions).contains(axis))
    let column = stride(from: axis, to: points.count, by: dimensions).map { points[$0] }
    return WeightedSample(validated: column, dimensions: 1, masses: masses)
  }

  /// The same masses at `points`, which must be finite.
  init(validated points: [Scalar], dimensions: Int, masses: [Scalar]?) {
    self.points = points
    self.dimensions = dimensions
    self.masses = masses
  }

  /// Calls `body` with the points in memory.
  func withBlock<Result>(_ body: (PointBlock<Scalar>) throws -> Result) rethrows -> Result {
    try points.withUnsafeBufferPointer { points in
      func call(_ masses: UnsafePointer<Scalar>?) throws -> Result {
        try body(
          PointBlock(
            points: points.baseAddress!, masses: masses, count: count, dimensions: dimensions))
      }
      guard let masses else { return try call(nil) }
      return try masses.withUnsafeBufferPointer { try call($0.baseAddress) }
    }
  }
}

/// The sentences about samples that cannot be used.
enum SampleFault {
  static var empty: Diagnostic {
    Diagnostic(.badInput, "a density needs at least one point; the sample is empty")
  }
  static var massless: Diagnostic {
    Diagnostic(.badInput, "all masses of the sample are 0; at least one must be positive")
  }
  static func coordinate<Scalar: DensityScalar>(_ value: Scalar, point: Int, axis: Int)
    -> Diagnostic
  {
    Diagnostic(
      .badInput,
      "coordinate \(axis) of point \(point) is \(value); densities need finite coordinates")
  }
  static func mass<Scalar: DensityScalar>(_ value: Scalar, point: Int) -> Diagnostic {
    Diagnostic(
      .badInput, "the mass of point \(point) is \(value); masses are finite and not negative")
  }
  static func beyond(_ boundary: Boundary, _ value: Double, point: Int, axis: Int) -> Diagnostic {
    let side =
      if let lower = boundary.lower, value < lower {
        "below the lower boundary \(lower)"
      } else {
        "above the upper boundary \(boundary.upper ?? .infinity)"
      }
    return Diagnostic(.badInput, "coordinate \(axis) of point \(point) is \(value), \(side)")
  }
}
