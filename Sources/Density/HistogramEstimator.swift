import Execution

/// A histogram with the interface of the smooth estimates, for those who distrust smoothing: each
/// grid point stands for the cell of one spacing around it, and its value is the mass in that cell
/// divided by the cell's volume and the total mass.
///
/// A point on the border between two cells belongs to the upper one, one on the upper end of the last cell to that
/// cell; beyond are points that are in no cell. Cost: O(d) a point; memory O(grid).
public final class HistogramEstimator<Scalar: DensityScalar>: GridEstimator {
  /// Each point stands for the cell of one spacing around it.
  public let grid: DensityGrid
  private var counts = SampleCounts()
  private var cells: [Double]

  /// An empty histogram.
  public init(grid: DensityGrid) {
    self.grid = grid
    cells = Array(repeating: 0, count: grid.count)
  }

  /// Adds a block of points, row-major; masses may have any sum, `nil` stands for equal ones.
  public func add(
    _ points: UnsafeBufferPointer<Scalar>, masses: UnsafeBufferPointer<Scalar>?
  ) throws {
    let d = grid.dimensions
    guard let block = PointBlock(points, masses: masses, dimensions: d) else { return }
    try counts.add(block, limits: PointLimits(dimensions: d), workers: Workers(count: 1))
    for start in stride(from: 0, to: block.count, by: 1 << 12) {
      block.part(start..<min(start + (1 << 12), block.count)).withDoubles { fill($0) }
    }
  }

  private func fill(_ block: PointBlock<Double>) {
    let d = grid.dimensions
    let lowers = grid.axes.map { $0.lower - $0.spacing / 2 }
    let spacings = grid.axes.map(\.spacing)
    let shape = grid.shape
    // The ends of the cells are known to the rounding of the centres that they are computed from.
    let slack = grid.axes.map { axis in
      4 * (max(abs(axis.lower), abs(axis.upper)) + axis.spacing).ulp / axis.spacing
    }
    next: for i in 0..<block.count {
      var cell = 0
      for axis in 0..<d {
        let place = (block.points[i * d + axis] - lowers[axis]) / spacings[axis]
        guard place >= -slack[axis], place <= Double(shape[axis]) + slack[axis] else {
          counts.addOutside(mass: block.mass(i))
          continue next
        }
        cell = cell * shape[axis] + min(max(Int(place), 0), shape[axis] - 1)
      }
      cells[cell] += block.mass(i)
    }
  }

  /// Masses of the cells over their volume, for all points so far.
  public func estimate() throws -> DensityEstimate<Scalar> {
    let provenance: DensityEstimate<Scalar>.Provenance = try counts.provenance(
      kernel: nil, bandwidth: nil, relativeError: 0)
    let scale = 1 / (provenance.mass * grid.cellVolume)
    return DensityEstimate(
      grid: grid, values: cells.map { Scalar($0 * scale) }, isHistogram: true,
      provenance: provenance)
  }
}
