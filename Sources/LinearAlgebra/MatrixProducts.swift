extension Matrix where Scalar: BLASScalar {
  /// This matrix times `other`: 2 rows inner columns operations on the calling thread.
  public func times(_ other: Matrix) -> Matrix {
    precondition(columns == other.rows)
    return product(other, transposed: false, columns: other.columns)
  }

  /// This matrix times the transpose of `other`.
  public func times(transposed other: Matrix) -> Matrix {
    precondition(columns == other.columns)
    return product(other, transposed: true, columns: other.rows)
  }

  private func product(_ other: Matrix, transposed: Bool, columns n: Int) -> Matrix {
    var result = Matrix(rows: rows, columns: n, repeating: 0)
    guard rows > 0, n > 0, columns > 0 else { return result }
    let inner = columns
    let m = rows
    result.elements.withUnsafeMutableBufferPointer { c in
      elements.withUnsafeBufferPointer { a in
        other.elements.withUnsafeBufferPointer { b in
          Scalar.multiply(
            a.baseAddress!, transposed: false, leading: inner, b.baseAddress!,
            transposed: transposed, leading: other.columns, into: c.baseAddress!, leading: n,
            m: m, n: n, k: inner, alpha: 1, beta: 0)
        }
      }
    }
    return result
  }

  public func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows, elements: elements)
    for i in 0..<rows {
      for j in 0..<columns { result.elements[j * rows + i] = elements[i * columns + j] }
    }
    return result
  }
}
