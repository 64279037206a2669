import Execution

/// A growing set of orthonormal vectors: block Gram-Schmidt, every projection made twice (Kahan's
/// "twice is enough"; Giraud, Langou, Rozloznik 2005), so that the vectors are orthogonal to rounding.
package struct OrthonormalRows: Sendable {
  let columns: Int
  package private(set) var count = 0
  private var elements: [Double] = []
  private let workers: Workers

  /// - Parameter workers: for the projections; the same bits for any number of them.
  package init(columns: Int, workers: Workers = Workers(count: 1)) {
    precondition(columns >= 1)
    self.columns = columns
    self.workers = workers.forProducts
  }

  /// The vectors, one a row.
  package var matrix: Matrix<Double> {
    Matrix(rows: count, columns: columns, elements: elements)
  }

  /// Appends an orthonormal basis of what the rows of `candidates` add to the span, in their order.
  ///
  /// - Parameter tolerance: rows whose remainder is not longer than this part of the longest row, of
  ///   this matrix, add nothing.
  /// - Cost: 16 r (count + r / 2) columns operations for r rows, in products of blocks.
  package mutating func append(_ candidates: Matrix<Double>, tolerance: Double) {
    precondition(candidates.columns == columns)
    var longest = 0.0
    for i in 0..<candidates.rows { longest = max(longest, length(candidates.row(i))) }
    let threshold = tolerance * longest
    let panel = 64
    for first in stride(from: 0, to: candidates.rows, by: panel) {
      let rows = min(panel, candidates.rows - first)
      var block = Array(candidates.elements[(first * columns)..<((first + rows) * columns)])
      project(&block, outOf: elements, count: count)
      let units = orthonormalized(block, shortest: threshold)
      // A short remainder carries the rounding errors of the long vector it is left of: at unit
      // length it is projected again, and dropped where it was nothing but those errors.
      var again = units
      project(&again, outOf: elements, count: count)
      let settled = orthonormalized(again, shortest: 0.5)
      elements.append(contentsOf: settled)
      count = elements.count / columns
      if count >= columns {
        count = columns
        elements.removeLast(elements.count - count * columns)
        return
      }
    }
  }

  /// Gram-Schmidt among the rows of a block, leaving out those whose remainder is not longer than
  /// `shortest`.
  private func orthonormalized(_ block: [Double], shortest: Double) -> [Double] {
    var result: [Double] = []
    for first in stride(from: 0, to: block.count, by: columns) {
      var vector = Array(block[first..<(first + columns)])
      project(&vector, outOf: result, count: result.count / columns)
      let norm = length(vector[...])
      if norm > shortest, norm > 0 { result.append(contentsOf: vector.map { $0 / norm }) }
    }
    return result
  }

  /// Takes from every row of a block what lies in the span of `count` orthonormal vectors, twice.
  private func project(_ block: inout [Double], outOf vectors: [Double], count: Int) {
    let rows = block.count / columns
    guard count > 0, rows > 0 else { return }
    var shares = [Double](repeating: 0, count: rows * count)
    let columns = columns
    let piece = 128
    block.withUnsafeMutableBufferPointer { block in
      shares.withUnsafeMutableBufferPointer { shares in
        vectors.withUnsafeBufferPointer { vectors in
          // A piece writes columns of the shares or of the block that no other one touches.
          nonisolated(unsafe) let (block, shares, vectors) = (
            block.baseAddress!, shares.baseAddress!, vectors.baseAddress!
          )
          for _ in 0..<2 {
            workers.forEach((count + piece - 1) / piece) { number, _ in
              let first = number * piece
              Double.multiply(
                block, transposed: false, leading: columns, vectors + first * columns,
                transposed: true, leading: columns, into: shares + first, leading: count, m: rows,
                n: min(piece, count - first), k: columns, alpha: 1, beta: 0)
            }
            workers.forEach((columns + piece - 1) / piece) { number, _ in
              let first = number * piece
              Double.multiply(
                shares, transposed: false, leading: count, vectors + first, transposed: false,
                leading: columns, into: block + first, leading: columns, m: rows,
                n: min(piece, columns - first), k: count, alpha: -1, beta: 1)
            }
          }
        }
      }
    }
  }

  private func length(_ row: ArraySlice<Double>) -> Double {
    var square = 0.0
    for x in row { square += x * x }
    return square.squareRoot()
  }
}
