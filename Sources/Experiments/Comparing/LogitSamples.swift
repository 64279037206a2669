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
  /// What networks of each width are compared with, where there is no one limit; else empty.
  private let ownLimits: [Trajectory]
  let task: LearningProblem.Task

  init(_ results: [ComparedNetworks], limit: Trajectory, task: LearningProblem.Task) {
    networks = results.map(\.networks)
    paired = results.compactMap(\.paired)
    self.limit = limit
    ownLimits = results.compactMap(\.ownLimit)
    self.task = task
  }

  var outputs: Int { limit.outputs }
  var isRandom: Bool { limit.members > 1 || !paired.isEmpty }
  func limit(_ width: Int) -> Trajectory { ownLimits.isEmpty ? limit : ownLimits[width] }
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

  /// Networks beside the limit, or beside their own: of many numbers a network (``SeedGap``) or of one
  /// (``ScalarGap``).
  func gap<Gap: LimitGap>(
    _ values: KeyPath<Trajectory, [Double]>, _ width: Int, _ step: Int, _ seeds: [Int],
    _ realizations: [Int], isPaired: Bool
  ) -> Gap {
    let nets = Self.matrix(networks[width], values, step, seeds)
    if isPaired {
      return Gap(nets, pairedLimits: Self.matrix(paired[width], values, step, seeds))
    }
    let limits = Self.matrix(limit(width), values, step, realizations)
    return isRandom
      ? Gap(nets, realizations: limits) : Gap(nets, deterministicLimit: limits.elements)
  }

  /// Of the test logits over seeds. One network alone has none (NaN); one network repeated has zero, where the
  /// rounding of its mean would give resamples of a bootstrap a logarithm.
  func fluctuation(
    _ width: Int, _ step: Int, _ seeds: [Int], _ realizations: [Int], isPaired: Bool
  ) -> Double {
    if seeds.count > 1, Set(seeds).count == 1 { return 0 }
    let gap: SeedGap = gap(\.testLogits, width, step, seeds, realizations, isPaired: isPaired)
    return gap.fluctuation ?? .nan
  }

  /// The estimated error of the limit's test logits; NaN where none is stated.
  func statedLogitError(_ width: Int, _ step: Int, isPaired: Bool) -> Double {
    let errors = (isPaired ? paired[width] : limit(width)).testLogitsError
    return errors.isEmpty ? .nan : errors[step]
  }

  /// The same; zero where none is stated.
  func logitError(_ width: Int, _ step: Int, isPaired: Bool) -> Double {
    let error = statedLogitError(width, step, isPaired: isPaired)
    return error.isNaN ? 0 : error
  }

  /// Root mean square over members of the standard errors in an array.
  func error(
    _ values: KeyPath<Trajectory, [Double]>, _ width: Int, _ step: Int, isPaired: Bool
  ) -> Double {
    let trajectory = isPaired ? paired[width] : limit(width)
    guard !trajectory[keyPath: values].isEmpty else { return 0 }
    let all = Self.matrix(trajectory, values, step, Array(0..<trajectory.members)).elements
    let square = all.reduce(0) { $0 + $1 * $1 } / Double(all.count)
    return square.isNaN ? 0 : square.squareRoot()
  }
}
