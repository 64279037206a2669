/// A dense row-major matrix that owns its storage.
///
/// Rows are points (or particles), columns are features: one row is contiguous.
public struct Matrix<Scalar: Sendable>: Sendable {
  /// Points, or particles.
  public let rows: Int
  /// Features.
  public let columns: Int
  /// Row-major elements: `(i, j)` is `elements[i * columns + j]`.
  public var elements: [Scalar]

  /// Wraps `elements`, which must hold `rows * columns` numbers in row-major order.
  public init(rows: Int, columns: Int, elements: [Scalar]) {
    precondition(rows >= 0 && columns >= 0, "a matrix cannot have a negative size")
    precondition(elements.count == rows * columns, "\(rows) x \(columns) needs \(rows * columns)")
    self.rows = rows
    self.columns = columns
    self.elements = elements
  }

  /// A matrix of one number.
  public init(rows: Int, columns: Int, repeating value: Scalar) {
    self.init(
      rows: rows, columns: columns, elements: Array(repeating: value, count: rows * columns))
  }

  /// One element, by row and column from 0.
  public subscript(row: Int, column: Int) -> Scalar {
    get {
      precondition(row < rows && column < columns && row >= 0 && column >= 0)
      return elements[row * columns + column]
    }
    set {
      precondition(row < rows && column < columns && row >= 0 && column >= 0)
      elements[row * columns + column] = newValue
    }
  }

  /// The elements of one row, without a copy.
  public func row(_ index: Int) -> ArraySlice<Scalar> {
    elements[(index * columns)..<((index + 1) * columns)]
  }

  /// The matrix of what becomes of each element.
  public func map<Result>(_ transform: (Scalar) throws -> Result) rethrows -> Matrix<Result> {
    Matrix<Result>(rows: rows, columns: columns, elements: try elements.map(transform))
  }
}

extension Matrix: Equatable where Scalar: Equatable {}
