import LinearAlgebra

/// The pairs of a block of row points with a block of column points.
struct KernelSquare {
  let rows: KernelPoints
  let columns: KernelPoints
  let firstRow: Int
  let firstColumn: Int
  /// The side of a full square, and the distance from row to row of its products.
  let size: Int

  var rowCount: Int { min(size, rows.count - firstRow) }
  var columnCount: Int { min(size, columns.count - firstColumn) }

  /// Writes the scalar products x . x' of all pairs, `size` numbers from row to row.
  func multiply(into products: UnsafeMutablePointer<Double>) {
    let features = rows.features
    rows.inputs.elements.withUnsafeBufferPointer { x in
      columns.inputs.elements.withUnsafeBufferPointer { other in
        Double.multiply(
          x.baseAddress! + firstRow * features, transposed: false, leading: features,
          other.baseAddress! + firstColumn * features, transposed: true, leading: features,
          into: products, leading: size, m: rowCount, n: columnCount, k: features, alpha: 1,
          beta: 0)
      }
    }
  }

  /// The Gram matrix of one pair. Where the points are nearly collinear, below 1/100 of a radian,
  /// its determinant comes from their difference: rounding of the product, about sqrt(D) units,
  /// would make an error of sqrt(D) units / angle in the angle, and 1e-8 for equal points.
  func gram(_ i: Int, _ j: Int, product: Double) -> PairCovariance {
    let (row, column) = (firstRow + i, firstColumn + j)
    let q11 = rows.squaredNorms[row]
    let q22 = columns.squaredNorms[column]
    let pair = PairCovariance(q11: q11, q12: product, q22: q22)
    guard pair.rootDeterminant < 0.01 * abs(product) else { return pair }
    let features = rows.features
    let rootDeterminant = rows.inputs.elements.withUnsafeBufferPointer { x in
      columns.inputs.elements.withUnsafeBufferPointer { other in
        KernelPoints.rootDeterminant(
          x.baseAddress! + row * features, other.baseAddress! + column * features,
          features: features, squaredNorm: q11, product: product)
      }
    }
    return PairCovariance(q11: q11, q12: product, q22: q22, rootDeterminant: rootDeterminant)
  }
}
