public import DataIO
import Diagnostics
import Foundation

/// The figures of densities, by the number of axes of a projection.
///
/// One axis: curves over training. Two: heat maps of some snapshots, the law at the first snapshot in the
/// background of both. Three: the same of each pair of them, the third integrated out. Where there are nets:
/// those of all widths over the limit; without a limit also the widest over training.
///
/// - Throws: `Diagnostic` where the axes of three are no regular grid.
public func figures(_ record: DensityRecord) throws -> [any ScriptedFigure] {
  var figures: [any ScriptedFigure] = []
  for projection in record.projections where projection.width == nil {
    figures += try trainingFigures(projection, title: record.title)
  }
  let nets = record.projections.filter { $0.width != nil }
  var seen: Set<String> = []
  for first in nets where seen.insert(first.identifier).inserted {
    let all = nets.filter { $0.identifier == first.identifier }
    let limit = record.projections.first { $0.width == nil && $0.identifier == first.identifier }
    if limit == nil { figures += try trainingFigures(all.last!, title: record.title) }
    figures += try netsFigures(all, limit: limit, title: record.title)
  }
  return figures
}

private func trainingFigures(
  _ projection: ProjectionDensity, title: String
) throws -> [any ScriptedFigure] {
  switch projection.axes.count {
  case 1: [densityCurves(projection, title: title)]
  case 2: [densityMaps(projection, title: title)]
  default: try axisPairs.map { densityMaps(try projection.marginal(of: $0), title: title) }
  }
}

/// The pairs of three axes.
let axisPairs = [[0, 1], [0, 2], [1, 2]]

/// Curves of one axis: density, and density on a logarithmic axis, where tails show.
func densityCurves(_ projection: ProjectionDensity, title: String) -> CurveFigure {
  let axis = projection.axes[0]
  let all = projection.steps.indices.map { projection.density(snapshot: $0) }
  let peak = all.joined().max() ?? 0
  let window = visibleWindow(all, floor: densityFloor * peak)
  let x = Array(axis.points[window])
  let shown = thinnedIndices(projection.steps.count, most: mostCurves)
  let labelled = Set(thinnedIndices(shown.count, most: mostLabels).map { shown[$0] })
  let colors = Palette.widths(max(1, projection.steps.count - 1))
  let initial = Array(all[0][window])
  func curves(floor: Double) -> [PlotCurve] {
    var curves = [
      PlotCurve(
        label: "step \(projection.steps[0]) (filled)", x: x, y: initial,
        lower: initial.map { _ in floor }, upper: initial.map { max($0, floor) },
        style: .line(width: 1.6), color: Palette.auxiliary)
    ]
    for snapshot in shown.dropFirst() {
      curves.append(
        PlotCurve(
          label: labelled.contains(snapshot) ? "step \(projection.steps[snapshot])" : nil, x: x,
          y: Array(all[snapshot][window]), style: .line(width: 1.8), color: colors[snapshot - 1]))
    }
    return curves
  }
  let floor = densityFloor * peak
  let unit = axis.units == "1" ? "" : " (1/\(axis.units))"
  let label = projection.axisLabel(0)
  return CurveFigure(
    name: projection.figureName, title: projection.figureTitle(title),
    caption: "The law of \(projection.expression) over training, on a linear and on a logarithmic"
      + " axis.",
    panels: [
      CurvePanel(
        title: "(a) density", horizontal: PlotAxis(label),
        // Rounding errors below zero would move the foot of the axis.
        vertical: PlotAxis("density\(unit)", range: 0...max(1.05 * peak, 1e-299)),
        curves: curves(floor: 0)),
      CurvePanel(
        title: "(b) tails", horizontal: PlotAxis(label),
        vertical: PlotAxis(
          "density\(unit)", isLogarithmic: true, range: max(floor, 1e-300)...max(2 * peak, 1e-299)),
        curves: curves(floor: floor)),
    ], notes: densityNotes(projection))
}

/// Densities below this part of the peak are not drawn.
let densityFloor = 1e-5
private let mostCurves = 40
private let mostLabels = 9

/// The grid points between the first and the last where any density is above the floor.
func visibleWindow(_ densities: [[Double]], floor: Double) -> ClosedRange<Int> {
  let visible = densities[0].indices.filter { i in densities.contains { $0[i] > floor } }
  guard let first = visible.first, let last = visible.last, first < last else {
    return 0...(densities[0].count - 1)
  }
  return first...last
}

func densityNotes(_ projection: ProjectionDensity) -> [String] {
  let size = projection.effectiveSampleSize.min().map { String(format: "%.0f", $0) } ?? ""
  let outside = projection.outsideCount.max() ?? 0
  return [
    projection.isHistogram ? "histogram" : "bandwidth: \(projection.bandwidthRule)",
    "\(size) particles",
  ] + (outside > 0 ? ["up to \(outside) particles beyond the grid"] : [])
}

extension ProjectionDensity {
  /// The name of the files of its figure over training.
  var figureName: String { Self.name(identifier, width: width) }

  func figureTitle(_ title: String) -> String {
    title + (width.map { ", nets of width \($0)" } ?? "")
  }

  /// "a (unit)", or "a" where it has none.
  func axisLabel(_ number: Int) -> String {
    axes[number].units == "1"
      ? axes[number].label : "\(axes[number].label) (\(axes[number].units))"
  }
}
