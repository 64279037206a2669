import DataIO
import ParticleSystems

extension Trajectory {
  /// Losses, accuracies and the simulation error over training, one row a recorded step: means over
  /// the members that have not diverged, with the standard deviation of the test loss over them.
  package func stepTable(name: String) -> ResultTable {
    var table = ResultTable(
      name: name,
      columns: [
        "step", "train_loss", "test_loss", "test_loss_std", "train_accuracy", "test_accuracy",
        "test_logits_error",
      ])
    for (index, step) in steps.enumerated() {
      let rows = (0..<members).map { $0 * steps.count + index }.filter { !testLoss[$0].isNaN }
      func mean(_ values: [Double]) -> Double {
        values.isEmpty || rows.isEmpty
          ? .nan : rows.reduce(0) { $0 + values[$1] } / Double(rows.count)
      }
      let center = mean(testLoss)
      let squares = rows.reduce(0) { $0 + (testLoss[$1] - center) * (testLoss[$1] - center) }
      table.append([
        Double(step), mean(trainingLoss), center,
        rows.count > 1 ? (squares / Double(rows.count - 1)).squareRoot() : .nan,
        mean(trainingAccuracy), mean(testAccuracy),
        testLogitsError.isEmpty ? .nan : testLogitsError[index],
      ])
    }
    return table
  }
}

/// Finite networks at their last recorded step, one row a width: means over the seeds that did not
/// diverge, the standard deviation of the test loss over them, and how many diverged.
package struct NetworksSummary: Sendable {
  package private(set) var table = ResultTable(
    name: "networks",
    columns: [
      "width", "train_loss", "test_loss", "test_loss_std", "train_accuracy", "test_accuracy",
      "diverged",
    ])

  package init() {}

  /// Of a file, all widths.
  package init(of record: NetsRecord) {
    for (width, trajectory) in zip(record.widths, record.trajectories) {
      add(width: width, trajectory)
    }
  }

  /// Adds networks of one width: means over the seeds that did not diverge, after the last step.
  package mutating func add(width: Int, _ trajectory: Trajectory) {
    let last = trajectory.steps.count - 1
    let alive = (0..<trajectory.members).filter { trajectory.divergedAtStep[$0] == nil }
    func values(_ all: [Double]) -> [Double] {
      all.isEmpty ? [] : alive.map { all[$0 * trajectory.steps.count + last] }
    }
    func mean(_ all: [Double]) -> Double {
      let values = values(all)
      return values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    }
    let center = mean(trajectory.testLoss)
    let squares = values(trajectory.testLoss).reduce(0) { $0 + ($1 - center) * ($1 - center) }
    table.append([
      Double(width), mean(trajectory.trainingLoss), center,
      alive.count > 1 ? (squares / Double(alive.count - 1)).squareRoot() : .nan,
      mean(trajectory.trainingAccuracy), mean(trajectory.testAccuracy),
      Double(trajectory.members - alive.count),
    ])
  }
}
