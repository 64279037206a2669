import Execution
import LinearAlgebra

/// What estimators keep of a sample beside its spread masses.
struct SampleCounts: Sendable {
  private(set) var count = 0
  private(set) var mass = 0.0
  private(set) var squaredMass = 0.0
  private(set) var outsideCount = 0
  private(set) var outsideMass = 0.0

  private static let chunk = 1 << 15

  /// Checks a block and counts it.
  ///
  /// - Parameter boundaries: those of the limits, where there are any.
  mutating func add<Scalar: DensityScalar>(
    _ block: PointBlock<Scalar>, limits: PointLimits, boundaries: [Boundary]? = nil,
    workers: Workers
  ) throws {
    let chunks = (block.count + Self.chunk - 1) / Self.chunk
    let checks = AlignedBuffer(count: chunks, repeating: PointCheck())
    workers.forEach(chunks) { chunk, _ in
      let start = chunk * Self.chunk
      checks.base[chunk] = Scalar.check(
        block.part(start..<min(start + Self.chunk, block.count)), limits)
    }
    var sum = self
    for chunk in 0..<chunks {
      let check = checks.base[chunk]
      if check.bad > 0 {
        throw block.fault(limits: limits, boundaries: boundaries, numberedFrom: count)
      }
      sum.mass += check.mass
      sum.squaredMass += check.squaredMass
      sum.outsideCount += check.outside
      sum.outsideMass += check.outsideMass
    }
    sum.count += block.count
    self = sum
  }

  /// Counts a point as one beyond the grid.
  mutating func addOutside(mass: Double) {
    outsideCount += 1
    outsideMass += mass
  }

  /// - Throws: a ``Diagnostic`` where there is no mass.
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
