import Execution
import LinearAlgebra

/// The mean distance over all pairs of points of two clouds, or of one with itself, by blocks.
struct PairDistances: Sendable {
  let first: PointCloud
  let second: PointCloud
  /// Whether both are one cloud: half of the blocks are then enough.
  let isSame: Bool
  /// Subtracted from all points.
  let origin: [Double]

  static let blockSize = 256
  /// |x - y|^2 below this part of |x|^2 + |y|^2 is computed from the differences: what the product
  /// leaves has a relative error of rounding over this.
  static let cancellationBound = 1e-3

  func mean(workers: Workers) -> Double {
    let blocks = [first, second].map { ($0.count + Self.blockSize - 1) / Self.blockSize }
    // One piece is a row of blocks: its first block of points is copied once.
    let sums = AlignedBuffer<Double>(count: blocks[0], repeating: 0)
    let threads = OpenBLAS.allowsConcurrentCalls ? workers : Workers(count: 1)
    threads.forEach(blocks[0]) { row, _ in
      var sum = CompensatedSum()
      let a = Block(first, row, origin)
      for column in (isSame ? row : 0)..<blocks[1] {
        let b = Block(second, column, origin)
        sum.add((isSame && column > row ? 2 : 1) * a.weightedSum(with: b))
      }
      sums.base[row] = sum.value
    }
    var total = CompensatedSum()
    for sum in sums.contents { total.add(sum) }
    return total.value
  }

  /// Consecutive points of a cloud, in double precision.
  private struct Block {
    let points: [Double]
    let squares: [Double]
    let shares: ArraySlice<Double>
    let dimensions: Int

    init(_ cloud: PointCloud, _ index: Int, _ origin: [Double]) {
      let start = index * PairDistances.blockSize
      let range = start..<min(cloud.count, start + PairDistances.blockSize)
      let dimensions = cloud.dimensions
      var points = [Double](repeating: 0, count: range.count * dimensions)
      cloud.copy(range, to: &points, origin: origin)
      squares = points.withUnsafeBufferPointer { x in
        (0..<range.count).map { i in
          var sum = 0.0
          for j in (i * dimensions)..<((i + 1) * dimensions) { sum += x[j] * x[j] }
          return sum
        }
      }
      self.points = points
      self.dimensions = dimensions
      shares = cloud.shares[range]
    }

    /// The sum over pairs of share times share times distance.
    func weightedSum(with other: Block) -> Double {
      let (m, n) = (squares.count, other.squares.count)
      var products = [Double](repeating: 0, count: m * n)
      Double.multiply(
        points, transposed: false, leading: dimensions, other.points, transposed: true,
        leading: dimensions, into: &products, leading: n, m: m, n: n, k: dimensions, alpha: -2,
        beta: 0)
      var total = 0.0
      products.withUnsafeBufferPointer { product in
        squares.withUnsafeBufferPointer { p in
          other.squares.withUnsafeBufferPointer { q in
            shares.withUnsafeBufferPointer { u in
              other.shares.withUnsafeBufferPointer { v in
                for i in 0..<m {
                  var row = 0.0
                  for j in 0..<n {
                    let scale = p[i] + q[j]
                    var square = scale + product[i * n + j]
                    if square < PairDistances.cancellationBound * scale {
                      square = squaredDistance(i, other, j)
                    }
                    row += v[j] * square.squareRoot()
                  }
                  total += u[i] * row
                }
              }
            }
          }
        }
      }
      return total
    }

    private func squaredDistance(_ i: Int, _ other: Block, _ j: Int) -> Double {
      points.withUnsafeBufferPointer { x in
        other.points.withUnsafeBufferPointer { y in
          var sum = 0.0
          for k in 0..<dimensions {
            let gap = x[i * dimensions + k] - y[j * dimensions + k]
            sum += gap * gap
          }
          return sum
        }
      }
    }
  }
}
