import Execution
import LinearAlgebra

extension DeepKernels {
  /// Both kernels among the points of one set, tile by tile: those on and above the diagonal, in a fixed
  /// order, each to be mirrored by the receiver. Bits do not depend on the number of threads.
  ///
  /// Cost: n^2 D operations of matrix products and n^2 / 2 duals a layer; memory four tiles of both kernels a thread,
  /// 4 MiB each in double precision.
  ///
  /// - Parameter body: called on the calling thread.
  package func forEachTile<Scalar>(
    _ points: DeepKernelPoints<Scalar>, workers: Workers,
    _ body: (KernelTile<Scalar>) throws -> Void
  ) rethrows {
    try forEachTile(points, points, isSymmetric: true, workers, body)
  }

  /// Both kernels between two sets of points, rows and columns, tile by tile.
  package func forEachTile<Scalar>(
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
    let computations = computations(rows, columns, isSymmetric, threads)
    let tiles = KernelTile<Scalar>.places(
      rows: rows.count, columns: columns.count, isSymmetric: isSymmetric)
    // Several a thread, so that threads that finish early find more.
    let batch = 4 * threads.count
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
    matrices(points, points, isSymmetric: true, workers)
  }

  /// Both kernels between two sets of points (rows x columns).
  public func matrices<Scalar>(
    _ rows: DeepKernelPoints<Scalar>, _ columns: DeepKernelPoints<Scalar>, workers: Workers
  ) -> DeepKernelMatrices<Scalar> {
    matrices(rows, columns, isSymmetric: false, workers)
  }

  private func matrices<Scalar>(
    _ rows: DeepKernelPoints<Scalar>, _ columns: DeepKernelPoints<Scalar>, isSymmetric: Bool,
    _ workers: Workers
  ) -> DeepKernelMatrices<Scalar> {
    let threads = workers.forProducts
    let computations = computations(rows, columns, isSymmetric, threads)
    let tiles = KernelTile<Scalar>.places(
      rows: rows.count, columns: columns.count, isSymmetric: isSymmetric)
    let count = rows.count * columns.count
    let width = columns.count
    var tangent: [Scalar] = []
    let nngp = [Scalar](unsafeUninitializedCapacity: count) { nngpOut, made in
      tangent = [Scalar](unsafeUninitializedCapacity: count) { tangentOut, alsoMade in
        // Tiles, with their mirror images, cover both matrices and do not overlap.
        nonisolated(unsafe) let (nngpOut, tangentOut) = (nngpOut, tangentOut)
        threads.forEach(tiles.count) { index, worker in
          let (row, column) = tiles[index]
          let tile = computations.list[worker].tile(firstRow: row, firstColumn: column)
          tile.copy(nngp: nngpOut.baseAddress!, tangent: tangentOut.baseAddress!, width: width)
          if isSymmetric, row != column {
            tile.mirrored.copy(
              nngp: nngpOut.baseAddress!, tangent: tangentOut.baseAddress!, width: width)
          }
        }
        alsoMade = count
      }
      made = count
    }
    return DeepKernelMatrices(
      nngp: Matrix(rows: rows.count, columns: width, elements: nngp),
      tangent: Matrix(rows: rows.count, columns: width, elements: tangent))
  }

  private func computations<Scalar>(
    _ rows: DeepKernelPoints<Scalar>, _ columns: DeepKernelPoints<Scalar>, _ isSymmetric: Bool,
    _ threads: Workers
  ) -> UncheckedComputations<Scalar> {
    UncheckedComputations(
      (0..<threads.count).map { _ in
        TileComputation(self, rows, columns, isSymmetric: isSymmetric)
      })
  }
}

/// Both kernels between the points of two sets.
public struct DeepKernelMatrices<Scalar: DeepKernelScalar>: Sendable {
  /// The covariance of the function at initialization.
  public let nngp: Matrix<Scalar>
  /// The tangent kernel, learning rate 1.
  public let tangent: Matrix<Scalar>
}

/// One computation a worker: no two threads use one at a time.
private struct UncheckedComputations<Scalar: DeepKernelScalar>: @unchecked Sendable {
  let list: [TileComputation<Scalar>]

  init(_ list: [TileComputation<Scalar>]) { self.list = list }
}
