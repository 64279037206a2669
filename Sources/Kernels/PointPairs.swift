import LinearAlgebra

/// The pairs of points that a kernel matrix is made for, in squares: the pieces of work that
/// threads share.
struct PointPairs: Sendable {
  let rows: KernelPoints
  let columns: KernelPoints
  /// Whether both sets are one: half of the squares, mirrored.
  let isSymmetric: Bool
  /// Block numbers of the squares.
  let squares: [(row: Int, column: Int)]

  /// Points of a block, a side of a square: the products of one square fit in the second-level
  /// cache. The same for every number of threads.
  static var blockSize: Int { 128 }

  init(_ points: KernelPoints) {
    self.init(rows: points, columns: points, isSymmetric: true)
  }

  init(_ rows: KernelPoints, _ columns: KernelPoints) {
    self.init(rows: rows, columns: columns, isSymmetric: false)
  }

  private init(rows: KernelPoints, columns: KernelPoints, isSymmetric: Bool) {
    precondition(rows.features == columns.features, "one number of features")
    self.rows = rows
    self.columns = columns
    self.isSymmetric = isSymmetric
    let rowBlocks = (rows.count + Self.blockSize - 1) / Self.blockSize
    let columnBlocks = (columns.count + Self.blockSize - 1) / Self.blockSize
    squares = (0..<rowBlocks).flatMap { row in
      ((isSymmetric ? row : 0)..<columnBlocks).map { (row: row, column: $0) }
    }
  }

  /// Points at which the activation is needed: those of both sets one after another, or of the one.
  var pointCount: Int { isSymmetric ? rows.count : rows.count + columns.count }
  /// The place of the first column point among them.
  var columnOffset: Int { isSymmetric ? 0 : rows.count }

  func square(_ index: Int) -> KernelSquare {
    KernelSquare(
      rows: rows, columns: columns, firstRow: squares[index].row * Self.blockSize,
      firstColumn: squares[index].column * Self.blockSize, size: Self.blockSize)
  }
}
