import Measures
import TestSupport
import Testing

@Suite struct StandardSampleTests {
  func rows(
    _ design: SampleDesign, shape: InitialLaw.Shape = .gaussian, outputs: Int = 1,
    features: Int, count: Int, first: Int = 0, part: Int? = nil, seed: UInt64 = 5,
    randomization: Int = 0
  ) -> [[Double]] {
    let sample = StandardSample(
      design: design, shape: shape, outputs: outputs, features: features, count: count,
      seed: seed, randomization: randomization)
    let part = part ?? count
    let width = outputs + features
    var numbers = [Double](repeating: 0, count: part * width)
    sample.fill(first: first, count: part, into: &numbers)
    return (0..<part).map { Array(numbers[($0 * width)..<(($0 + 1) * width)]) }
  }

  /// All that differ without the moment matching, which is not done here.
  static let designs = SampleDesignTests.all.filter { !$0.matchesMoments }

  func fits(_ design: SampleDesign, _ shape: InitialLaw.Shape) -> Bool {
    shape == .gaussian || !design.removesRadius && !design.weighsOutput
  }

  /// Outputs and features that suit a design.
  func sizes(_ design: SampleDesign) -> [(outputs: Int, features: Int)] {
    design.points == .sphere
      ? [(1, 1), (1, 2), (2, 1)]
      : design.weighsOutput ? [(1, 1), (1, 6)] : [(1, 1), (1, 6), (3, 5)]
  }

  @Test(arguments: designs, InitialLaw.Shape.allCases)
  func everyBlockIsAPartOfTheWhole(design: SampleDesign, shape: InitialLaw.Shape) {
    guard fits(design, shape) else { return }
    for (outputs, features) in sizes(design) {
      func part(_ first: Int, _ count: Int) -> [[Double]] {
        rows(
          design, shape: shape, outputs: outputs, features: features, count: 64, first: first,
          part: count, randomization: 3)
      }
      let whole = part(0, 64)
      for (first, count) in [(0, 4), (4, 8), (20, 44), (60, 4), (12, 0)] {
        #expect(part(first, count) == Array(whole[first..<(first + count)]), "\(design.name)")
      }
    }
  }

  /// The bases of the groups are the points without symmetry.
  @Test(arguments: designs, InitialLaw.Shape.allCases)
  func symmetriesAreExact(design: SampleDesign, shape: InitialLaw.Shape) {
    guard fits(design, shape), let symmetry = design.symmetry else { return }
    var plain = design
    plain.symmetry = nil
    let group = design.groupSize
    let (outputs, features, count) = (design.weighsOutput ? 1 : 2, 3, 40)
    let drawn = rows(design, shape: shape, outputs: outputs, features: features, count: count)
    let bases = rows(
      plain, shape: shape, outputs: outputs, features: features, count: count / group)
    let signs: [(a: Double, w: Double)] =
      switch symmetry {
      case .antithetic: [(1, 1), (-1, 1)]
      case .reflected: [(1, 1), (-1, -1)]
      case .quadruples: [(1, 1), (-1, 1), (1, -1), (-1, -1)]
      }
    for (r, row) in drawn.enumerated() {
      let (a, w) = signs[r % group]
      let image = bases[r / group].enumerated().map { $1 * ($0 < outputs ? a : w) }
      #expect(row == image, "\(design.name) \(r)")
    }
    #expect(Set(bases.map { $0[0] }).count == bases.count)
  }

  @Test(arguments: designs.filter(\.removesRadius)) func radiiAreTheRootMeanSquare(
    design: SampleDesign
  ) {
    for (outputs, features) in sizes(design) {
      for row in rows(design, outputs: outputs, features: features, count: 32) {
        let square = row.reduce(0) { $0 + $1 * $1 }
        let expected = Double(outputs + features)
        #expect(abs(square - expected) < 1e-14 * expected, "\(design.name)")
      }
    }
  }

  /// Moments of one coordinate of one particle over randomizations: each particle alone has the law.
  /// Bounds are five standard errors; fourth moments are 3 and 9/5, and 3p / (p + 2) on the sphere of
  /// radius sqrt(p) (E u^4 = 3 / (p (p + 2)) for a coordinate u of the unit sphere).
  @Test(arguments: designs, InitialLaw.Shape.allCases)
  func eachParticleHasTheLaw(design: SampleDesign, shape: InitialLaw.Shape) {
    guard fits(design, shape) else { return }
    let (outputs, features) = (1, 2)
    let p = Double(outputs + features)
    let randomizations = 1000
    // Importance: the quadratic form is what has the law's moments, see `OutputImportanceTests`.
    let fourth = shape == .uniform ? 1.8 : design.removesRadius ? 3 * p / (p + 2) : 3
    let samples = (0..<randomizations).map { number in
      rows(
        design, shape: shape, outputs: outputs, features: features, count: 16,
        randomization: number)
    }
    for particle in [0, 6, 15] {
      let drawn = samples.map { $0[particle] }
      let count = Double(randomizations)
      for j in 0..<3 {
        let mean = drawn.reduce(0) { $0 + $1[j] } / count
        let square = drawn.reduce(0) { $0 + $1[j] * $1[j] } / count
        let next = drawn.reduce(0) { $0 + $1[j] * $1[(j + 1) % 3] } / count
        #expect(abs(mean) < 5 / count.squareRoot(), "\(design.name)")
        #expect(abs(square - 1) < 5 * ((fourth - 1) / count).squareRoot(), "\(design.name)")
        // E x^2 y^2 = (p^2 - p E x^4) / (p (p - 1)) on the sphere, 1 for independent coordinates.
        let cross = design.removesRadius ? (p - fourth) / (p - 1) : 1
        #expect(abs(next) < 5 * (cross / count).squareRoot(), "\(design.name)")
        if design.weighsOutput { continue }
        let quartic = drawn.reduce(0) { $0 + $1[j] * $1[j] * $1[j] * $1[j] } / count
        // Var x^4 <= 105 - 9, that of the normal law.
        #expect(abs(quartic - fourth) < 5 * (96 / count).squareRoot(), "\(design.name)")
      }
      if shape == .uniform {
        #expect(drawn.allSatisfy { $0.allSatisfy { abs($0) < 3.0.squareRoot() } })
      }
    }
  }

  /// A Sobol' sample of a power of two has one point in each interval of equal probability, so means
  /// are far below those of independent points.
  @Test(arguments: InitialLaw.Shape.allCases) func sobolPointsAreSpreadEvenly(
    shape: InitialLaw.Shape
  ) {
    let drawn = rows(SampleDesign(points: .sobol), shape: shape, features: 7, count: 4096)
    for j in 0..<8 {
      let sorted = drawn.map { $0[j] }.sorted()
      let mean = sorted.reduce(0, +) / 4096
      #expect(abs(mean) < 0.002)
      // The median lies between the two points around 0.
      #expect(sorted[2047] < 0 && sorted[2048] > 0)
      if shape == .uniform {
        for (i, x) in sorted.enumerated() {
          let place = (x / 3.0.squareRoot() + 1) / 2 * 4096
          #expect(Int(place) == i)
        }
      }
    }
  }

  @Test(arguments: designs) func randomizationsAndSeedsDiffer(design: SampleDesign) {
    let (outputs, features) = (1, 2)
    var seen: Set<Double> = []
    var count = 0
    for (seed, randomization) in [(5, 0), (5, 1), (5, 2), (6, 0)] as [(UInt64, Int)] {
      let drawn = rows(
        design, outputs: outputs, features: features, count: 400, seed: seed,
        randomization: randomization)
      let bases = stride(from: 0, to: 400, by: design.groupSize).map { drawn[$0][2] }
      seen.formUnion(bases)
      count += bases.count
    }
    // Not one number is drawn twice, in whatever order.
    #expect(seen.count == count, "\(design.name)")
  }

  /// Means of a smooth function by two randomizations are uncorrelated: over 400 pairs the
  /// correlation has a standard error of 0.05.
  @Test(arguments: designs.filter { $0.symmetry == nil })
  func randomizationsAreUncorrelated(design: SampleDesign) {
    let means = (0..<800).map { number in
      rows(design, features: 2, count: 16, randomization: number)
        .reduce(0) { $0 + max($1[0] + 0.3 * $1[1], 0) } / 16
    }
    let center = means.reduce(0, +) / 800
    var (product, square) = (0.0, 0.0)
    for pair in 0..<400 {
      let (x, y) = (means[2 * pair] - center, means[2 * pair + 1] - center)
      product += x * y
      square += (x * x + y * y) / 2
    }
    #expect(square > 0)
    #expect(abs(product / square) < 0.2, "\(design.name)")
  }
}
