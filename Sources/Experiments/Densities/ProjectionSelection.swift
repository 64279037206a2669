import Diagnostics
import Measures

/// Projections that are made together, in one pass over the particles: those of the neurons of one hidden layer at the
/// same snapshots.
struct ProjectionSelection {
  let layer: Int
  /// Training steps of the snapshots.
  let steps: [Int]
  /// Of the projections, by their places among those of the job.
  private(set) var places: [Int] = []
  /// Every axis once, whatever the projections that have it.
  private(set) var axes: [AxisExpression] = []

  mutating func add(_ projection: ProjectionExpression, at place: Int) {
    places.append(place)
    for axis in projection.axes where !axes.contains(axis) { axes.append(axis) }
  }

  /// Where the axes of a projection are among all.
  func places(of projection: ProjectionExpression) -> [Int] {
    projection.axes.map { axes.firstIndex(of: $0)! }
  }
}

extension DensityJob {
  /// The projections by the passes that they are made in.
  var selections: [ProjectionSelection] {
    var selections: [ProjectionSelection] = []
    for (place, projection) in projections.enumerated() {
      let layer = projection.axes[0].layer(of: hiddenLayers)
      let steps = steps(of: projection)
      var selection = ProjectionSelection(layer: layer, steps: steps)
      let known = selections.firstIndex { $0.layer == layer && $0.steps == steps }
      if let known { selection = selections.remove(at: known) }
      selection.add(projection, at: place)
      selections.insert(selection, at: known ?? selections.count)
    }
    return selections
  }

  /// Training steps at which a projection has a density.
  ///
  /// Initial preactivations above the first layer are of order d^{-1/2} a layer: a point mass at zero in the limit.
  func steps(of projection: ProjectionExpression) -> [Int] {
    startsAtAPoint(projection) ? steps.filter { $0 > 0 } : steps
  }

  func startsAtAPoint(_ projection: ProjectionExpression) -> Bool {
    sources[0].width == nil
      && projection.axes.contains {
        if case .preactivation(let layer, _) = $0 { layer > 1 } else { false }
      }
  }

  /// Refuses projections without any snapshot.
  func checkSteps() throws {
    for projection in projections where steps(of: projection).isEmpty {
      throw Diagnostic(
        .commandLine,
        "received step 0 alone, at which the law is a point mass at zero: initial preactivations of"
          + " networks of width d are of order d^(-1/2) above the first layer; accepted: later"
          + " snapshots", key: projection.text)
    }
  }

  /// What is said of projections whose first snapshot is left out.
  var pointMassRemark: String? {
    guard steps.first == 0 else { return nil }
    let names = projections.filter(startsAtAPoint).map(\.text)
    guard !names.isEmpty else { return nil }
    return
      "no density of \(names.joined(separator: "; ")) at step 0, at which the law is a point mass at zero:"
      + " initial preactivations of networks of width d are of order d^(-1/2) above the first layer"
  }
}
