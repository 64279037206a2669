/// Cells of equal size along an axis, with one period of a periodic function on them.
public struct CellAxis: Sendable, Equatable {
  /// The position of cell 0: its centre, or the place of its grid value.
  let first: Double
  let cell: Double
  let cells: Int

  /// Cells of `size` or a little less from `first` or a little below on.
  ///
  /// The size is rounded to 24 significant bits and `first` to a multiple of its last bit, so that
  /// `first + Double(j) * cell` has no rounding error for fewer than 2^24 cells (unless |first| is
  /// beyond 2^28 cells). A point's distance from a cell near it is exact then, where its distance
  /// from the end of the axis would be wrong by a rounding of the axis's length: too much for
  /// narrow kernels.
  init(first: Double, size: Double, cells: Int) {
    let quantum = Double(sign: .plus, exponent: size.exponent - 23, significand: 1)
    cell = (size / quantum).rounded(.down) * quantum
    self.first = (first / quantum).rounded(.down) * quantum
    self.cells = cells
  }

  /// Cells of exactly this size, for a given period.
  init(first: Double, exactCell: Double, cells: Int) {
    self.first = first
    cell = exactCell
    self.cells = cells
  }

  /// Cells 1 / `factor` times as large (or a rounding less) from the same place on.
  func refined(by factor: Int) -> CellAxis {
    CellAxis(first: first, size: cell / Double(factor), cells: cells * factor)
  }

  /// Cells `factor` times as large from the same place on.
  func coarsened(by factor: Int) -> CellAxis {
    precondition(cells % factor == 0)
    return CellAxis(first: first, exactCell: cell * Double(factor), cells: cells / factor)
  }

  var period: Double { cell * Double(cells) }

  /// The place of x in cells: a whole number and the rest in [0, 1), the latter without the
  /// rounding error of the former.
  func place(_ x: Double) -> (index: Int, rest: Double) {
    let index = ((x - first) / cell).rounded(.down)
    return (Int(index), (x - (first + index * cell)) / cell)
  }
}
