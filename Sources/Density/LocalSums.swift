import Execution
import LinearAlgebra

/// Sums of kernels over the grid points within their reach, exact to rounding.
///
/// For kernels that are not smooth: their Fourier transforms fall like powers of the frequency, so
/// that no number of modes reaches rounding, while these sums do. And for Gaussians of about a grid
/// spacing or less, which touch no more grid points than a window would. Cost: a point touches the
/// grid points under its kernel, whatever their number.
final class LocalSums<Scalar: DensityScalar>: KernelSums {
  private let sum: LocalSum
  private let lanes: Lanes
  private let scratch: [AlignedBuffer<Double>]

  init(grid: DensityGrid, sum: LocalSum) {
    self.sum = sum
    lanes = Lanes(size: grid.count)
    let length = grid.shape.reduce(0, +)
    scratch = lanes.lanes.map { _ in AlignedBuffer(count: length, repeating: 0) }
  }

  func add(_ block: PointBlock<Scalar>, workers: Workers) {
    let (sum, scratch) = (sum, scratch)
    lanes.add(block, workers: workers) { part, sums, lane in
      Scalar.addLocal(part, sum, scratch: scratch[lane].base, grid: sums)
    }
  }

  func values(mass: Double, workers: Workers) -> [Scalar] {
    let total = lanes.total()
    let factor = 1 / (sum.norm * mass)
    return [Scalar](unsafeUninitializedCapacity: total.count) { values, count in
      Scalar.round(total, times: factor, count: total.count, to: values.baseAddress!)
      count = total.count
    }
  }
}
