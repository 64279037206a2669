import DataIO
import Density
import Diagnostics
import Foundation
import Measures

extension DensityJob {
  /// Refuses, before anything is computed, another file that cannot be compared with: projections that
  /// it does not have, directions of the same name that point elsewhere, steps of which none is here.
  func checkComparison() throws {
    guard let other else { return }
    func refusal(_ message: String) -> Diagnostic {
      Diagnostic(.badInput, message, file: other.path)
    }
    if request.gridPoints != nil || !request.bounds.isEmpty {
      throw Diagnostic(
        .commandLine, "takes the grids of \(other.path); give it without --grid and --bounds",
        key: "--compare")
    }
    if let theirs = other.projections.first, theirs.isHistogram != (request.estimator == .histogram)
    {
      throw refusal(
        theirs.isHistogram
          ? "these are histograms; compare them with histograms (--histogram)"
          : "these are no histograms; compare them without --histogram")
    }
    for projection in projections where compared(projection) == nil {
      throw refusal(
        "no densities of \(projection.text); the file has those of"
          + " \(wordList(other.projections.map(\.expression)))")
    }
    for direction in choice.directions {
      guard let theirs = other.directions.first(where: { $0.identifier == direction.identifier })
      else { throw refusal("the direction \(direction.identifier) is missing in the file") }
      guard theirs.values.count == direction.values.count,
        zip(theirs.values, direction.values).allSatisfy({ abs($0 - $1) < 1e-9 })
      else {
        throw refusal(
          "the direction \(direction.identifier) is not the same as for \(path); densities along"
            + " different directions are not compared")
      }
    }
    for projection in projections {
      guard let entry = compared(projection), !Set(entry.steps).isDisjoint(with: steps) else {
        throw refusal(
          "no step in common with \(path): \(wordList(steps.map(String.init))) there")
      }
    }
  }

  func compared(_ projection: ProjectionExpression) -> ProjectionDensity? {
    other?.projections.first {
      (try? ProjectionExpression(parsing: $0.expression)) == projection
    }
  }
}

extension ProjectionDensity {
  /// The grid of the densities.
  ///
  /// - Throws: `Diagnostic` where the axes are no regular grid.
  public func grid() throws -> DensityGrid {
    DensityGrid(
      try axes.map {
        try DensityGrid.Axis(
          lower: $0.points.first!, upper: $0.points.last!, count: $0.points.count)
      })
  }

  /// The density of one snapshot, to evaluate anywhere, to integrate and to compare.
  ///
  /// - Throws: as ``grid()``.
  public func estimate(snapshot: Int) throws -> DensityEstimate<Double> {
    DensityEstimate(
      grid: try grid(), values: density(snapshot: snapshot), isHistogram: isHistogram)
  }
}
