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
    precondition(first.dimensions == second.dimensions, "as many dimensions")
    precondition(directions >= 2, "a standard error needs two directions")
    let panel = 8
    let panels = (directions + panel - 1) / panel
    let squares = AlignedBuffer<Double>(count: directions, repeating: 0)
    workers.forEach(panels) { piece, _ in
      let range = (piece * panel)..<min(directions, (piece + 1) * panel)
      let units = Self.units(range, dimensions: first.dimensions, stream: stream)
      let (x, y) = (first.projections(on: units), second.projections(on: units))
      for (k, direction) in range.enumerated() {
        guard let a = try? SortedSample(x[k], masses: first.masses),
          let b = try? SortedSample(y[k], masses: second.masses)
        else {
          squares.base[direction] = .nan
          continue
        }
        squares.base[direction] = a.squaredTransport(to: b)
      }
    }
    let values = Array(squares.contents)
    guard values.allSatisfy(\.isFinite) else {
      throw Diagnostic(
        .badInput, "points are too far apart for the sliced Wasserstein distance: it overflows")
    }
    let moments = sampleMoments(values)
    squared = moments.mean
    squaredStandardError = ((moments.variance ?? 0) / Double(directions)).squareRoot()
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
