import DataIO
import Diagnostics
import Foundation

/// Draws every figure as NAME.svg and NAME.png in the folder, which is made where it is missing.
///
/// Cost: about 0.1 s a figure.
///
/// - Parameter force: whether figures of the same names are replaced; without it nothing is drawn
///   where one of them exists.
/// - Returns: the paths written, in order.
/// - Throws: as ``Gnuplot``, and `Diagnostic(.outputFailure)` where the folder cannot be made.
@discardableResult
public func drawFigures(
  _ figures: [Figure], to directory: String, force: Bool = false
) throws -> [String] {
  let gnuplot = try Gnuplot()
  do {
    try FileManager.default.createDirectory(
      atPath: directory, withIntermediateDirectories: true)
  } catch {
    throw Diagnostic(
      .outputFailure, "the folder cannot be created: \(error.localizedDescription)",
      file: directory)
  }
  let plan = figures.flatMap { figure in
    PlotScript.Terminal.allCases.map { terminal in
      (figure, terminal, "\(directory)/\(figure.name).\(terminal.rawValue)")
    }
  }
  for (_, _, path) in plan { try checkDestination(path, force: force) }
  for (figure, terminal, path) in plan {
    try gnuplot.draw(PlotScript(figure, terminal: terminal), to: path, force: force)
  }
  return plan.map(\.2)
}
