import Comparison
import LinearAlgebra
import Networks
import ParticleSystems

/// The functions of networks and of their limit, cut into matrices of seeds (or realizations) and points.
struct LogitSamples: Sendable {
  let networks: [Trajectory]
  /// Of each width; empty where the limit is not random.
  let paired: [Trajectory]
  let limit: Trajectory
  let task: LearningProblem.Task

  init(_ results: [ComparedNetworks], limit: Trajectory, task: LearningProblem.Task) {
    networks = results.map(\.networks)
    paired = results.compactMap(\.paired)
    self.limit = limit
    self.task = task
  }

  var outputs: Int { limit.outputs }
  var isRandom: Bool { limit.members > 1 || !paired.isEmpty }
  var hasClasses: Bool { task != .regression }

  static func matrix(
    _ trajectory: Trajectory, _ values: KeyPath<Trajectory, [Double]>, _ step: Int,
    _ members: [Int]
  ) -> Matrix<Double> {
    let steps = trajectory.steps.count
    let all = trajectory[keyPath: values]
    let size = all.count / (trajectory.members * steps)
    var elements: [Double] = []
    elements.reserveCapacity(members.count * size)
    for member in members {
      let start = (member * steps + step) * size
      elements += all[start..<(start + size)]
    }
    return Matrix(rows: members.count, columns: size, elements: elements)
  }

  static func numbers(
    _ trajectory: Trajectory, _ values: KeyPath<Trajectory, [Double]>, _ step: Int,
    _ members: [Int]
  ) -> [Double] {
    let all = trajectory[keyPath: values]
    return members.map { all[$0 * trajectory.steps.count + step] }
  }

  /// Networks beside the limit, or beside their own.
  func gap(
    _ values: KeyPath<Trajectory, [Double]>, _ width: Int, _ step: Int, _ seeds: [Int],
    _ realizations: [Int], isPaired: Bool
  ) -> SeedGap {
    let nets = Self.matrix(networks[width], values, step, seeds)
    if isPaired {
      return SeedGap(nets, pairedLimits: Self.matrix(paired[width], values, step, seeds))
    }
    let limits = Self.matrix(limit, values, step, realizations)
    return isRandom
      ? SeedGap(nets, realizations: limits)
      : SeedGap(nets, deterministicLimit: limits.elements)
  }

  func scalarGap(
    _ values: KeyPath<Trajectory, [Double]>, _ width: Int, _ step: Int, _ seeds: [Int],
    _ realizations: [Int], isPaired: Bool
  ) -> ScalarGap {
    let nets = Self.numbers(networks[width], values, step, seeds)
    if isPaired {
      return ScalarGap(nets, pairedLimits: Self.numbers(paired[width], values, step, seeds))
    }
    let limits = Self.numbers(limit, values, step, realizations)
    return isRandom
      ? ScalarGap(nets, realizations: limits) : ScalarGap(nets, deterministicLimit: limits[0])
  }

  /// The estimated error of the limit's test logits; zero where none is stated.
  func logitError(_ width: Int, _ step: Int, isPaired: Bool) -> Double {
    let errors = (isPaired ? paired[width] : limit).testLogitsError
    return errors.isEmpty || errors[step].isNaN ? 0 : errors[step]
  }

  /// Root mean square over members of the standard errors in an array.
  func error(
    _ values: KeyPath<Trajectory, [Double]>, _ width: Int, _ step: Int, isPaired: Bool
  ) -> Double {
    let trajectory = isPaired ? paired[width] : limit
    guard !trajectory[keyPath: values].isEmpty else { return 0 }
    let all = Self.matrix(trajectory, values, step, Array(0..<trajectory.members)).elements
    let square = all.reduce(0) { $0 + $1 * $1 } / Double(all.count)
    return square.isNaN ? 0 : square.squareRoot()
  }
}
