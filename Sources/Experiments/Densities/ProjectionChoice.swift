import DataIO
import Diagnostics
import Measures
import Networks

/// The projections of a job: those asked for, those of the file compared with, or the default ones.
struct ProjectionChoice {
  private(set) var projections: [ProjectionExpression] = []
  private(set) var axes: [AxisExpression: ProjectionAxis] = [:]
  private(set) var directions: [DensityRecord.Direction] = []
  /// What was left out of the default ones, and why.
  private(set) var notes: [String] = []

  /// - Throws: `Diagnostic` where an axis asked for is not there.
  init(
    _ wanted: [ProjectionExpression], outputs: Int, features: Int, hiddenLayers: Int = 1,
    probes: Int = 0, experiment: @escaping () throws -> Experiment
  ) throws {
    var resolver = ProjectionResolver(
      outputs: outputs, features: features, hiddenLayers: hiddenLayers, probes: probes,
      experiment: experiment)
    if wanted.isEmpty {
      try chooseDefaults(&resolver, experiment: experiment)
    } else {
      for projection in wanted { try add(projection, &resolver) }
    }
    var names = UniqueNames()
    directions = resolver.directions.map { expression, unit in
      DensityRecord.Direction(
        identifier: names.unique(
          String(AxisExpression.dot(expression).identifier.dropFirst("dot_w_".count))),
        longName: expression.longName, values: unit)
    }
  }

  private mutating func add(
    _ projection: ProjectionExpression, _ resolver: inout ProjectionResolver
  ) throws {
    guard !projections.contains(projection) else { return }
    try resolver.checkLayers(projection)
    for axis in projection.axes where axes[axis] == nil { axes[axis] = try resolver.axis(axis) }
    projections.append(projection)
  }

  /// The default projections that the run's data allow.
  private mutating func chooseDefaults(
    _ resolver: inout ProjectionResolver, experiment: () throws -> Experiment
  ) throws {
    var task: LearningProblem.Task?
    do {
      task = try experiment().problem.task
    } catch let diagnostic as Diagnostic where diagnostic.kind == .inputMissing {
      notes.append(
        "no projections on directions of the training inputs, which cannot be read: \(diagnostic)")
    }
    for projection in resolver.defaults(task: task) {
      if task == nil, projection.axes.contains(where: { $0.direction != nil }) { continue }
      do {
        try add(projection, &resolver)
      } catch let diagnostic as Diagnostic where diagnostic.kind == .commandLine {
        notes.append("\(projection.text) is left out: \(diagnostic.message)")
      }
    }
  }
}
