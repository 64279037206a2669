import Checkpoints
import Comparison
import LinearAlgebra
import Measures
import ParticleSystems

/// A law of (a, w) as distances need it: sorted projections of all particles, and a cloud of (some of) them.
struct WeightLaw: Sendable {
  struct Sample: Sendable {
    /// One an axis.
    let lines: [SortedSample]
    /// Points (a, w); `nil` where they are not kept.
    let cloud: PointCloud?
  }

  let all: Sample
  /// Two samples of equally many of the particles, independent of each other: both halves, or all but the middle one of
  /// an odd number of replicates or neurons; `nil` where there are none.
  let halves: [Sample]?
}

/// Gathers particles into a ``WeightLaw``.
final class WeightLawCollector {
  private let projector: ParticleProjector
  private let count: Int
  private let keeps: (Int) -> Bool
  private let half: Int?
  private var masses: [Double]?
  private var columns: [[Double]]
  private var points: [Float] = []
  private var pointMasses: [Double] = []
  private var pointsOfHalves = [0, 0]

  /// - Parameters:
  ///   - count: particles in all.
  ///   - keeps: which of them belong to the cloud.
  ///   - half: so many of the first particles are independent of so many of the last ones; `nil` where no two are.
  ///   - masses: of all particles; `nil` where all are equal.
  init(
    _ projector: ParticleProjector, count: Int, half: Int?, masses: [Double]? = nil,
    keeps: @escaping (Int) -> Bool
  ) {
    self.projector = projector
    self.count = count
    self.half = half.flatMap { $0 > 0 ? $0 : nil }
    self.keeps = keeps
    self.masses = masses
    columns = Array(
      repeating: [Double](repeating: 0, count: count), count: projector.axes.count)
  }

  /// Adds consecutive particles, rows of both.
  func add<Scalar: ParticleScalar>(
    first: Int, outputWeights: UnsafeBufferPointer<Scalar>,
    inputWeights: UnsafeBufferPointer<Scalar>
  ) {
    let (outputs, features) = (projector.outputs, projector.features)
    let rows = outputWeights.count / outputs
    let a = outputWeights.map { Double($0) }
    let w = inputWeights.map { Double($0) }
    let axes = projector.axes.count
    var results = [Double](repeating: 0, count: axes * rows)
    results.withUnsafeMutableBufferPointer { results in
      a.withUnsafeBufferPointer { a in
        w.withUnsafeBufferPointer { w in
          projector.project(
            count: rows, outputWeights: a.baseAddress!, inputWeights: w.baseAddress!,
            into: results.baseAddress!, stride: rows)
        }
      }
    }
    for axis in 0..<axes {
      columns[axis].replaceSubrange(
        first..<(first + rows), with: results[(axis * rows)..<((axis + 1) * rows)])
    }
    for row in 0..<rows where keeps(first + row) {
      for c in 0..<outputs { points.append(Float(a[row * outputs + c])) }
      for j in 0..<features { points.append(Float(w[row * features + j])) }
      if let masses { pointMasses.append(masses[first + row]) }
      guard let half else { continue }
      if first + row < half { pointsOfHalves[0] += 1 }
      if first + row >= count - half { pointsOfHalves[1] += 1 }
    }
  }

  /// All that was added, into a collector of the same particles.
  func exchange(_ state: RunState) throws {
    try state.exchange(
      "columns", &columns, lengths: Array(repeating: count, count: columns.count))
    try state.exchange("points", &points)
    try state.exchange("masses", &pointMasses)
    try state.exchange("points_of_halves", &pointsOfHalves, count: 2)
    let dimensions = projector.outputs + projector.features
    let kept = points.count / dimensions
    guard points.count % dimensions == 0, pointMasses.count == (masses == nil ? 0 : kept),
      pointsOfHalves.allSatisfy((0...kept).contains)
    else { throw state.misfit("points", "\(points.count) numbers, which are no points") }
  }

  /// - Throws: `Diagnostic` where weights are not finite.
  func law() throws -> WeightLaw {
    let dimensions = projector.outputs + projector.features
    func lines(_ range: Range<Int>) throws -> [SortedSample] {
      try columns.map {
        try SortedSample(Array($0[range]), masses: masses.map { Array($0[range]) })
      }
    }
    func cloud(_ range: Range<Int>) throws -> PointCloud? {
      guard !range.isEmpty else { return nil }
      return try PointCloud(
        Matrix(
          rows: range.count, columns: dimensions,
          elements: Array(
            points[(range.lowerBound * dimensions)..<(range.upperBound * dimensions)])),
        masses: masses == nil ? nil : Array(pointMasses[range]))
    }
    let kept = points.count / dimensions
    func sample(_ particles: Range<Int>, _ points: Range<Int>) throws -> WeightLaw.Sample {
      .init(lines: try lines(particles), cloud: try cloud(points))
    }
    return WeightLaw(
      all: try sample(0..<count, 0..<kept),
      halves: try half.map { half in
        [
          try sample(0..<half, 0..<pointsOfHalves[0]),
          try sample((count - half)..<count, (kept - pointsOfHalves[1])..<kept),
        ]
      })
  }
}

extension WeightLawCollector {
  /// Of a limit's particles, replicate by replicate.
  ///
  /// - Parameter clouds: that are kept side by side, and share their largest size.
  convenience init(
    _ projector: ParticleProjector, particles: Int, replicates: Int, masses: [Double]?,
    clouds: Int = 1
  ) {
    // As many of each replicate, so that halves have equally many.
    let size = particles / replicates
    let dimensions = projector.outputs + projector.features
    let points = WeightLaw.points(dimensions: dimensions, of: particles)
    let quota = max(1, min(points, WeightLaw.largestNumbers / dimensions / clouds) / replicates)
    self.init(
      projector, count: particles, half: Self.half(of: particles, replicates: replicates),
      masses: masses
    ) { $0 % size < quota }
  }

  /// Particles of half of the replicates, without the middle one of an odd number; none where there is one replicate.
  static func half(of particles: Int, replicates: Int) -> Int {
    replicates / 2 * (particles / replicates)
  }
}

extension WeightLaw {
  /// Points of a limit's cloud, at most, and numbers of a cloud: the energy distance costs their square.
  static let largestCloud = 1 << 14
  static let largestNumbers = 1 << 25

  /// Points that a cloud of (a, w) may have.
  static func points(dimensions: Int, of count: Int) -> Int {
    min(count, largestCloud, max(1, largestNumbers / dimensions))
  }

  /// The law at initialization, by independent draws: of limits whose measure stays there.
  static func initial(
    _ experiment: Experiment, options: RunOptions, projector: ParticleProjector
  ) throws -> WeightLaw {
    let count = points(dimensions: experiment.parameterCount, of: largestCloud)
    let sample = InitialSample(
      law: experiment.law, seed: experiment.seed(options), use: .limit)
    let collector = WeightLawCollector(projector, count: count, half: count / 2) { _ in true }
    let (outputs, features) = (projector.outputs, projector.features)
    let block = 512
    var a = [Double](repeating: 0, count: block * outputs)
    var w = [Double](repeating: 0, count: block * features)
    for first in stride(from: 0, to: count, by: block) {
      let rows = min(block, count - first)
      a.withUnsafeMutableBufferPointer { a in
        w.withUnsafeMutableBufferPointer { w in
          sample.fill(
            first: first, count: rows, features: features, outputs: outputs,
            outputWeights: a.baseAddress!, inputWeights: w.baseAddress!)
          collector.add(
            first: first,
            outputWeights: UnsafeBufferPointer(rebasing: a[..<(rows * outputs)]),
            inputWeights: UnsafeBufferPointer(rebasing: w[..<(rows * features)]))
        }
      }
    }
    return try collector.law()
  }
}
