import Measures
import Networks

/// The axes of the one-dimensional laws that are compared: those of the default projections of densities.
struct ProjectionAxes {
  let names: [String]
  let axes: [ProjectionAxis]

  init(_ experiment: Experiment) throws {
    let choice = try ProjectionChoice(
      [], outputs: experiment.problem.outputs, features: experiment.featureCount,
      experiment: { experiment })
    var names: [String] = []
    var axes: [ProjectionAxis] = []
    for expression in choice.projections.flatMap(\.axes) where !names.contains(expression.text) {
      names.append(expression.text)
      axes.append(choice.axes[expression]!)
    }
    self.names = names
    self.axes = axes
  }

  func projector(_ experiment: Experiment) -> ParticleProjector {
    ParticleProjector(
      axes, outputs: experiment.problem.outputs, features: experiment.featureCount)
  }
}
