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
    for source in sources {
      for projection in projections where compared(projection, width: source.width) == nil {
        let nets = source.width.map { " of nets of width \($0)" } ?? ""
        throw refusal(
          "no densities of \(projection.text)\(nets); the file has those of"
            + " \(wordList(other.projections.map(\.title)))")
      }
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
      guard let entry = compared(projection, width: sources[0].width),
        !Set(entry.steps).isDisjoint(with: steps(of: projection))
      else {
        throw refusal(
          "no step in common with \(path): \(wordList(steps(of: projection).map(String.init))) there"
        )
      }
    }
  }

  /// What the other file has of a projection: of nets of this width, else of the limit.
  func compared(_ projection: ProjectionExpression, width: Int?) -> ProjectionDensity? {
    let all =
      other?.projections.filter {
        (try? ProjectionExpression(parsing: $0.expression)) == projection
      } ?? []
    return all.first { $0.width == width } ?? all.first { $0.width == nil }
  }
}
