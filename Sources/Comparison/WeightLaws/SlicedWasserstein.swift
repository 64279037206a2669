import Diagnostics
import Execution
import LinearAlgebra
import Measures

/// The sliced Wasserstein-2 distance between two laws (Rabin, Peyré, Delon, Bernot 2012): the root mean
/// over uniformly random directions of the squared Wasserstein-2 distance of the projections.
///
/// No factor of the dimension: a shift by v is at distance |v| / sqrt(dimensions).
public struct SlicedWasserstein: Sendable, Equatable {
  /// The mean over directions of the squared distances; unbiased in the directions.
  public let squared: Double
  /// Standard error of ``squared`` over directions. It says nothing of the samples: that is the
  /// sampling floor's to say.
  public let squaredStandardError: Double
  /// Random directions that the mean is over.
  public let directions: Int

  /// sqrt(``squared``).
  public var value: Double { squared.squareRoot() }

  /// Standard error of ``value`` over directions, to first order; zero where the distance is.
  public var standardError: Double { squared > 0 ? squaredStandardError / (2 * value) : 0 }

  /// Cost: per direction 2 (m + n) dimensions operations and the sorting of both projections; memory
  /// for 8 directions a thread. The same bits with any number of threads.
  ///
  /// - Parameters:
  ///   - directions: at least 2.
  ///   - stream: directions are the normalized normal vectors of its particles 0, 1, ...; of
  ///     ``StreamIdentifier/slicingDirections``.
  /// - Throws: a ``Diagnostic`` where a projection is too large for a number.
  public init(
    _ first: PointCloud, _ second: PointCloud, directions: Int = 128, stream: RandomStream,
    workers: Workers = Workers(count: 1)
  ) throws {
    self = try Self.between(
      [first, second], pairs: [(0, 1)], directions: directions, stream: stream, workers: workers)[0]
  }

  /// The distances between several pairs of clouds: each cloud is projected and sorted once for all its
  /// pairs.
  ///
  /// Cost: per direction 2 dimensions operations a point, the sorting of every cloud and a pass over both of
  /// each pair.
  ///
  /// - Parameter pairs: numbers of two clouds each.
  /// - Throws: a ``Diagnostic`` where a projection is too large for a number.
  public static func between(
    _ clouds: [PointCloud], pairs: [(first: Int, second: Int)], directions: Int = 128,
    stream: RandomStream, workers: Workers = Workers(count: 1)
  ) throws -> [SlicedWasserstein] {
    precondition(!clouds.isEmpty, "at least one cloud")
    let dimensions = clouds[0].dimensions
    precondition(clouds.allSatisfy { $0.dimensions == dimensions }, "as many dimensions")
    precondition(directions >= 2, "a standard error needs two directions")
    guard !pairs.isEmpty else { return [] }
    let panel = 8
    let panels = (directions + panel - 1) / panel
    let squares = AlignedBuffer<Double>(count: pairs.count * directions, repeating: 0)
    workers.forEach(panels) { piece, _ in
      let range = (piece * panel)..<min(directions, (piece + 1) * panel)
      let units = units(range, dimensions: dimensions, stream: stream)
      let projections = clouds.map { $0.projections(on: units) }
      for (k, direction) in range.enumerated() {
        let sorted = clouds.indices.map {
          try? SortedSample(projections[$0][k], masses: clouds[$0].masses)
        }
        for (number, pair) in pairs.enumerated() {
          let square: Double? =
            if let a = sorted[pair.first], let b = sorted[pair.second] {
              a.squaredTransport(to: b)
            } else { nil }
          squares.base[number * directions + direction] = square ?? .nan
        }
      }
    }
    return try pairs.indices.map { number in
      let values = Array(squares.contents[(number * directions)..<((number + 1) * directions)])
      guard values.allSatisfy(\.isFinite) else {
        throw Diagnostic(
          .badInput, "points are too far apart for the sliced Wasserstein distance: it overflows")
      }
      let moments = sampleMoments(values)
      return SlicedWasserstein(
        squared: moments.mean,
        squaredStandardError: ((moments.variance ?? 0) / Double(directions)).squareRoot(),
        directions: directions)
    }
  }

  private init(squared: Double, squaredStandardError: Double, directions: Int) {
    self.squared = squared
    self.squaredStandardError = squaredStandardError
    self.directions = directions
  }

  private static func units(
    _ range: Range<Int>, dimensions: Int, stream: RandomStream
  ) -> Matrix<Double> {
    var elements: [Double] = []
    for direction in range {
      let vector = stream.normals(dimensions, particle: direction)
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      elements += vector.map { $0 / length }
    }
    return Matrix(rows: range.count, columns: dimensions, elements: elements)
  }
}
