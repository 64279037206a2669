import DataIO
import Diagnostics
import Networks
import ParticleSystems

/// Reads the run that drives the particles of ``DrivenLimitJob``, and refuses files of anything else.
enum DrivingRun {
  /// - Throws: `Diagnostic(.badInput)` with one sentence that says what does not fit, and as
  ///   ``NetCDFReader``.
  static func read(
    _ path: String, of experiment: Experiment, settings: TrainingSettings, _ option: String
  ) throws -> RunRecord {
    guard try recordKind(of: path) == .run else {
      throw Diagnostic(
        .badInput,
        "received finite nets; accepted with \(option): a limit, written by infwidth limit",
        file: path)
    }
    let file = try NetCDFReader(path: path)
    let run = try RunRecord.read(path, parts: [.trainingLogits, .lossGradient])
    if try file.text("dynamics") == DynamicsName.flow.rawValue {
      throw Diagnostic(
        .badInput,
        "received a gradient flow, whose loss gradients are not those of training steps; accepted with"
          + " \(option): a run with limit.dynamics discrete", file: path)
    }
    try check(run, experiment, option)
    try check(run, settings, experiment)
    return run
  }

  /// The name of the file, without its folder.
  static func name(of run: RunRecord) -> String {
    run.path.split(separator: "/").last.map(String.init) ?? run.path
  }

  /// Refuses runs of other experiments, by the first setting that differs. Test points may differ.
  private static func check(
    _ run: RunRecord, _ experiment: Experiment, _ option: String
  ) throws {
    var theirs = try experiment.withNamesOfData(
      storedConfiguration(of: run.path), of: run.path)
    let mine = experiment.configuration
    theirs.data.test = mine.data.test
    theirs.data.testPath = mine.data.testPath
    theirs.data.testLabelsPath = mine.data.testLabelsPath
    guard let difference = try mine.firstDifference(from: theirs) else { return }
    throw experiment.loaded.locate(
      Diagnostic(
        .badInput,
        "received \(difference.value) where \(run.path) has \(difference.otherValue); accepted with"
          + " \(option): the experiment of the run; its test points, limit.seed, limit.particles and what is recorded may be others",
        key: difference.key))
  }

  /// Refuses fields that do not fit the training points and updates, or that end early.
  private static func check(
    _ run: RunRecord, _ settings: TrainingSettings, _ experiment: Experiment
  ) throws {
    func refusal(_ message: String) -> Diagnostic {
      Diagnostic(.badInput, message, file: run.path)
    }
    let field = run.trajectory
    guard !field.lossGradient.isEmpty || settings.steps == 0 else {
      throw refusal(
        "there are no loss gradients in the file, which drive particles; accepted: a run with"
          + " record.loss_gradient true")
    }
    let shape = (field.members, field.updates, field.trainingPoints, field.outputs)
    let isRandom = TrainingRule(experiment.regime).offset != .never
    let members = isRandom ? max(field.members, 1) : 1
    let expected = (members, settings.steps, settings.problem.trainingCount, settings.outputs)
    guard shape == expected else {
      throw refusal(
        "loss_gradient has the shape \(shape); expected of (realization, update, train, output) in"
          + " this experiment: \(expected)")
    }
    try experiment.checkTrainingData(of: run.path)
    guard run.trainingLabels == settings.problem.trainingLabels else {
      throw refusal(
        "the labels of its training points are not those of the training data, which have changed since"
          + " the run")
    }
    if let step = field.divergedAtStep.compactMap(\.self).min() {
      throw refusal("the run diverged at step \(step), where its loss gradients end")
    }
    guard field.lossGradient.allSatisfy(\.isFinite) else {
      throw refusal("loss_gradient has numbers that are not finite")
    }
  }
}
