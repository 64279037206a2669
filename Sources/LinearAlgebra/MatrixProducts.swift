import Execution

extension Matrix where Scalar: BLASScalar {
  /// This matrix times `other`: 2 rows inner columns operations. The same bits for any number of threads.
  public func times(_ other: Matrix, workers: Workers = Workers(count: 1)) -> Matrix {
    precondition(columns == other.rows)
    return product(other, transposed: false, columns: other.columns, workers)
  }

  /// This matrix times the transpose of `other`.
  public func times(transposed other: Matrix, workers: Workers = Workers(count: 1)) -> Matrix {
    precondition(columns == other.columns)
    return product(other, transposed: true, columns: other.rows, workers)
  }

  private func product(
    _ other: Matrix, transposed: Bool, columns n: Int, _ workers: Workers
  ) -> Matrix {
    var result = Matrix(rows: rows, columns: n, repeating: 0)
    guard rows > 0, n > 0, columns > 0 else { return result }
    let inner = columns
    let m = rows
    let piece = 128
    result.elements.withUnsafeMutableBufferPointer { c in
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          // Rows of the result, and nothing else, are written by one piece.
          nonisolated(unsafe) let (c, a, b) = (c.baseAddress!, a.baseAddress!, b.baseAddress!)
          workers.forProducts.forEach((m + piece - 1) / piece) { number, _ in
            let first = number * piece
            Scalar.multiply(
              a + first * inner, transposed: false, leading: inner, b, transposed: transposed,
              leading: other.columns, into: c + first * n, leading: n, m: min(piece, m - first),
              n: n, k: inner, alpha: 1, beta: 0)
          }
        }
      }
    }
    return result
  }

  /// Rows and columns exchanged, a copy.
  public func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows, elements: elements)
    for i in 0..<rows {
      for j in 0..<columns { result.elements[j * rows + i] = elements[i * columns + j] }
    }
    return result
  }
}
