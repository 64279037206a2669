import DataIO
import ParticleSystems

/// How far the logits of finite nets are from those of the limit.
struct LogitGap: Equatable {
  /// Steps recorded in both files.
  var steps: [Int]
  /// The width and its gap at each of the steps: the square root of the mean, over seeds, test
  /// points and outputs, of the squared difference.
  var gaps: [(index: Int, width: Int, values: [Double])]

  /// - Parameter run: a limit with one realization.
  init(run: RunRecord, nets: NetsRecord, leavingOut diverged: [Int]) {
    let limit = run.trajectory
    let places = Dictionary(uniqueKeysWithValues: limit.steps.enumerated().map { ($1, $0) })
    let size = limit.testPoints * limit.outputs
    steps = []
    gaps = []
    guard let netSteps = nets.trajectories.first?.steps else { return }
    let common = netSteps.enumerated().compactMap { place, step in
      places[step].map { (step: step, net: place, limit: $0) }
    }
    steps = common.map(\.step)
    for (index, trajectory) in nets.trajectories.enumerated() where !diverged.contains(index) {
      let values = common.map { _, net, limitPlace in
        var sum = 0.0
        for member in 0..<trajectory.members {
          let first = (member * netSteps.count + net) * size
          for point in 0..<size {
            let difference =
              trajectory.testLogits[first + point] - limit.testLogits[limitPlace * size + point]
            sum += difference * difference
          }
        }
        return (sum / Double(trajectory.members * size)).squareRoot()
      }
      gaps.append((index, nets.widths[index], values))
    }
  }

  static func == (a: LogitGap, b: LogitGap) -> Bool {
    a.steps == b.steps && a.gaps.elementsEqual(b.gaps) { $0 == $1 }
  }
}
