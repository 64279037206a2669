import Dynamics
import LinearAlgebra
import Networks
import ParticleSystems

/// How many principal components of the training inputs the large set of particles should move along at
/// every step, where the others move once in up to ``slowSteps``.
///
/// With c the operations of one step of a particle and V the variance of what one particle says, two samples of
/// optimal sizes reach a given error at a cost of (sqrt(V_0 c_0) + sqrt(V_1 c_1))^2 (Giles 2008, "Multilevel
/// Monte Carlo path simulation", Operations Research 56, section 3). The large set has V_0 whatever the rank;
/// the small one measures what the slow coordinates' delay does, whose variance V_1 is of the order of the
/// squared share of the inputs' second moment that the fast coordinates leave.
struct AutomaticRank {
  static let slowSteps = 16

  /// A multiple of ``tile``; `nil` where no rank saves enough.
  let rank: Int?

  /// V_1 / V_0 over the squared share that is left. On CIFAR2 (n = 1024, learning rate 0.02, 200 steps) 0.8 to
  /// 1.0 at the last step for 32 to 64 components; the margin is for faster learning.
  private static let noiseOverSquaredRest = 2.0
  /// What a step of a particle costs whatever the rank, passes over the n preactivations and their packing for
  /// the products, in components: measured where 32 and 64 components took the same time.
  private static let overhead = 64.0
  /// Below it two kinds of particles are not worth their noise in the error estimate.
  private static let smallestSaving = 0.2

  /// Products work in tiles of so many columns; a part of one costs as much as all of it.
  private static let tile = 16

  private static func slowMoves(_ steps: Int) -> Double {
    let fast = FastCoordinates(count: 1, slowSteps: slowSteps)
    return Double(fast.moves(inSteps: steps)) / Double(max(steps, 1))
  }

  init(_ basis: InputBasis, _ settings: TrainingSettings) {
    let (n, m) = (Double(basis.training.rows), Double(basis.coordinates))
    let variances = basis.trainingVariances
    let total = variances.reduce(0, +)
    let keepsSigns =
      settings.architecture.activation.negativeSlope != nil && settings.outputs == 1
    let plain = min(2 * n * n, (keepsSigns ? 4 : 6) * n * m)
    var best = (rank: 0, cost: plain)
    var rest = total
    for (index, variance) in variances.prefix(basis.movingCoordinates).enumerated() {
      rest -= variance
      guard (index + 1).isMultiple(of: Self.tile) else { continue }
      let large =
        4 * n * (Double(index + 1) + Self.overhead) + 2 * n * n * Self.slowMoves(settings.steps)
      let share = total > 0 ? max(rest, 0) / total : 0
      let noise = Self.noiseOverSquaredRest * share * share
      let root = large.squareRoot() + (noise * (2 * n * n + large)).squareRoot()
      if root * root < best.cost { best = (index + 1, root * root) }
    }
    rank = best.cost <= (1 - Self.smallestSaving) * plain && best.rank > 0 ? best.rank : nil
  }
}
