/// A rectangle of both kernel matrices.
package struct KernelTile<Scalar: DeepKernelScalar>: Sendable {
  package let firstRow: Int
  package let firstColumn: Int
  package let rows: Int
  package let columns: Int
  /// Row-major, rows x columns.
  package let nngp: [Scalar]
  package let tangent: [Scalar]

  /// The side of a tile that is not cut off at the end of a matrix: products of this size reach the speed of large
  /// ones, and the rows of the recursion stay in the first-level cache. The same for every number of threads.
  package static var side: Int { 512 }

  /// Where the tiles begin that cover a matrix; of a symmetric one those on and above the diagonal.
  static func places(
    rows: Int, columns: Int, isSymmetric: Bool
  ) -> [(row: Int, column: Int)] {
    stride(from: 0, to: rows, by: side).flatMap { row in
      stride(from: isSymmetric ? row : 0, to: columns, by: side).map { (row, $0) }
    }
  }

  /// Copies the tile to its place in both matrices, whose rows have `width` numbers.
  func copy(
    nngp: UnsafeMutablePointer<Scalar>, tangent: UnsafeMutablePointer<Scalar>, width: Int
  ) {
    for (from, to) in [(self.nngp, nngp), (self.tangent, tangent)] {
      from.withUnsafeBytes { from in
        let length = columns * MemoryLayout<Scalar>.stride
        for i in 0..<rows {
          // Bytes: elements of a precision that is not known here would be copied one by one.
          UnsafeMutableRawPointer(to + (firstRow + i) * width + firstColumn).copyMemory(
            from: from.baseAddress! + i * length, byteCount: length)
        }
      }
    }
  }

  /// Whether all elements are.
  package var isFinite: Bool { Scalar.sum(nngp).isFinite && Scalar.sum(tangent).isFinite }

  /// The tile on the other side of the diagonal of a symmetric matrix.
  package var mirrored: KernelTile {
    func transposed(_ elements: [Scalar]) -> [Scalar] {
      [Scalar](unsafeUninitializedCapacity: elements.count) { result, made in
        Scalar.transpose(elements, rows: rows, columns: columns, into: result.baseAddress!)
        made = elements.count
      }
    }
    return KernelTile(
      firstRow: firstColumn, firstColumn: firstRow, rows: columns, columns: rows,
      nngp: transposed(nngp), tangent: transposed(tangent))
  }
}
