import Comparison
import Diagnostics
import Execution
import Foundation
import LinearAlgebra
import Measures
import Testing

@Suite struct EnergyDistanceTests {
  func matrix(_ elements: [Double], _ columns: Int) -> Matrix<Double> {
    Matrix(rows: elements.count / columns, columns: columns, elements: elements)
  }

  /// Direct double sums by scipy.spatial.distance.
  @Test func cloudsOfTheFixture() throws {
    for cloud in try Fixture.load().clouds {
      let (x, y) = (matrix(cloud.first, cloud.dimensions), matrix(cloud.second, cloud.dimensions))
      let energy = EnergyDistance(
        try PointCloud(x, masses: cloud.firstMasses),
        try PointCloud(y, masses: cloud.secondMasses))
      #expect(isClose(energy.between, cloud.between, 1e-13))
      #expect(isClose(energy.withinFirst, cloud.withinFirst, 1e-13))
      #expect(isClose(energy.withinSecond, cloud.withinSecond, 1e-13))
      let single = EnergyDistance(
        try PointCloud(x.map { Float($0) }, masses: cloud.firstMasses),
        try PointCloud(y.map { Float($0) }, masses: cloud.secondMasses))
      #expect(isClose(single.squared, energy.squared, 1e-6))
    }
  }

  /// In one dimension the sorted and the blocked algorithm are of one quantity; more points than a
  /// block.
  @Test func oneDimension() throws {
    let (x, y) = (normals(700, seed: 1), normals(300, seed: 2).map { $0 + 0.3 })
    let sorted = try SortedSample(x).distances(to: SortedSample(y))
    let blocked = EnergyDistance(try PointCloud(matrix(x, 1)), try PointCloud(matrix(y, 1)))
    #expect(abs(blocked.squared - sorted.energySquared) < 1e-12)
  }

  /// Points far from the origin, twins at distance 1e-9 and repeated points: what |x|^2 + |y|^2 - 2 x.y
  /// loses.
  @Test func cancellation() throws {
    let dimensions = 20
    let base = normals(300 * dimensions, seed: 3).map { $0 + 1000 }
    let shift = normals(300 * dimensions, seed: 4)
    let twins = zip(base, shift).map { $0 + 1e-6 * $1 }
    let (x, y) = (matrix(base, dimensions), matrix(twins, dimensions))
    var between = 0.0
    var twinDistance = 0.0
    for i in 0..<300 {
      for j in 0..<300 {
        var square = 0.0
        for (a, b) in zip(x.row(i), y.row(j)) { square += (a - b) * (a - b) }
        between += square.squareRoot() / 90000
        if i == j { twinDistance += square.squareRoot() / 300 }
      }
    }
    let energy = EnergyDistance(try PointCloud(x), try PointCloud(y))
    #expect(abs(energy.between - between) < 1e-12 * between)
    // Twins alone: a cloud of one repeated point and its twin.
    let one = try PointCloud(matrix(Array(base[..<dimensions]), dimensions))
    let other = try PointCloud(matrix(Array(twins[..<dimensions]), dimensions))
    var square = 0.0
    for (a, b) in zip(x.row(0), y.row(0)) { square += (a - b) * (a - b) }
    #expect(abs(EnergyDistance(one, other).between / square.squareRoot() - 1) < 1e-9)
    #expect(EnergyDistance(one, one).value == 0)
    #expect(twinDistance > 1e-6)
  }

  @Test func sameBitsForAnyThreads() throws {
    let x = try PointCloud(normalMatrix(600, 7, seed: 5))
    let y = try PointCloud(normalMatrix(530, 7, seed: 6))
    let alone = EnergyDistance(x, y)
    #expect(alone == EnergyDistance(x, y, workers: Workers(count: 3)))
    #expect(alone.value > 0)
  }

  @Test func refusals() throws {
    let points = Matrix(rows: 2, columns: 2, elements: [1, 2, 3, Double.infinity])
    let coordinate = Diagnostic(
      .badInput, "coordinate 1 of point 1 is inf; distances need finite coordinates")
    #expect(throws: coordinate) { try PointCloud(points) }
    let mass = Diagnostic(
      .badInput, "the mass of point 0 is nan; masses are finite and not negative")
    #expect(throws: mass) {
      try PointCloud(Matrix(rows: 1, columns: 1, elements: [1.0]), masses: [.nan])
    }
    let empty = Diagnostic(.badInput, "a distance needs at least one point; the sample is empty")
    #expect(throws: empty) {
      try PointCloud(Matrix(rows: 0, columns: 2, elements: [Double]()))
    }
  }
}

@Suite struct SlicedWassersteinTests {
  let stream = RandomStream(seed: 1, stream: .slicingDirections)

  /// A shift by v is at SW2^2 = |v|^2 / D; directions scatter (theta.v)^2 with variance
  /// 2 |v|^4 (D - 1) / (D^2 (D + 2)).
  @Test func shift() throws {
    let dimensions = 6
    let points = normalMatrix(40, dimensions, seed: 1)
    let v = [1.0, -2, 0.5, 0, 3, 1]
    var moved = points
    for i in moved.elements.indices { moved.elements[i] += v[i % dimensions] }
    let sliced = try SlicedWasserstein(
      try PointCloud(points), try PointCloud(moved), directions: 2000, stream: stream)
    let norm = v.reduce(0) { $0 + $1 * $1 }
    let exact = norm / 6
    let scatter = (2 * norm * norm * 5 / (36 * 8) / 2000).squareRoot()
    #expect(abs(sliced.squaredStandardError / scatter - 1) < 0.1)
    #expect(abs(sliced.squared - exact) < 3 * scatter)
    #expect(abs(sliced.standardError - scatter / (2 * exact.squareRoot())) < 0.1 * scatter)
  }

  /// Concentric Gaussians: every direction is at |s - s'|, up to sampling, and weights count as
  /// repetitions.
  @Test func scaleAndMasses() throws {
    let points = normalMatrix(60, 3, seed: 2)
    let wide = points.map { 2 * $0 }
    let masses = (0..<60).map { Double(1 + $0 % 3) }
    let weighted = try SlicedWasserstein(
      try PointCloud(points, masses: masses), try PointCloud(wide, masses: masses),
      directions: 50, stream: stream)
    let repeated = (0..<60).flatMap { i in Array(repeating: i, count: 1 + i % 3) }
    func rows(_ matrix: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        rows: repeated.count, columns: 3, elements: repeated.flatMap { Array(matrix.row($0)) })
    }
    let unweighted = try SlicedWasserstein(
      try PointCloud(rows(points)), try PointCloud(rows(wide)), directions: 50, stream: stream)
    #expect(isClose(weighted.squared, unweighted.squared, 1e-12))
    // W2 between x and 2 x on a line is the root mean square of x: E over directions |x|^2 / D.
    var square = 0.0
    for i in 0..<60 { square += masses[i] * points.row(i).reduce(0) { $0 + $1 * $1 } }
    square /= 3 * masses.reduce(0, +)
    #expect(abs(weighted.squared - square) < 3 * weighted.squaredStandardError)
  }

  @Test func sameBitsForAnyThreadsAndPrecision() throws {
    let (x, y) = (normalMatrix(90, 5, seed: 3), normalMatrix(70, 5, seed: 4))
    let alone = try SlicedWasserstein(
      try PointCloud(x), try PointCloud(y), directions: 37, stream: stream)
    let threads = try SlicedWasserstein(
      try PointCloud(x), try PointCloud(y), directions: 37, stream: stream,
      workers: Workers(count: 3))
    #expect(alone == threads)
    let single = try SlicedWasserstein(
      try PointCloud(x.map { Float($0) }), try PointCloud(y.map { Float($0) }), directions: 37,
      stream: stream)
    #expect(isClose(single.squared, alone.squared, 1e-6))
    #expect(
      try SlicedWasserstein(try PointCloud(x), try PointCloud(x), stream: stream).squared == 0)
  }
}

@Suite struct SamplingFloorTests {
  let stream = RandomStream(seed: 1, stream: .seedSplits)

  /// Halves are disjoint, and the floor of energy distances is what their bias says.
  @Test func halves() throws {
    let values = normals(200, seed: 9)
    let floor = try #require(
      try SamplingFloor.betweenHalves(units: 201, splits: 30, stream: stream) { first, second in
        #expect(Set(first).isDisjoint(with: second))
        #expect(first.count == 100 && second.count == 100)
        return try SortedSample(first.map { values[$0 % 200] })
          .distances(to: SortedSample(second.map { values[$0 % 200] })).energySquared
      })
    // E D^2 = (1/100 + 1/100) E|X - X'|, E|X - X'| = 2 / sqrt(pi).
    #expect(abs(floor.mean - 0.02 * 2 / Double.pi.squareRoot()) < 0.007)
    #expect(SamplingFloor.betweenHalves(units: 1, stream: stream) { _, _ in 0 } == nil)
  }
}
