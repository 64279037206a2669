import Diagnostics
import LinearAlgebra

/// A weighted sample in several dimensions, such as the weights of a network's neurons or a limit's
/// particles. Points in single precision stay so in memory and are widened block by block.
public struct PointCloud: Sendable {
  private enum Storage: Sendable {
    case double(Matrix<Double>)
    case single(Matrix<Float>)
  }

  private let storage: Storage
  /// Points.
  public let count: Int
  /// Coordinates of a point.
  public let dimensions: Int
  /// A share of the mass for every point, of sum 1.
  let shares: [Double]
  /// The masses as they were given.
  let masses: [Double]?

  /// - Parameters:
  ///   - points: a point a row.
  ///   - masses: one a point, not negative; `nil` where all points count the same.
  /// - Throws: a ``Diagnostic`` where there is no point, a coordinate or mass is not finite, a mass is
  ///   negative or all are zero.
  public init(_ points: Matrix<Double>, masses: [Double]? = nil) throws {
    try Self.check(points.elements, points.columns, masses)
    self.init(storage: .double(points), points.rows, points.columns, masses)
  }

  /// Points in single precision, one a row; as above.
  public init(_ points: Matrix<Float>, masses: [Double]? = nil) throws {
    try Self.check(points.elements, points.columns, masses)
    self.init(storage: .single(points), points.rows, points.columns, masses)
  }

  private init(storage: Storage, _ count: Int, _ dimensions: Int, _ masses: [Double]?) {
    precondition(masses == nil || masses!.count == count, "one mass a point")
    self.storage = storage
    self.count = count
    self.dimensions = dimensions
    self.masses = masses
    if let masses {
      var sum = CompensatedSum()
      for mass in masses { sum.add(mass) }
      let total = sum.value
      shares = masses.map { $0 / total }
    } else {
      shares = Array(repeating: 1 / Double(count), count: count)
    }
  }

  private static func check<Scalar: BinaryFloatingPoint>(
    _ elements: [Scalar], _ columns: Int, _ masses: [Double]?
  ) throws {
    precondition(columns >= 1, "at least one dimension")
    if let i = elements.firstIndex(where: { !$0.isFinite }) {
      throw Diagnostic(
        .badInput,
        "coordinate \(i % columns) of point \(i / columns) is \(elements[i]); "
          + "distances need finite coordinates")
    }
    try Comparison.check(elements.isEmpty ? [] : [0], masses: masses)
  }

  /// Copies points `range` to `target`, widened, `origin` subtracted.
  func copy(
    _ range: Range<Int>, to target: UnsafeMutablePointer<Double>, origin: [Double]? = nil
  ) {
    let first = range.lowerBound * dimensions
    let size = range.count * dimensions
    switch storage {
    case .double(let matrix):
      matrix.elements.withUnsafeBufferPointer { source in
        for i in 0..<size { target[i] = source[first + i] }
      }
    case .single(let matrix):
      matrix.elements.withUnsafeBufferPointer { source in
        for i in 0..<size { target[i] = Double(source[first + i]) }
      }
    }
    guard let origin else { return }
    for start in stride(from: 0, to: size, by: dimensions) {
      for j in 0..<dimensions { target[start + j] -= origin[j] }
    }
  }

  /// The mean of the law.
  var mean: [Double] {
    var result = [Double](repeating: 0, count: dimensions)
    var point = [Double](repeating: 0, count: dimensions)
    for i in 0..<count {
      copy(i..<(i + 1), to: &point)
      for j in 0..<dimensions { result[j] += shares[i] * point[j] }
    }
    return result
  }

  /// The projections of all points on the rows of `directions`, direction after direction. Rows are
  /// widened in blocks, so that memory is that of the result.
  func projections(on directions: Matrix<Double>) -> [[Double]] {
    precondition(directions.columns == dimensions)
    let rows = directions.rows
    var result = Array(repeating: [Double](repeating: 0, count: count), count: rows)
    let size = max(1, min(count, 1 << 18 / dimensions))
    var block = [Double](repeating: 0, count: size * dimensions)
    var products = [Double](repeating: 0, count: size * rows)
    for first in stride(from: 0, to: count, by: size) {
      let points = min(size, count - first)
      copy(first..<(first + points), to: &block)
      Double.multiply(
        directions.elements, transposed: false, leading: dimensions, block, transposed: true,
        leading: dimensions, into: &products, leading: size, m: rows, n: points, k: dimensions,
        alpha: 1, beta: 0)
      for row in 0..<rows {
        for i in 0..<points { result[row][first + i] = products[row * size + i] }
      }
    }
    return result
  }
}
