import LinearAlgebra
import Measures
import TestSupport
import Testing

@Suite struct PrincipalComponentsTests {
  static func points(_ rows: Int, _ columns: Int) -> Matrix<Double> {
    let stream = RandomStream(seed: 3, stream: .networkInputWeights)
    return Matrix(
      rows: rows, columns: columns,
      elements: (0..<rows).flatMap { row in
        stream.normals(columns, particle: row).enumerated().map { j, x in
          3 + x / Double(j + 1)
        }
      })
  }

  /// C v = s v for the covariance written out, unit length, falling variances, signs.
  @Test(arguments: [(40, 6), (6, 40)]) func eigenvectorsOfTheCovariance(rows: Int, columns: Int) {
    let points = Self.points(rows, columns)
    let components = PrincipalComponents(of: points)
    #expect(components.vectors.rows == min(rows - 1, columns))
    let means = (0..<columns).map { j in
      (0..<rows).reduce(0) { $0 + points[$1, j] } / Double(rows)
    }
    for (k, variance) in components.variances.enumerated() {
      let v = Array(components.vectors.row(k))
      #expect(abs(v.reduce(0) { $0 + $1 * $1 } - 1) < 1e-13)
      #expect(v.max { abs($0) < abs($1) }! > 0)
      #expect(k == 0 || variance <= components.variances[k - 1])
      #expect(components.isDetermined(k))
      var image = [Double](repeating: 0, count: columns)
      for i in 0..<rows {
        let share = (0..<columns).reduce(0) { $0 + (points[i, $1] - means[$1]) * v[$1] }
        for j in 0..<columns { image[j] += share * (points[i, j] - means[j]) / Double(rows) }
      }
      #expect(largestDifference(image, v.map { variance * $0 }) < 1e-13)
    }
  }

  @Test func byHand() {
    // Variances 4 along (3, 4)/5 and 1 across it, around (10, 20).
    let (long, short) = (8.0.squareRoot(), 2.0.squareRoot())
    let points = [
      10 + 0.6 * long, 20 + 0.8 * long, 10 - 0.6 * long, 20 - 0.8 * long,
      10 + 0.8 * short, 20 - 0.6 * short, 10 - 0.8 * short, 20 + 0.6 * short,
    ]
    let components = PrincipalComponents(of: Matrix(rows: 4, columns: 2, elements: points))
    #expect(largestDifference(components.variances, [4, 1]) < 1e-13)
    #expect(largestDifference(components.vectors.elements, [0.6, 0.8, 0.8, -0.6]) < 1e-13)
  }

  /// Four corners of a square: every direction has the same variance.
  @Test func directionsThatAreNotDetermined() {
    let square = Matrix(rows: 4, columns: 2, elements: [1.0, 1, 1, -1, -1, 1, -1, -1])
    let components = PrincipalComponents(of: square)
    #expect(components.variances.count == 2)
    #expect(!components.isDetermined(0) && !components.isDetermined(1))
  }

  @Test func equalPoints() {
    let components = PrincipalComponents(of: Matrix(rows: 5, columns: 3, repeating: 2))
    #expect(components.vectors.rows == 0)
  }
}
