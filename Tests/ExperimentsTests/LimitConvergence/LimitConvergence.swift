import FiniteWidth
import Networks
import ParticleSystems

/// How far networks of growing width are from the limit of their scaling.
///
/// Where the limit is random through its initial function, each network is compared with the
/// realization whose initial function is the network's own: independent realizations could be
/// compared in law only, which takes far more seeds.
struct LimitConvergence {
  let widths: [Int]
  /// (width, step - 1, seed): mean over test points of (f / (d/d*)^beta - f~)^2 at steps 1, 2, ...
  private(set) var squaredGaps: [[[Double]]] = []
  /// (width, step - 1, seed): mean over test points of f~^2.
  private(set) var squaredLogits: [[[Double]]] = []

  init(_ regime: Regime, in setting: ConvergenceSetting) {
    widths = setting.widths
    let solver = LimitSolver(regime, in: setting)
    let isRandom = TrainingRule(regime).offset != .never
    let sharedLimit = isRandom ? nil : solver.run(particles: 1 << 18)
    for width in setting.widths {
      let networks = FiniteNetworks(
        width: width, firstSeed: 1, seeds: setting.seeds, law: setting.law,
        settings: setting.settings(
          .network(width: width, scaling: regime.scaling, reference: setting.reference)),
        initializationCorrection: regime.isInitializationCorrected ? setting.reference.width : nil
      ).train(in: Float.self, workers: setting.workers)
      // The fluctuation of 4 d particles is at most half of that of d neurons, in the same
      // proportion at every width: it adds at most an eighth to a gap and nothing to its exponent.
      let limit =
        sharedLimit
        ?? solver.run(
          particles: 4 * width,
          initialFunctions: networks.initialFunctions(
            scale: setting.power(regime.initialLogitExponent, width: width)))
      compare(networks, limit, scale: setting.power(regime.beta, width: width))
    }
  }

  private mutating func compare(_ networks: Trajectory, _ limit: Trajectory, scale: Double) {
    let members = 0..<networks.members
    var gaps: [[Double]] = []
    var norms: [[Double]] = []
    for step in networks.steps.dropFirst() {
      let limits = members.map { limit.test(member: limit.members == 1 ? 0 : $0, step: step) }
      gaps.append(
        members.map { member in
          meanSquare(
            zip(networks.test(member: member, step: step), limits[member]).map { $0 / scale - $1 })
        })
      norms.append(limits.map(meanSquare))
    }
    squaredGaps.append(gaps)
    squaredLogits.append(norms)
  }
}

private func meanSquare(_ values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
}

/// Of trajectories that record every step.
extension Trajectory {
  fileprivate func initialFunctions(scale: Double) -> (training: [[Double]], test: [[Double]]) {
    let members = 0..<members
    return (
      members.map { training(member: $0, step: 0).map { $0 / scale } },
      members.map { test(member: $0, step: 0).map { $0 / scale } }
    )
  }

  private func training(member: Int, step: Int) -> [Double] {
    let first = (member * steps.count + step) * trainingPoints
    return Array(trainingLogits[first..<(first + trainingPoints)])
  }

  fileprivate func test(member: Int, step: Int) -> [Double] {
    let first = (member * steps.count + step) * testPoints
    return Array(testLogits[first..<(first + testPoints)])
  }
}
