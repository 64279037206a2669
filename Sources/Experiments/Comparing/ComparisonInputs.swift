import DataIO
import Diagnostics
import Networks
import ParticleSystems

/// Reads runs that are compared in the place of new ones, and refuses those of anything else.
struct ComparisonInputs {
  let experiment: Experiment
  let settings: TrainingSettings

  /// - Throws: `Diagnostic(.badInput)` that names the first difference from the experiment, and as
  ///   ``NetCDFReader``.
  func limit(_ path: String) throws -> RunRecord {
    guard try recordKind(of: path) == .run else {
      throw refusal(
        path,
        "received another kind of file; accepted with --limit: a limit, written by infwidth limit")
    }
    let run = try RunRecord.read(path)
    try check(
      path, isLimit: true, run.trajectory, run.trainingLabels, run.testLabels,
      probes: settings.probes)
    return run
  }

  func networks(_ path: String) throws -> NetsRecord {
    guard try recordKind(of: path) == .nets else {
      throw refusal(
        path,
        "received another kind of file; accepted with --nets: finite nets, written by infwidth train"
      )
    }
    let nets = try NetsRecord.read(path)
    guard let first = nets.trajectories.first else {
      throw refusal(path, "the file holds no networks")
    }
    try check(
      path, isLimit: false, first, nets.trainingLabels, nets.testLabels, probes: experiment.probes)
    return nets
  }

  private func check(
    _ path: String, isLimit: Bool, _ trajectory: Trajectory, _ trainingLabels: [Double],
    _ testLabels: [Double], probes: Int
  ) throws {
    var theirs = try experiment.withNamesOfData(
      storedConfiguration(of: path), of: path)
    let mine = experiment.configuration
    // Limits of several layers do not depend on it.
    if isLimit, experiment.deepScaling != nil {
      theirs.network?.hiddenWeightStandardDeviation = mine.network?.hiddenWeightStandardDeviation
    }
    if let difference = try mine.firstDifference(from: theirs) {
      throw Diagnostic(
        .badInput,
        "received \(difference.otherValue) where \(experiment.loaded.path) has"
          + " \(difference.value); runs that are compared are of one experiment",
        file: path, key: difference.key)
    }
    let steps = settings.recorded.list(upTo: settings.steps)
    if trajectory.steps != steps {
      let place = zip(trajectory.steps, steps).enumerated().first { $0.element.0 != $0.element.1 }
      let what =
        place.map {
          "recorded step number \($0.offset) is \($0.element.0), where \(experiment.loaded.path) has"
            + " \($0.element.1)"
        }
        ?? "\(trajectory.steps.count) recorded steps, where \(experiment.loaded.path) has"
        + " \(steps.count)"
      throw Diagnostic(
        .badInput, "received \(what); runs that are compared record the same steps", file: path,
        key: "record.every")
    }
    let counts = [
      ("updates", trajectory.updates, settings.steps),
      ("outputs", trajectory.outputs, settings.outputs),
      ("training points", trajectory.trainingPoints, settings.problem.trainingCount),
      ("test points", trajectory.testPoints, settings.problem.testCount),
      ("probes", trajectory.probes, probes),
    ]
    for (name, theirs, mine) in counts where theirs != mine {
      throw refusal(
        path,
        "received \(theirs) \(name) where \(experiment.loaded.path) has \(mine); runs that are compared"
          + " are of the same data")
    }
    if settings.problem.task != .regression,
      trajectory.trainingAccuracy.isEmpty || trajectory.testAccuracy.isEmpty
    {
      throw refusal(path, "the file has no train_accuracy or no test_accuracy")
    }
    for (name, theirs, mine) in [
      ("training", trainingLabels, settings.problem.trainingLabels),
      ("test", testLabels, settings.problem.testLabels),
    ] {
      if let point = theirs.indices.first(where: { theirs[$0] != mine[$0] }) {
        throw refusal(
          path,
          "received the label \(theirs[point]) of \(name) point \(point), which is \(mine[point]) in the"
            + " data of \(experiment.loaded.path); runs that are compared are of the same data")
      }
    }
    try experiment.checkTrainingData(of: path)
    try experiment.checkTestData(of: path)
  }

  private func refusal(_ path: String, _ message: String) -> Diagnostic {
    Diagnostic(.badInput, message, file: path)
  }
}
