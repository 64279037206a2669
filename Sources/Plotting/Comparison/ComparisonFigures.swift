public import DataIO
import Foundation

/// The figures of a comparison, for each scaling: gaps against the width, losses and gaps over
/// training, laws of logits and of weights. Of several scalings first which limit is nearest to the
/// reference network.
///
/// Figures whose data the file lacks (one seed, no snapshots) are left out.
public func figures(_ record: ComparisonRecord) -> [any ScriptedFigure] {
  [referenceFigure(record)].compactMap(\.self)
    + record.scalings.flatMap { scaling in
      let view = ScalingView(record, scaling)
      return [view.gapFigures, [view.trainingFigure, view.logitFigure, view.weightFigure]]
        .joined().compactMap(\.self)
    }
}

/// Checks, before a long run, that the figures of a comparison could be written.
///
/// - Parameter scalings: as in ``ScalingComparison/name``; with fewer than two, files have no names of
///   scalings.
/// - Throws: `Diagnostic(.outputFailure)` where the folder cannot be written, or where one of the figures
///   exists already and is not to be replaced.
package func checkComparisonFigures(scalings: [String], folder: String, force: Bool) throws {
  try checkFolderDestination(folder)
  guard FileManager.default.fileExists(atPath: folder) else { return }
  let isSeveral = scalings.count > 1
  let names =
    (isSeveral ? ["\(figurePrefix)reference"] : [])
    + (isSeveral ? scalings.map { "_\(ScalingComparison.identifier(of: $0))" } : [""]).flatMap {
      scaling in ScalingView.stems.map { figurePrefix + $0 + scaling }
    }
  let path = folder.hasSuffix("/") ? folder : folder + "/"
  for name in names {
    for terminal in PlotScript.Terminal.allCases {
      try checkDestination("\(path)\(name).\(terminal.rawValue)", force: force)
    }
  }
}

let figurePrefix = "comparison_"

/// One scaling of a comparison as its figures need it.
struct ScalingView {
  let record: ComparisonRecord
  let scaling: ScalingComparison

  init(_ record: ComparisonRecord, _ scaling: ScalingComparison) {
    self.record = record
    self.scaling = scaling
  }

  /// What figures show of one scaling.
  static let stems = [
    "functions", "paired", "weights", "terms", "increments", "training", "logits", "densities",
  ]

  /// Files of several scalings have the scaling's name at their end.
  func name(_ stem: String) -> String {
    precondition(Self.stems.contains(stem))
    return figurePrefix + stem + (record.scalings.count > 1 ? "_\(scaling.identifier)" : "")
  }

  /// The experiment and the limit, then `what`.
  func title(_ what: String) -> String {
    ([record.title, "networks and the limit \(scaling.title)"].filter { !$0.isEmpty } + [what])
      .joined(separator: ", ")
  }

  /// The training step of fits and of the laws of logits.
  var rateStep: Int {
    scaling.rates.first { $0.metric.hasSuffix("logit_rms_gap") }?.step
      ?? scaling.rates.first?.step ?? scaling.steps.last ?? 0
  }

  /// Entries of an array, where the file has it and any of it is a number.
  func values(_ name: String) -> [Double]? {
    guard let values = scaling.array(name)?.values, values.contains(where: \.isFinite) else {
      return nil
    }
    return values
  }

  /// Columns of so many panels.
  func columns(of panels: Int) -> Int { panels == 4 ? 2 : min(3, panels) }

  /// That so many widths are not drawn.
  func leftOutNote(shown: Int) -> [String] {
    let left = scaling.widths.count - shown
    return left > 0 ? ["\(left) more width\(left == 1 ? "" : "s") not drawn"] : []
  }

  var colors: [UInt32] { Palette.widths(scaling.widths.count) }

  var seedsNote: String {
    "\(scaling.seeds.count) seed\(scaling.seeds.count == 1 ? "" : "s") of each width"
  }
}
