/// A sparse matrix that reads values between cells of one axis: row `target[e]` receives `width`
/// weights from cell `start[e]` on, for each entry e.
public struct AxisBand: Sendable {
  /// Cells of the axis.
  let size: Int
  /// Rows.
  let count: Int
  let width: Int
  let start: [Int]
  let target: [Int]
  let weights: [Double]

  init(_ axis: CellAxis, nodes: AxisNodes, window: KaiserBesselWindow) {
    size = axis.cells
    count = nodes.count
    width = window.width
    let places = nodes.positions.map(axis.place)
    let near = window.weights(at: places.map(\.rest))
    start = zip(places, near.firsts).map { $0.index + $1 }
    weights = near.weights
    target = nodes.rows
    precondition(start.allSatisfy { $0 >= 0 && $0 + window.width <= axis.cells }, "off the cells")
  }
}

/// Positions on an axis whose densities are summed at its grid points: each grid point itself and
/// its mirror images, none of them where it is out of bounds.
struct AxisNodes: Sendable {
  /// Grid points of the axis.
  let count: Int
  private(set) var positions: [Double]
  /// The grid point to which each position belongs.
  private(set) var rows: [Int]

  /// - Parameter reach: kernels end here; images farther than that from a boundary are left out.
  init(_ axis: DensityGrid.Axis, boundary: Boundary, reach: Double) {
    count = axis.count
    positions = axis.coordinates
    rows = Array(0..<axis.count)
    guard boundary != .none else { return }
    let coordinates = positions
    positions = []
    rows = []
    let low = boundary.lower.map { $0 - reach } ?? -.infinity
    let high = boundary.upper.map { $0 + reach } ?? .infinity
    for (row, x) in coordinates.enumerated() {
      for image in boundary.images(of: x, from: low, to: high) {
        positions.append(image)
        rows.append(row)
      }
    }
  }

  var range: (Double, Double)? {
    guard let first = positions.min(), let last = positions.max() else { return nil }
    return (first, last)
  }
}
