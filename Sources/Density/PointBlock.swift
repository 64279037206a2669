import Diagnostics

/// Points in memory, row-major, with masses or without.
public struct PointBlock<Scalar> {
  var points: UnsafePointer<Scalar>
  var masses: UnsafePointer<Scalar>?
  var count: Int
  var dimensions: Int

  /// The points of a buffer; `nil` where there are none.
  init?(
    _ points: UnsafeBufferPointer<Scalar>, masses: UnsafeBufferPointer<Scalar>?, dimensions: Int
  ) {
    precondition(points.count % dimensions == 0, "\(points.count) coordinates")
    precondition(masses == nil || masses!.count * dimensions == points.count, "one mass a point")
    guard let base = points.baseAddress, !points.isEmpty else { return nil }
    self.init(
      points: base, masses: masses?.baseAddress, count: points.count / dimensions,
      dimensions: dimensions)
  }

  init(
    points: UnsafePointer<Scalar>, masses: UnsafePointer<Scalar>?, count: Int, dimensions: Int
  ) {
    self.points = points
    self.masses = masses
    self.count = count
    self.dimensions = dimensions
  }

  /// The mass of a point in a block of doubles.
  func mass(_ index: Int) -> Double where Scalar == Double { masses?[index] ?? 1 }

  /// Points `range` of the block.
  func part(_ range: Range<Int>) -> PointBlock {
    PointBlock(
      points: points + range.lowerBound * dimensions, masses: masses.map { $0 + range.lowerBound },
      count: range.count, dimensions: dimensions)
  }
}

// The memory outlives the calls that read it, and nobody writes to it meanwhile.
extension PointBlock: @unchecked Sendable where Scalar: Sendable {}

extension PointBlock where Scalar: DensityScalar {
  /// Calls `body` with a copy in double precision: loops over it are compiled for one type.
  func withDoubles(_ body: (PointBlock<Double>) -> Void) {
    let numbers = count * dimensions
    withUnsafeTemporaryAllocation(of: Double.self, capacity: numbers + count) { wide in
      let base = wide.baseAddress!
      Scalar.widen(points, count: numbers, to: base)
      if let masses { Scalar.widen(masses, count: count, to: base + numbers) }
      body(
        PointBlock<Double>(
          points: base, masses: masses == nil ? nil : UnsafePointer(base + numbers), count: count,
          dimensions: dimensions))
    }
  }

  /// What is wrong with the first point that a check counted as bad.
  func fault(limits: PointLimits, boundaries: [Boundary]?, numberedFrom first: Int) -> Diagnostic {
    for i in 0..<count {
      for axis in 0..<dimensions {
        let x = points[i * dimensions + axis]
        guard x.isFinite else {
          return SampleFault.coordinate(x, point: first + i, axis: axis)
        }
        if let boundary = boundaries?[axis], !boundary.contains(Double(x)) {
          return SampleFault.beyond(boundary, Double(x), point: first + i, axis: axis)
        }
      }
      if let mass = masses?[i], !(mass >= 0 && mass.isFinite) {
        return SampleFault.mass(mass, point: first + i)
      }
    }
    preconditionFailure("no point is at fault")
  }
}
