import DataIO
import Diagnostics

/// The figures that suit what one file holds: a limit, finite nets, densities, a comparison,
/// predictions or a study.
///
/// Each has a name, a caption and a script; ``drawFigures(_:to:force:with:)`` makes files of them,
/// ``Gnuplot/svg(_:)`` text for a page.
///
/// - Throws: `Diagnostic` as the readers of the files.
public func figures(ofFile path: String) throws -> [any ScriptedFigure] {
  switch try recordKind(of: path) {
  case .run:
    try figures(
      run: RunRecord.read(path, parts: .testLogits), nets: nil, labels: FigureLabels(ofFile: path))
  case .nets:
    try figures(
      run: nil, nets: NetsRecord.read(path, parts: .testLogits), labels: FigureLabels(ofFile: path))
  case .density: try figures(DensityRecord.read(path))
  case .comparison: try figures(ComparisonRecord.read(path))
  case .prediction:
    try figures(
      PredictionRecord.read(path), labels: FigureLabels(ofFile: path, namesLimit: false))
  case .study:
    try studyFigures(path)
  case .kernel: throw kernelsWithoutFigures(path)
  }
}

private func studyFigures(_ path: String) throws -> [any ScriptedFigure] {
  let found = try figures(
    StudyFile.read(path), labels: FigureLabels(ofFile: path, namesLimit: false))
  guard !found.isEmpty else {
    throw Diagnostic(
      .badInput, "nothing to draw: a study has figures over several depths, ratios or widths",
      file: path)
  }
  return found
}

/// The refusal of a file of kernels where figures are asked for.
package func kernelsWithoutFigures(_ path: String) -> Diagnostic {
  Diagnostic(
    .badInput,
    "received kernels, which have no figures; accepted: limits, finite nets, densities, comparisons,"
      + " predictions and studies",
    file: path)
}

extension FigureLabels {
  /// Titles from what a file says of its experiment.
  ///
  /// - Parameter namesLimit: whether the title names the limit.
  /// - Throws: as ``NetCDFReader``.
  package init(ofFile path: String, namesLimit: Bool = true) throws {
    let file = try NetCDFReader(path: path)
    let limit = try file.text("limit")?.replacing("_", with: " ")
    let parts = [try file.text("experiment"), namesLimit ? limit : nil].compactMap(\.self)
    self.init(title: parts.joined(separator: ", "), lossName: try file.text("loss"))
  }
}
