import LinearAlgebra

/// Computes tiles of the kernel matrices, with scratch memory of one thread.
final class TileComputation<Scalar: DeepKernelScalar> {
  private let kernels: DeepKernels
  private let rows: DeepKernelPoints<Scalar>
  private let columns: DeepKernelPoints<Scalar>
  private let isSymmetric: Bool
  private let law: DualLaw<Scalar>
  private let dense: [DenseCoefficients<Scalar>]
  private let products = AlignedBuffer<Scalar>(
    count: KernelTile<Scalar>.side * KernelTile<Scalar>.side, repeating: 0)
  private let state = AlignedBuffer<Scalar>(count: 4 * KernelTile<Scalar>.side, repeating: 0)
  private let near = AlignedBuffer<UInt32>(count: KernelTile<Scalar>.side, repeating: 0)

  init(
    _ kernels: DeepKernels, _ rows: DeepKernelPoints<Scalar>, _ columns: DeepKernelPoints<Scalar>,
    isSymmetric: Bool
  ) {
    self.kernels = kernels
    self.rows = rows
    self.columns = columns
    self.isSymmetric = isSymmetric
    law = kernels.law(in: Scalar.self)
    dense = kernels.layers.map { DenseCoefficients($0) }
  }

  func tile(firstRow: Int, firstColumn: Int) -> KernelTile<Scalar> {
    let side = KernelTile<Scalar>.side
    let rowCount = min(side, rows.count - firstRow)
    let columnCount = min(side, columns.count - firstColumn)
    let isDiagonal = isSymmetric && firstRow == firstColumn
    if isDiagonal {
      // Of what is below the diagonal, little: a tile in strips.
      let strip = side / 4
      for first in stride(from: 0, to: rowCount, by: strip) {
        multiply(
          firstRow + first, firstColumn + first, min(strip, rowCount - first),
          columnCount - first, into: products.base + first * (side + 1))
      }
    } else {
      multiply(firstRow, firstColumn, rowCount, columnCount, into: products.base)
    }
    var tangent: [Scalar] = []
    let count = rowCount * columnCount
    let nngp = [Scalar](unsafeUninitializedCapacity: count) { nngp, made in
      tangent = [Scalar](unsafeUninitializedCapacity: count) { tangent, alsoMade in
        for i in 0..<rowCount {
          let first = isDiagonal ? i : 0
          let row = PairRow(
            q: nngp.baseAddress! + i * columnCount + first, r: state.base,
            d: state.base + side, theta: tangent.baseAddress! + i * columnCount + first)
          fill(
            row, point: firstRow + i, firstColumn: firstColumn + first,
            products: products.base + i * side + first, count: columnCount - first)
          guard isDiagonal else { continue }
          row.q[0] = Scalar(rows.nngpDiagonal[firstRow + i])
          row.theta[0] = Scalar(rows.tangentDiagonal[firstRow + i])
        }
        if isDiagonal {
          Scalar.mirrorUpper(nngp.baseAddress!, order: rowCount)
          Scalar.mirrorUpper(tangent.baseAddress!, order: rowCount)
        }
        alsoMade = count
      }
      made = count
    }
    return KernelTile(
      firstRow: firstRow, firstColumn: firstColumn, rows: rowCount, columns: columnCount,
      nngp: nngp, tangent: tangent)
  }

  /// x . x' / D of all pairs.
  private func multiply(
    _ firstRow: Int, _ firstColumn: Int, _ rowCount: Int, _ columnCount: Int,
    into target: UnsafeMutablePointer<Scalar>
  ) {
    let features = rows.inputs.columns
    rows.inputs.elements.withUnsafeBufferPointer { x in
      columns.inputs.elements.withUnsafeBufferPointer { other in
        Scalar.multiply(
          x.baseAddress! + firstRow * features, transposed: false, leading: features,
          other.baseAddress! + firstColumn * features, transposed: true, leading: features,
          into: target, leading: KernelTile<Scalar>.side, m: rowCount, n: columnCount, k: features,
          alpha: 1 / Scalar(features), beta: 0)
      }
    }
  }

  /// The pairs of one point with consecutive columns.
  private func fill(
    _ row: PairRow<Scalar>, point: Int, firstColumn: Int, products: UnsafePointer<Scalar>,
    count: Int
  ) {
    columns.norms.withUnsafeBufferPointer { norms in
      let others = norms.baseAddress! + firstColumn
      Scalar.start(
        dense[0], norm: rows.norms[point], norms: others, products: products, count: count, row)
      let found = Scalar.nearPairs(
        norm: rows.norms[point], norms: others, products: products, count: count,
        indices: near.base)
      for index in 0..<found {
        let place = Int(near.base[index])
        // A point with itself: the diagonal is written by the caller.
        if isSymmetric, firstColumn + place == point { continue }
        nearPair(point, firstColumn + place).write(kernels.layers[0], at: place, row)
      }
    }
    let points = columns.count
    columns.variances.elements.withUnsafeBufferPointer { variances in
      for layer in 1..<dense.count {
        Scalar.advance(
          law, dense[layer], variance: rows.variances[layer - 1, point],
          variances: variances.baseAddress! + (layer - 1) * points + firstColumn,
          next: rows.variances[layer, point],
          nextVariances: variances.baseAddress! + layer * points + firstColumn, count: count, row)
      }
    }
  }

  private func nearPair(_ point: Int, _ other: Int) -> NearPair {
    let features = rows.exact.columns
    return rows.exact.elements.withUnsafeBufferPointer { x in
      columns.exact.elements.withUnsafeBufferPointer { y in
        NearPair(
          x.baseAddress! + point * features, y.baseAddress! + other * features, features: features,
          norms: (rows.exactNorms[point], columns.exactNorms[other]))
      }
    }
  }
}
