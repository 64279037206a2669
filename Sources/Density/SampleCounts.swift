/// What estimators keep of a sample beside its spread masses.
struct SampleCounts: Sendable {
  private(set) var count = 0
  private(set) var mass = 0.0
  private(set) var squaredMass = 0.0
  private(set) var outsideCount = 0
  private(set) var outsideMass = 0.0

  /// Checks a block and counts it.
  mutating func add<Scalar: DensityScalar>(
    _ points: UnsafeBufferPointer<Scalar>, masses: UnsafeBufferPointer<Scalar>?,
    grid: DensityGrid, boundaries: [Boundary]
  ) throws {
    let d = grid.dimensions
    precondition(points.count % d == 0)
    precondition(masses == nil || masses!.count * d == points.count)
    var block = self
    for i in 0..<(points.count / d) {
      let mass = masses.map { $0[i] } ?? 1
      guard mass >= 0, mass.isFinite else { throw SampleFault.mass(mass, point: count + i) }
      var isOutside = false
      for axis in 0..<d {
        let x = points[i * d + axis]
        guard x.isFinite else {
          throw SampleFault.coordinate(x, point: count + i, axis: axis)
        }
        guard boundaries[axis].contains(Double(x)) else {
          throw SampleFault.beyond(boundaries[axis], Double(x), point: count + i, axis: axis)
        }
        isOutside =
          isOutside || Double(x) < grid.axes[axis].lower || Double(x) > grid.axes[axis].upper
      }
      let m = Double(mass)
      block.count += 1
      block.mass += m
      block.squaredMass += m * m
      if isOutside {
        block.outsideCount += 1
        block.outsideMass += m
      }
    }
    self = block
  }

  func provenance<Scalar>(
    kernel: SmoothingKernel?, bandwidth: Bandwidth?, relativeError: Double
  ) throws -> DensityEstimate<Scalar>.Provenance {
    guard count > 0 else { throw SampleFault.empty }
    guard mass > 0 else { throw SampleFault.massless }
    return .init(
      kernel: kernel, bandwidth: bandwidth, count: count, mass: mass,
      effectiveSize: mass * mass / squaredMass, outsideCount: outsideCount,
      outsideShare: outsideMass / mass, relativeError: relativeError)
  }
}
