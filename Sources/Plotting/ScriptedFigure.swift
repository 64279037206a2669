/// What gnuplot can draw: a name for its files, what a page says of it and a script for each format.
public protocol ScriptedFigure: Sendable {
  /// The name of its files, without the extension.
  var name: String { get }
  /// The line above it.
  var title: String { get }
  /// One or two sentences on what is to be seen.
  var caption: String { get }
  /// What gnuplot is told to make it in this format.
  func script(for terminal: PlotScript.Terminal) -> PlotScript
}

extension CurveFigure: ScriptedFigure {
  public func script(for terminal: PlotScript.Terminal) -> PlotScript {
    PlotScript(self, terminal: terminal)
  }
}
