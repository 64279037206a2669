import Comparison
import LinearAlgebra
import Measures
import TestSupport

/// distances.json, made by make_distances.py beside it.
struct Fixture: Decodable {
  struct Line: Decodable {
    var name: String
    var first: [Double]
    var second: [Double]
    var firstMasses: [Double]?
    var secondMasses: [Double]?
    var wasserstein1: Double
    var wasserstein2: Double
    var energy: Double
    var kolmogorovSmirnov: Double?
  }

  struct Cloud: Decodable {
    var dimensions: Int
    var first: [Double]
    var second: [Double]
    var firstMasses: [Double]
    var secondMasses: [Double]
    var between: Double
    var withinFirst: Double
    var withinSecond: Double
  }

  struct Beta: Decodable {
    var a: Double
    var b: Double
    var a1: Double
    var b1: Double
    var divergence: Double
  }

  var lines: [Line]
  var clouds: [Cloud]
  var beta: [Beta]

  static func load() throws -> Fixture {
    try fixture("distances", as: Fixture.self, in: .module)
  }
}

/// Independent standard normal numbers.
func normals(_ count: Int, seed: UInt64, particle: Int = 0) -> [Double] {
  RandomStream(seed: seed, stream: .syntheticData).normals(count, particle: particle)
}

func normalMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix<Double> {
  Matrix(rows: rows, columns: columns, elements: normals(rows * columns, seed: seed))
}

func isClose(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
  abs(a - b) <= tolerance * max(1, abs(b))
}
