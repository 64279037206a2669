import Execution
import LinearAlgebra

extension InitialKernels {
  /// Both kernels among the points of one set: symmetric to the bit, each pair computed once.
  ///
  /// The result has the same bits for every number of threads. Cost: n^2 D operations of matrix
  /// products and n^2 / 2 evaluations of the dual; memory 2 n^2 numbers.
  public func matrices(_ points: KernelPoints, workers: Workers) -> KernelMatrices {
    matrices(PointPairs(points), workers: workers)
  }

  /// Both kernels between two sets of points (rows x columns); bits do not depend on the threads.
  ///
  /// Cost: 2 rows columns D operations of matrix products and one evaluation of the dual a pair.
  public func matrices(_ rows: KernelPoints, _ columns: KernelPoints, workers: Workers)
    -> KernelMatrices
  {
    matrices(PointPairs(rows, columns), workers: workers)
  }

  private func matrices(_ pairs: PointPairs, workers: Workers) -> KernelMatrices {
    let threads = OpenBLAS.allowsConcurrentCalls ? workers : Workers(count: 1)
    let size = PointPairs.blockSize
    let (rows, columns) = (pairs.rows.count, pairs.columns.count)
    let count = rows * columns
    let series = hermiteSeries(pairs, workers: threads)
    let scratch = AlignedBuffer<Double>(count: threads.count * size * size, repeating: 0)
    let errors = AlignedBuffer<Double>(count: pairs.squares.count, repeating: 0)
    var tangent: [Double] = []
    let covariance = [Double](unsafeUninitializedCapacity: count) { covarianceOut, made in
      tangent = [Double](unsafeUninitializedCapacity: count) { tangentOut, alsoMade in
        // Squares, with their mirror images, cover both matrices and do not overlap.
        nonisolated(unsafe) let covarianceOut = covarianceOut
        nonisolated(unsafe) let tangentOut = tangentOut
        threads.forEach(pairs.squares.count) { index, worker in
          errors.base[index] = fill(
            pairs, index, series, products: scratch.base + worker * size * size,
            covariance: covarianceOut, tangent: tangentOut)
        }
        alsoMade = count
      }
      made = count
    }
    return KernelMatrices(
      covariance: Matrix(rows: rows, columns: columns, elements: covariance),
      tangent: Matrix(rows: rows, columns: columns, elements: tangent),
      quadratureError: errors.contents.max() ?? 0)
  }

  /// The expansions at all points, where the dual has no closed form.
  private func hermiteSeries(_ pairs: PointPairs, workers: Workers) -> HermiteSeries? {
    if dual.isClosedForm { return nil }
    let squaredNorms =
      pairs.rows.squaredNorms + (pairs.isSymmetric ? [] : pairs.columns.squaredNorms)
    return HermiteSeries(
      dual.activation, variances: squaredNorms.map { inputVariance * $0 }, workers: workers)
  }

  /// One square of both matrices, and its mirror image where the matrices are symmetric; returns
  /// the largest quadrature error.
  private func fill(
    _ pairs: PointPairs, _ index: Int, _ series: HermiteSeries?,
    products: UnsafeMutablePointer<Double>, covariance: UnsafeMutableBufferPointer<Double>,
    tangent: UnsafeMutableBufferPointer<Double>
  ) -> Double {
    let square = pairs.square(index)
    square.multiply(into: products)
    let width = pairs.columns.count
    let isDiagonal = pairs.isSymmetric && square.firstRow == square.firstColumn
    var largestError = 0.0
    for i in 0..<square.rowCount {
      for j in (isDiagonal ? i : 0)..<square.columnCount {
        let (row, column) = (square.firstRow + i, square.firstColumn + j)
        let isSamePoint = isDiagonal && i == j
        let gram =
          isSamePoint
          ? PairCovariance(variance: pairs.rows.squaredNorms[row])
          : square.gram(i, j, product: products[i * square.size + j])
        let pair = preactivations(gram)
        // One point with itself is an integral on the line: cheap, and that of `diagonals`.
        let expanded =
          isSamePoint ? nil : series?.values(row, pairs.columnOffset + column, pair: pair)
        let values = self.values(expanded ?? dual(pair), product: gram.q12)
        covariance[row * width + column] = values.covariance
        tangent[row * width + column] = values.tangent
        if pairs.isSymmetric {
          covariance[column * width + row] = values.covariance
          tangent[column * width + row] = values.tangent
        }
        largestError = max(largestError, values.error)
      }
    }
    return largestError
  }
}
