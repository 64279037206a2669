import DataIO
import Diagnostics
import Execution

/// Draws every figure as NAME.svg and NAME.png in the folder, which is made where it is missing.
///
/// Cost: about 0.1 s a figure, as many at a time as there are processors.
///
/// - Parameter force: whether figures of the same names are replaced; without it nothing is drawn
///   where one of them exists.
/// - Returns: the paths written, in order.
/// - Throws: as ``Gnuplot``, and `Diagnostic(.outputFailure)` where the folder cannot be made; one
///   that was made does not stay behind empty.
@discardableResult
public func drawFigures(
  _ figures: [any ScriptedFigure], to directory: String, force: Bool = false,
  with gnuplot: Gnuplot? = nil
) throws -> [String] {
  let gnuplot = try gnuplot ?? Gnuplot()
  let folder = try DestinationFolder(making: directory)
  let plan = figures.flatMap { figure in
    PlotScript.Terminal.allCases.map { terminal in
      (figure, terminal, folder.file("\(figure.name).\(terminal.rawValue)"))
    }
  }
  do {
    for (_, _, path) in plan { try checkDestination(path, force: force) }
    let outcomes = Workers().results(plan.count) { place in
      let (figure, terminal, path) = plan[place]
      return Result { try gnuplot.draw(figure.script(for: terminal), to: path, force: force) }
    }
    for outcome in outcomes { try outcome.get() }
  } catch {
    folder.removeIfEmpty()
    throw error
  }
  return plan.map(\.2)
}
