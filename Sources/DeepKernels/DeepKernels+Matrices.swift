import Execution
import LinearAlgebra

extension DeepKernels {
  /// Both kernels among the points of one set, tile by tile: those on and above the diagonal, in a fixed
  /// order, each to be mirrored by the receiver. Bits do not depend on the number of threads.
  ///
  /// Cost: n^2 D operations of matrix products and n^2 / 2 duals a layer; memory a few tiles a thread,
  /// about 1 MiB each in double precision.
  ///
  /// - Parameter body: called on the calling thread.
  public func forEachTile<Scalar>(
    _ points: DeepKernelPoints<Scalar>, workers: Workers,
    _ body: (KernelTile<Scalar>) throws -> Void
  ) rethrows {
    try forEachTile(points, points, isSymmetric: true, workers, body)
  }

  /// Both kernels between two sets of points, rows and columns, tile by tile.
  public func forEachTile<Scalar>(
    _ rows: DeepKernelPoints<Scalar>, _ columns: DeepKernelPoints<Scalar>, workers: Workers,
    _ body: (KernelTile<Scalar>) throws -> Void
  ) rethrows {
    try forEachTile(rows, columns, isSymmetric: false, workers, body)
  }

  private func forEachTile<Scalar>(
    _ rows: DeepKernelPoints<Scalar>, _ columns: DeepKernelPoints<Scalar>, isSymmetric: Bool,
    _ workers: Workers, _ body: (KernelTile<Scalar>) throws -> Void
  ) rethrows {
    let threads = workers.forProducts
    let computations = UncheckedComputations(
      (0..<threads.count).map { _ in
        TileComputation(self, rows, columns, isSymmetric: isSymmetric)
      })
    let tiles = TileGrid(rows: rows.count, columns: columns.count, isSymmetric: isSymmetric).tiles
    // Several a thread, so that threads that finish early find more.
    let batch = 8 * threads.count
    for first in stride(from: 0, to: tiles.count, by: batch) {
      let present = tiles[first..<min(first + batch, tiles.count)]
      let made = threads.results(present.count) { index, worker in
        let place = present[present.startIndex + index]
        return computations.list[worker].tile(firstRow: place.row, firstColumn: place.column)
      }
      for tile in made { try body(tile) }
    }
  }

  /// Both kernels among the points of one set, symmetric to the bit (n x n).
  public func matrices<Scalar>(
    _ points: DeepKernelPoints<Scalar>, workers: Workers
  ) -> DeepKernelMatrices<Scalar> {
    var result = DeepKernelMatrices<Scalar>(rows: points.count, columns: points.count)
    forEachTile(points, workers: workers) { tile in
      result.place(tile)
      if tile.firstRow != tile.firstColumn { result.place(tile.mirrored) }
    }
    return result
  }

  /// Both kernels between two sets of points (rows x columns).
  public func matrices<Scalar>(
    _ rows: DeepKernelPoints<Scalar>, _ columns: DeepKernelPoints<Scalar>, workers: Workers
  ) -> DeepKernelMatrices<Scalar> {
    var result = DeepKernelMatrices<Scalar>(rows: rows.count, columns: columns.count)
    forEachTile(rows, columns, workers: workers) { result.place($0) }
    return result
  }
}

/// Both kernels between the points of two sets.
public struct DeepKernelMatrices<Scalar: DeepKernelScalar>: Sendable {
  /// The covariance of the function at initialization.
  public private(set) var nngp: Matrix<Scalar>
  /// The tangent kernel, learning rate 1.
  public private(set) var tangent: Matrix<Scalar>

  init(rows: Int, columns: Int) {
    nngp = Matrix(rows: rows, columns: columns, repeating: 0)
    tangent = Matrix(rows: rows, columns: columns, repeating: 0)
  }

  mutating func place(_ tile: KernelTile<Scalar>) {
    let width = nngp.columns
    func copy(_ elements: [Scalar], to target: inout [Scalar]) {
      elements.withUnsafeBufferPointer { from in
        target.withUnsafeMutableBufferPointer { to in
          for i in 0..<tile.rows {
            (to.baseAddress! + (tile.firstRow + i) * width + tile.firstColumn).update(
              from: from.baseAddress! + i * tile.columns, count: tile.columns)
          }
        }
      }
    }
    copy(tile.nngp, to: &nngp.elements)
    copy(tile.tangent, to: &tangent.elements)
  }
}

/// One computation a worker: no two threads use one at a time.
private struct UncheckedComputations<Scalar: DeepKernelScalar>: @unchecked Sendable {
  let list: [TileComputation<Scalar>]

  init(_ list: [TileComputation<Scalar>]) { self.list = list }
}
