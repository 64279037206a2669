import DataIO
import Diagnostics
import LinearAlgebra
import Measures
import Networks

/// Turns names of axes into what computes them: indices are checked, directions made from the training
/// inputs or read from their files, each once.
struct ProjectionResolver {
  let outputs: Int
  let features: Int
  let hiddenLayers: Int
  /// Test points at which preactivations are kept.
  let probes: Int
  /// The data of the run, loaded when the first direction needs them.
  let experiment: () throws -> Experiment
  private(set) var directions: [(expression: DirectionExpression, unit: [Double])] = []
  private var loaded: Experiment?
  private var components: PrincipalComponents?

  init(
    outputs: Int, features: Int, hiddenLayers: Int, probes: Int,
    experiment: @escaping () throws -> Experiment
  ) {
    self.outputs = outputs
    self.features = features
    self.hiddenLayers = hiddenLayers
    self.probes = probes
    self.experiment = experiment
  }

  /// What shows something of most laws: a, the length of w, and both against the directions that the
  /// data are told apart by and vary along. Without classes the first component stands in for the
  /// difference of their means. Of several hidden layers w has no partner in a; preactivations at test point 0 have.
  func defaults(task: LearningProblem.Task?) -> [ProjectionExpression] {
    let a = AxisExpression.outputWeight(outputs == 1 ? nil : 0)
    let along: DirectionExpression =
      switch task {
      case .binary, nil: .meanDifference
      case .multiclass(let names):
        names.count == 2 ? .meanDifference : .classMeanDifference(from: 0, to: 1)
      case .regression: .principalComponent(1)
      }
    let components = ProjectionExpression([
      .dot(.principalComponent(1)), .dot(.principalComponent(2)),
    ])
    guard hiddenLayers > 1 else {
      return [
        ProjectionExpression([a]), ProjectionExpression([.norm]),
        ProjectionExpression([a, .dot(along)]), components,
      ]
    }
    let weights = [
      ProjectionExpression([a]), ProjectionExpression([.norm]), ProjectionExpression([.dot(along)]),
      components,
    ]
    guard probes > 0 else { return weights }
    return weights
      + (2...hiddenLayers).map {
        ProjectionExpression([.preactivation(layer: $0, probe: 0)])
      } + [ProjectionExpression([a, .preactivation(layer: hiddenLayers, probe: 0)])]
  }

  /// Refuses axes of neurons of different layers, which are not paired.
  ///
  /// - Throws: `Diagnostic(.commandLine)`.
  func checkLayers(_ projection: ProjectionExpression) throws {
    let first = projection.axes[0]
    let layer = first.layer(of: hiddenLayers)
    for axis in projection.axes.dropFirst() where axis.layer(of: hiddenLayers) != layer {
      throw Diagnostic(
        .commandLine,
        "\(first.text) belongs to neurons of hidden layer \(layer), \(axis.text) to those of layer"
          + " \(axis.layer(of: hiddenLayers)), and neurons of different layers are not paired; accepted: axes of"
          + " one layer, such as a,z\(hiddenLayers)[0]", key: projection.text)
    }
  }

  /// - Throws: `Diagnostic` that begins with the axis.
  mutating func axis(_ expression: AxisExpression) throws -> ProjectionAxis {
    do {
      switch expression {
      case .outputWeight(nil) where outputs > 1:
        throw refusal("the law has \(outputs) outputs; accepted: a[0] to a[\(outputs - 1)]")
      case .outputWeight(let number?) where number >= outputs:
        throw refusal("received output \(number); accepted: \(Self.range(outputs))")
      case .inputWeight(let number) where number >= features:
        throw refusal("received coordinate \(number); accepted: \(Self.range(features))")
      case .preactivation where probes == 0:
        throw refusal(
          hiddenLayers == 1
            ? "preactivations are kept of several hidden layers; accepted with one: dot(w, file:PATH) with"
              + " the coordinates of a point in the file"
            : "the file holds no preactivations; accepted: one of a run with record.probes of 1 or more"
        )
      case .preactivation(let layer, _) where layer > hiddenLayers:
        throw refusal("received hidden layer \(layer); accepted: z1[p] to z\(hiddenLayers)[p]")
      case .preactivation(_, let probe) where probe >= probes:
        throw refusal(
          "received test point \(probe); accepted: \(Self.range(probes)), the probes of the run"
            + " (record.probes)")
      case .outputWeight, .inputWeight, .norm, .preactivation: return ProjectionAxis(expression)
      case .dot(let direction), .angle(let direction):
        return ProjectionAxis(expression, direction: try vector(direction))
      }
    } catch let diagnostic as Diagnostic {
      throw diagnostic.located(key: expression.text)
    }
  }

  private static func range(_ count: Int) -> String { count == 1 ? "0" : "0 to \(count - 1)" }

  private func refusal(_ message: String) -> Diagnostic { Diagnostic(.commandLine, message) }

  private mutating func vector(_ direction: DirectionExpression) throws -> [Double] {
    if let known = directions.first(where: { $0.expression == direction }) { return known.unit }
    let vector: [Double] =
      switch direction {
      case .principalComponent(let number): try component(number)
      case .meanDifference: try meanDifference(nil)
      case .classMeanDifference(let from, let to): try meanDifference((from, to))
      case .file(let path): try read(path)
      }
    let unit = Self.unit(along: vector)
    directions.append((direction, unit))
    return unit
  }

  /// Squares of numbers that are scaled to at most 1 neither overflow nor vanish together.
  private static func unit(along vector: [Double]) -> [Double] {
    let scale = vector.reduce(0) { max($0, abs($1)) }
    let scaled = vector.map { $0 / scale }
    let length = scaled.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return scaled.map { $0 / length }
  }

  private func read(_ path: String) throws -> [Double] {
    let numbers = try DirectionFile.read(path)
    guard numbers.count == features else {
      throw Diagnostic(
        .badInput,
        "received \(numbers.count) number\(numbers.count == 1 ? "" : "s"); accepted: \(features), one"
          + " for each coordinate of w", file: path)
    }
    guard numbers.contains(where: { $0 != 0 }) else {
      throw Diagnostic(.badInput, "every number is 0; accepted: a direction", file: path)
    }
    return numbers
  }

  /// Training inputs as w sees them.
  private mutating func problem() throws -> (LearningProblem, inputs: Matrix<Double>) {
    let experiment = try loaded ?? experiment()
    loaded = experiment
    return (
      experiment.problem,
      experiment.architecture.features(of: experiment.problem.trainingInputs)
    )
  }

  private mutating func component(_ number: Int) throws -> [Double] {
    let components = try self.components ?? PrincipalComponents(of: problem().inputs)
    self.components = components
    let rank = components.variances.count
    guard number <= rank else {
      throw refusal(
        rank == 0
          ? "received pca\(number), but all training inputs are equal"
          : "received pca\(number); accepted: pca1 to pca\(rank), the rank of the centred training"
            + " inputs")
    }
    guard components.isDetermined(number - 1) else {
      throw refusal(
        "received pca\(number), whose variance is that of a neighbouring component, so that its"
          + " direction is arbitrary; accepted: a component with a variance of its own")
    }
    return Array(components.vectors.row(number - 1))
  }

  private mutating func meanDifference(_ classes: (Int, Int)?) throws -> [Double] {
    let (problem, inputs) = try problem()
    let labels: (Double, Double)
    switch (problem.task, classes) {
    case (.regression, _):
      throw refusal("the data have no classes; accepted: pca1, pca2, ... or file:PATH")
    case (.multiclass(let names), nil) where names.count != 2:
      throw refusal(
        "the data have \(names.count) classes; accepted: mean_difference[i,j] with two of 0 to"
          + " \(names.count - 1)")
    case (.multiclass(let names), let (i, j)?), (.binary(let names), let (i, j)?):
      guard max(i, j) < names.count else {
        throw refusal("received class \(max(i, j)); accepted: \(Self.range(names.count))")
      }
      // Labels of two classes with one output are -1 and +1.
      if case .binary = problem.task {
        labels = (i == 0 ? -1 : 1, j == 0 ? -1 : 1)
      } else {
        labels = (Double(i), Double(j))
      }
    case (.binary, nil): labels = (-1, 1)
    case (.multiclass, nil): labels = (0, 1)
    }
    let means = try [labels.0, labels.1].map { label in
      try mean(of: inputs, problem.trainingLabels, label)
    }
    let difference = zip(means[0], means[1]).map { $1 - $0 }
    guard difference.contains(where: { $0 != 0 }) else {
      throw refusal("the class means are equal; accepted: another direction")
    }
    return difference
  }

  private func mean(
    of inputs: Matrix<Double>, _ labels: [Double], _ label: Double
  ) throws -> [Double] {
    var sum = [Double](repeating: 0, count: inputs.columns)
    var count = 0
    for (index, other) in labels.enumerated() where other == label {
      for (j, x) in inputs.row(index).enumerated() { sum[j] += x }
      count += 1
    }
    guard count > 0 else {
      throw refusal("a class has no training points; accepted: other classes")
    }
    return sum.map { $0 / Double(count) }
  }
}
