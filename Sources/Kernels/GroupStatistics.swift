import LinearAlgebra

/// Means and standard errors of many numbers over independent groups, one group after another
/// (Welford's recurrence: no cancellation).
struct GroupStatistics: Sendable {
  private let mean: AlignedBuffer<Double>
  private let squares: AlignedBuffer<Double>

  init(count: Int) {
    mean = AlignedBuffer(count: count, repeating: 0)
    squares = AlignedBuffer(count: count, repeating: 0)
  }

  /// Adds the value of group number `group`, counted from 0.
  func add(_ value: Double, at place: Int, group: Int) {
    let before = value - mean.base[place]
    mean.base[place] += before / Double(group + 1)
    squares.base[place] += before * (value - mean.base[place])
  }

  func mirror(_ place: Int, to other: Int) {
    mean.base[other] = mean.base[place]
    squares.base[other] = squares.base[place]
  }

  func means(rows: Int, columns: Int) -> Matrix<Double> {
    Matrix(rows: rows, columns: columns, elements: Array(mean.contents))
  }

  /// sqrt(sum of squared deviations / (groups (groups - 1))).
  func standardErrors(rows: Int, columns: Int, groups: Int) -> Matrix<Double> {
    let scale = 1 / Double(groups * (groups - 1))
    return Matrix(
      rows: rows, columns: columns, elements: squares.contents.map { ($0 * scale).squareRoot() })
  }
}
