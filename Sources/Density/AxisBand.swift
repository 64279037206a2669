/// A sparse matrix that reads values between cells of one axis: row `target[e]` receives `width`
/// weights from cell `start[e]` on, for each entry e.
public struct AxisBand: Sendable {
  /// Cells of the axis.
  let size: Int
  /// Rows.
  let count: Int
  let width: Int
  private(set) var start: [Int] = []
  private(set) var target: [Int] = []
  private(set) var weights: [Double] = []

  /// - Parameter nodes: for each row the positions whose values it sums: a grid point and its
  ///   mirror images.
  init(_ axis: CellAxis, nodes: [[Double]], window: KaiserBesselWindow) {
    size = axis.cells
    count = nodes.count
    width = window.width
    for (row, positions) in nodes.enumerated() {
      for position in positions {
        let place = axis.place(position)
        let near = window.weights(at: place.rest)
        let first = place.index + near.first
        precondition(first >= 0 && first + width <= size, "\(position) is off the cells")
        start.append(first)
        target.append(row)
        weights += near.weights
      }
    }
  }
}
