import Density
import LinearAlgebra
import TestSupport
import Testing

/// density.json, made by make_density_fixtures.py beside it.
struct Fixture: Decodable {
  struct Scipy: Decodable {
    var rule: String
    var points: [Double]
    var dimensions: Int
    var masses: [Double]
    var covariance: [Double]
    var effectiveSize: Double
    var lower: [Double]
    var upper: [Double]
    var values: [Double]

    func grid() throws -> DensityGrid {
      DensityGrid(
        try zip(lower, upper).map { try .init(lower: $0, upper: $1, count: 9) })
    }
  }

  struct Kernel: Decodable {
    var kernel: String
    var points: [Double]
    var masses: [Double]
    var bandwidth: Double
    var values: [Double]
  }

  struct SheatherJones: Decodable {
    var name: String
    var points: [Double]
    var masses: [Double]
    var exact: Double
    var binned: Double
  }

  struct CrossValidation: Decodable {
    var points: [Double]
    var masses: [Double]
    var leastSquares: Double
    var likelihood: Double
  }

  var scipy: [Scipy]
  var kernels: [Kernel]
  var sheatherJones: [SheatherJones]
  var crossValidation: [CrossValidation]

  static func load() throws -> Fixture {
    try fixture("density", as: Fixture.self, in: .module)
  }
}
