import Foundation
import TestSupport
import TimeIntegration
import Testing

@Suite struct DormandPrinceTests {
  /// A rooted tree of the theory of order conditions: the trees that hang from its root.
  struct Tree {
    var branches: [Tree] = []

    var order: Int { branches.reduce(1) { $0 + $1.order } }
    /// gamma(t) of Hairer, Nørsett, Wanner I, section II.2.
    var density: Double { branches.reduce(Double(order)) { $0 * $1.density } }

    /// Phi_i(t) for every stage i.
    var weights: [Double] {
      let inner = branches.map(\.weights)
      return DormandPrince.stages.map { row in
        inner.reduce(1) { product, branch in
          product * row.indices.reduce(0) { $0 + row[$1] * branch[$1] }
        }
      }
    }

    /// Every tree of an order, each once: the branches of a tree are a multiset.
    static func all(_ order: Int) -> [Tree] {
      func forests(_ total: Int, largest: Int, below index: Int) -> [[Tree]] {
        if total == 0 { return [[]] }
        var result: [[Tree]] = []
        for size in 1...total where size <= largest {
          let trees = all(size)
          for (number, tree) in trees.enumerated() where size < largest || number <= index {
            result += forests(total - size, largest: size, below: number).map { [tree] + $0 }
          }
        }
        return result
      }
      return forests(order - 1, largest: order, below: .max).map { Tree(branches: $0) }
    }

    /// The error of b in the condition sum_i b_i Phi_i(t) = theta^order / gamma(t).
    func defect(_ b: [Double], theta: Double = 1) -> Double {
      zip(b, weights).reduce(0) { $0 + $1.0 * $1.1 } - pow(theta, Double(order)) / density
    }
  }

  func largestDefect(_ b: [Double], order: Int, theta: Double = 1) -> Double {
    Tree.all(order).map { abs($0.defect(b, theta: theta)) }.max()!
  }

  @Test func thereAreSeventeenConditionsUpToOrderFive() {
    #expect((1...5).map { Tree.all($0).count } == [1, 1, 2, 4, 9])
  }

  @Test func theSolutionHasOrderFiveAndNoMore() {
    for order in 1...5 { #expect(largestDefect(DormandPrince.solution, order: order) < 1e-14) }
    #expect(largestDefect(DormandPrince.solution, order: 6) > 1e-4)
  }

  @Test func theEmbeddedSolutionHasOrderFourAndNoMore() {
    let embedded = zip(DormandPrince.solution, DormandPrince.error).map { $0 - $1 }
    for order in 1...4 { #expect(largestDefect(embedded, order: order) < 1e-14) }
    #expect(largestDefect(embedded, order: 5) > 1e-4)
  }

  @Test(arguments: [0.1, 0.3, 0.5, 0.8, 0.95]) func theExtensionHasOrderFourAndNoMore(
    theta: Double
  ) {
    let b = DormandPrince.solution(at: theta)
    for order in 1...4 { #expect(largestDefect(b, order: order, theta: theta) < 1e-14) }
    #expect(largestDefect(b, order: 5, theta: theta) > 1e-6)
  }

  @Test func theExtensionJoinsStepsWithTheirSlopes() {
    let h = 1e-4
    func slope(_ theta: Double, _ sign: Double) -> [Double] {
      let (b, c, d) = (
        DormandPrince.solution(at: theta), DormandPrince.solution(at: theta + sign * h),
        DormandPrince.solution(at: theta + 2 * sign * h)
      )
      return b.indices.map { (4 * c[$0] - 3 * b[$0] - d[$0]) / (2 * sign * h) }
    }
    #expect(DormandPrince.solution(at: 0) == Array(repeating: 0, count: 7))
    #expect(DormandPrince.solution(at: 1) == DormandPrince.solution)
    #expect(largestDifference(slope(0, 1), [1, 0, 0, 0, 0, 0, 0]) < 1e-6)
    #expect(largestDifference(slope(1, -1), [0, 0, 0, 0, 0, 0, 1]) < 1e-6)
  }

  /// y' = y cos s, s' = 1 from s = 0.3 on: y = e^(sin s).
  func wave() -> VectorSystem {
    VectorSystem([exp(sin(0.3)), 0.3]) { [$0[0] * cos($0[1]), 1] }
  }

  /// On a circle, at an angular velocity of the square of the radius.
  @Test func globalErrorsFallWithTheFifthPower() {
    let counts = [100, 150, 225]
    let errors = counts.map { count in
      let system = VectorSystem([1, 0]) { y in
        let square = y[0] * y[0] + y[1] * y[1]
        return [-square * y[1], square * y[0]]
      }
      let h = 5 / Double(count)
      system.evaluateSlope(0, at: [])
      for _ in 0..<count {
        DormandPrince.evaluateStages(system, step: h)
        DormandPrince.finishStep(system, step: h)
      }
      #expect(system.evaluations == 6 * count + 1)
      return largestDifference(system.state, [cos(5), sin(5)])
    }
    let order = -logLogSlope(counts.map(Double.init), errors)
    #expect(abs(order - 5) < 0.2, "\(order)")
  }

  /// Within one step from exact values: a method of order four errs like the fifth power of the step.
  @Test func errorsWithinAStepFallWithTheFifthPower() {
    let sizes = [0.2, 0.1, 0.05, 0.025]
    let errors = sizes.map { h in
      let system = wave()
      system.evaluateSlope(0, at: [])
      DormandPrince.evaluateStages(system, step: h)
      return [0.2, 0.4, 0.6, 0.8].map { theta in
        let value = system.state(at: DormandPrince.solution(at: theta).map { h * $0 })[0]
        return abs(value - exp(sin(0.3 + theta * h)))
      }.max()!
    }
    let order = logLogSlope(sizes, errors) - 1
    #expect(abs(order - 4) < 0.2, "\(order)")
  }
}
