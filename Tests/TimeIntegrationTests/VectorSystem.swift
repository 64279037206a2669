import TimeIntegration

/// dy/dt = F(y) for a few numbers, in arrays; sizes are maxima, relative to one.
final class VectorSystem: IntegratedSystem {
  private(set) var state: [Double]
  private var slopes: [[Double]]
  private let slope: ([Double]) -> [Double]
  private let unit: ([Double]) -> Double
  private(set) var evaluations = 0

  init(
    _ state: [Double], unit: @escaping ([Double]) -> Double = { _ in 1 },
    slope: @escaping ([Double]) -> [Double]
  ) {
    self.state = state
    self.slope = slope
    self.unit = unit
    slopes = Array(
      repeating: Array(repeating: 0, count: state.count), count: DormandPrince.slopes)
  }

  func state(at weights: [Double]) -> [Double] {
    state.indices.map { i in
      weights.indices.reduce(state[i]) { $0 + weights[$1] * slopes[$1][i] }
    }
  }

  func evaluateSlope(_ index: Int, at weights: [Double]) {
    slopes[index] = slope(state(at: weights))
    evaluations += 1
  }

  func norm(_ weights: [Double]) -> Double {
    zip(state(at: weights), state).map { abs($0 - $1) }.max()! / unit(state)
  }

  func move(by weights: [Double]) { state = state(at: weights) }

  func exchangeSlopes(_ first: Int, _ second: Int) { slopes.swapAt(first, second) }
}
