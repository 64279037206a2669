import Diagnostics
import Networks

/// The sections `prediction` and `training`, as far as closed forms of predictions go with them.
struct PredictionSettings {
  let section: PredictionSection
  let training: TrainingSection?

  init(_ section: PredictionSection, _ training: TrainingSection?) {
    self.section = section
    self.training = training
  }

  private func refusal(_ key: String, _ message: String) -> Diagnostic {
    Diagnostic(.badInput, message, key: key)
  }

  /// - Throws: `Diagnostic` with the key at fault.
  func check(_ problem: LearningProblem) throws {
    guard let training else { return }
    guard training.loss == .squared else {
      throw refusal(
        "training.loss",
        "received \(training.loss.rawValue); accepted by predictions, which are closed forms: squared"
          + " (a limit with limit.kernel_file trains with any loss)")
    }
    let isDescent = section.dynamics == .discrete
    let optimizers: [OptimizerName] =
      isDescent ? [.gradientDescent, .momentum] : [.gradientDescent]
    guard optimizers.contains(training.optimizer) else {
      throw refusal(
        "training.optimizer",
        "received \(training.optimizer.rawValue); accepted with prediction.dynamics"
          + " \(section.dynamics.rawValue): \(optimizers.map(\.rawValue).joined(separator: ", "))")
    }
    if case .points(let size) = training.batch, size < problem.trainingCount {
      throw refusal("training.batch", "received \(size); accepted by predictions: full")
    }
  }

  /// In training steps, increasing.
  ///
  /// - Throws: `Diagnostic` where there is nothing to measure them by, or where a step is not whole.
  func times() throws -> [Double] {
    guard let given = section.times else { return defaultTimes }
    if training == nil, let finite = given.first(where: { $0.steps > 0 && $0.steps < .infinity }) {
      throw refusal(
        "prediction.times",
        "received \(finite.text), but there is no section training whose learning_rate it counts steps"
          + " of; accepted without it: 0, infinity")
    }
    let most = Double(ValueReader.largestCount)
    if section.dynamics == .discrete,
      let part = given.first(where: {
        $0.steps < .infinity && ($0.steps != $0.steps.rounded() || $0.steps > most)
      })
    {
      throw refusal(
        "prediction.times",
        "received \(part.text); accepted with prediction.dynamics discrete: whole numbers up to"
          + " \(ValueReader.largestCount), or infinity")
    }
    return given.map(\.steps)
  }

  /// 1, 2, 5, 10, ... up to the steps of training, these, and infinity.
  private var defaultTimes: [Double] {
    guard let last = training?.steps else { return [.infinity] }
    var times: [Double] = []
    var decade = 1
    while decade < last {
      times += [1, 2, 5].map { $0 * decade }.filter { $0 < last }.map(Double.init)
      decade *= 10
    }
    return times + [Double(last), .infinity]
  }
}
