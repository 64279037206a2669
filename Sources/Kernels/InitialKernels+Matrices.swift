import Execution
import LinearAlgebra

extension InitialKernels {
  /// Points of a block, a side of the squares that matrices are made in: the products of one square
  /// fit in the second-level cache. The same for every number of threads.
  static var blockSize: Int { 128 }

  /// Both kernels among the points of one set: symmetric to the bit, each pair computed once.
  ///
  /// The result has the same bits for every number of threads. Cost: n^2 D operations of matrix
  /// products and n^2 / 2 evaluations of the dual; memory 2 n^2 numbers.
  public func matrices(_ points: KernelPoints, workers: Workers) -> KernelMatrices {
    let blocks = (points.count + Self.blockSize - 1) / Self.blockSize
    let squares = (0..<blocks).flatMap { row in (row..<blocks).map { (row: row, column: $0) } }
    return matrices(points, points, squares: squares, mirrored: true, workers: workers)
  }

  /// Both kernels between two sets of points (rows x columns); bits do not depend on the threads.
  ///
  /// Cost: 2 rows columns D operations of matrix products and one evaluation of the dual a pair.
  public func matrices(_ rows: KernelPoints, _ columns: KernelPoints, workers: Workers)
    -> KernelMatrices
  {
    let rowBlocks = (rows.count + Self.blockSize - 1) / Self.blockSize
    let columnBlocks = (columns.count + Self.blockSize - 1) / Self.blockSize
    let squares = (0..<rowBlocks).flatMap { row in
      (0..<columnBlocks).map { (row: row, column: $0) }
    }
    return matrices(rows, columns, squares: squares, mirrored: false, workers: workers)
  }

  private func matrices(
    _ rows: KernelPoints, _ columns: KernelPoints, squares: [(row: Int, column: Int)],
    mirrored: Bool, workers: Workers
  ) -> KernelMatrices {
    precondition(rows.features == columns.features, "one number of features")
    let threads = OpenBLAS.allowsConcurrentCalls ? workers : Workers(count: 1)
    let size = Self.blockSize
    let count = rows.count * columns.count
    let scratch = AlignedBuffer<Double>(count: threads.count * size * size, repeating: 0)
    let errors = AlignedBuffer<Double>(count: squares.count, repeating: 0)
    var tangent: [Double] = []
    let covariance = [Double](unsafeUninitializedCapacity: count) { covarianceOut, made in
      tangent = [Double](unsafeUninitializedCapacity: count) { tangentOut, alsoMade in
        // Squares, with their mirror images, cover both matrices and do not overlap.
        nonisolated(unsafe) let covarianceOut = covarianceOut
        nonisolated(unsafe) let tangentOut = tangentOut
        threads.forEach(squares.count) { index, worker in
          let square = KernelSquare(
            rows: rows, columns: columns, firstRow: squares[index].row * size,
            firstColumn: squares[index].column * size, size: size)
          errors.base[index] = fill(
            square, isMirrored: mirrored, products: scratch.base + worker * size * size,
            covariance: covarianceOut, tangent: tangentOut)
        }
        alsoMade = count
      }
      made = count
    }
    return KernelMatrices(
      covariance: Matrix(rows: rows.count, columns: columns.count, elements: covariance),
      tangent: Matrix(rows: rows.count, columns: columns.count, elements: tangent),
      quadratureError: errors.contents.max() ?? 0)
  }

  /// One square of both matrices, and its mirror image where the matrices are symmetric; returns the
  /// largest quadrature error.
  private func fill(
    _ square: KernelSquare, isMirrored: Bool, products: UnsafeMutablePointer<Double>,
    covariance: UnsafeMutableBufferPointer<Double>, tangent: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    square.multiply(into: products)
    let width = square.columns.count
    let isDiagonal = isMirrored && square.firstRow == square.firstColumn
    var largestError = 0.0
    for i in 0..<square.rowCount {
      for j in (isDiagonal ? i : 0)..<square.columnCount {
        let (row, column) = (square.firstRow + i, square.firstColumn + j)
        let values = self.values(
          isDiagonal && i == j
            ? PairCovariance(variance: square.rows.squaredNorms[row])
            : square.gram(i, j, product: products[i * square.size + j]))
        covariance[row * width + column] = values.covariance
        tangent[row * width + column] = values.tangent
        if isMirrored {
          covariance[column * width + row] = values.covariance
          tangent[column * width + row] = values.tangent
        }
        largestError = max(largestError, values.error)
      }
    }
    return largestError
  }
}
