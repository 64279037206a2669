import Foundation
import LinearAlgebra

/// The periodic cells on which a Gaussian density is computed: wide enough that no kernel reaches
/// around the period, fine enough for the window.
struct FourierDomain: Sendable {
  let grid: DensityGrid
  let boundaries: [Boundary]
  private(set) var axes: [CellAxis]
  let window: KaiserBesselWindow
  /// For each axis the positions whose densities its grid points sum.
  let nodes: [AxisNodes]
  let shape: [Int]

  /// Where a kernel counts as zero, in standard deviations: exp(-8^2 / 2) = 1e-14 for `spectral`,
  /// 2e-7 for `fast`.
  static func reach(_ accuracy: SpreadingAccuracy) -> Double {
    switch accuracy {
    case .spectral: 8
    case .fast: 5.6
    }
  }

  init(
    grid: DensityGrid, bandwidth: Bandwidth, boundaries: [Boundary], accuracy: SpreadingAccuracy
  ) {
    let window: KaiserBesselWindow = accuracy == .spectral ? .spectral : .fast
    // The kernel's transform exp(-k H k / 2), integrated over the other frequencies, falls along an
    // axis like that of a Gaussian with the deviation 1 / sqrt(H^-1)_jj: smaller than sqrt(H_jj)
    // where axes are correlated.
    let precision = bandwidth.precision
    let deviations = bandwidth.deviations
    var axes: [CellAxis] = []
    var nodes: [AxisNodes] = []
    for (j, axis) in grid.axes.enumerated() {
      let reach = Self.reach(accuracy) * deviations[j]
      let positions = AxisNodes(axis, boundary: boundaries[j], reach: reach)
      nodes.append(positions)
      let (first, last) = positions.range ?? (axis.lower, axis.upper)
      let size = 1 / (precision[j, j].squareRoot() * window.cellsPerDeviation)
      // Windows and one cell for rounding on both sides.
      let margin = Double(window.width / 2 + 1) * size
      let needed = ((last - first + 2 * reach) / size).rounded(.up)
      // Far too many are only counted.
      let least = Int(min(needed, 1e12)) + window.width + 4
      let cells = least > 1 << 26 ? least : transformSize(atLeast: least)
      axes.append(CellAxis(first: first - reach - margin, size: size, cells: cells))
    }
    self.grid = grid
    self.boundaries = boundaries
    self.axes = axes
    self.window = window
    self.nodes = nodes
    shape = axes.map(\.cells)
  }

  /// The same on an axis that differs by rounding.
  func on(_ axis: CellAxis) -> FourierDomain {
    precondition(axes.count == 1 && axis.cells == axes[0].cells)
    var domain = self
    domain.axes = [axis]
    return domain
  }

  var cells: Double { shape.reduce(1) { $0 * Double($1) } }
  var volume: Double { axes.reduce(1) { $0 * $1.period } }

  /// The frequency of coefficient `index` of an axis, in radians a cell.
  static func frequency(_ index: Int, of cells: Int) -> Double {
    2 * .pi * Double(2 * index <= cells ? index : index - cells) / Double(cells)
  }
}
