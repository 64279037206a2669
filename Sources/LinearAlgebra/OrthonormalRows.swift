/// A growing set of orthonormal vectors: block Gram-Schmidt, every projection made twice (Kahan's
/// "twice is enough"; Giraud, Langou, Rozloznik 2005), so that the vectors are orthogonal to rounding.
public struct OrthonormalRows: Sendable {
  public let columns: Int
  public private(set) var count = 0
  private var elements: [Double] = []

  public init(columns: Int) {
    precondition(columns >= 1)
    self.columns = columns
  }

  /// The vectors, one a row.
  public var matrix: Matrix<Double> {
    Matrix(rows: count, columns: columns, elements: elements)
  }

  /// Appends an orthonormal basis of what the rows of `candidates` add to the span, in their order.
  ///
  /// - Parameter tolerance: rows whose remainder is not longer than this part of the longest row, of
  ///   this matrix, add nothing.
  /// - Cost: 16 r (count + r / 2) columns operations for r rows, half of them in products of blocks.
  public mutating func append(_ candidates: Matrix<Double>, tolerance: Double) {
    precondition(candidates.columns == columns)
    var longest = 0.0
    for i in 0..<candidates.rows { longest = max(longest, length(candidates.row(i))) }
    let threshold = tolerance * longest
    let panel = 64
    for first in stride(from: 0, to: candidates.rows, by: panel) {
      let rows = min(panel, candidates.rows - first)
      var block = Array(candidates.elements[(first * columns)..<((first + rows) * columns)])
      let settled = count
      project(&block, rows: rows, from: 0, to: settled)
      for i in 0..<rows {
        var vector = Array(block[(i * columns)..<((i + 1) * columns)])
        project(&vector, rows: 1, from: settled, to: count)
        add(vector, threshold: threshold)
        if count == columns { return }
      }
    }
  }

  /// Adds one vector that is orthogonal to the others, unless nothing is left of it.
  private mutating func add(_ vector: [Double], threshold: Double) {
    let norm = length(vector[...])
    guard norm > threshold, norm > 0 else { return }
    // A short remainder carries the rounding errors of the long vector it is left of: at unit length
    // it is projected again.
    var unit = vector.map { $0 / norm }
    project(&unit, rows: 1, from: 0, to: count)
    let rest = length(unit[...])
    guard rest > 0.5 else { return }
    elements.append(contentsOf: unit.map { $0 / rest })
    count += 1
  }

  /// Takes from every row of a block what lies in the span of vectors `first ..< last`, twice.
  private func project(_ block: inout [Double], rows: Int, from first: Int, to last: Int) {
    let vectors = last - first
    guard vectors > 0 else { return }
    var shares = [Double](repeating: 0, count: rows * vectors)
    elements.withUnsafeBufferPointer { elements in
      let basis = elements.baseAddress! + first * columns
      for _ in 0..<2 {
        Double.multiply(
          block, transposed: false, leading: columns, basis, transposed: true, leading: columns,
          into: &shares, leading: vectors, m: rows, n: vectors, k: columns, alpha: 1, beta: 0)
        Double.multiply(
          shares, transposed: false, leading: vectors, basis, transposed: false,
          leading: columns, into: &block, leading: columns, m: rows, n: columns, k: vectors,
          alpha: -1, beta: 1)
      }
    }
  }

  private func length(_ row: ArraySlice<Double>) -> Double {
    var square = 0.0
    for x in row { square += x * x }
    return square.squareRoot()
  }
}
