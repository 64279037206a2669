public import DataIO
import Diagnostics
import Foundation

/// One figure for each projection with one or two axes: curves over training for one, heat maps of
/// some snapshots for two, the law at the first snapshot in the background of both. Three axes are
/// not drawn.
public func figures(_ record: DensityRecord) -> [any ScriptedFigure] {
  record.projections.compactMap { projection -> (any ScriptedFigure)? in
    switch projection.axes.count {
    case 1: densityCurves(projection, title: record.title)
    case 2: densityMaps(projection, title: record.title)
    default: nil
    }
  }
}

/// Curves of one axis: density, and density on a logarithmic axis, where tails show.
func densityCurves(_ projection: ProjectionDensity, title: String) -> Figure {
  let axis = projection.axes[0]
  let all = projection.steps.indices.map { projection.density(snapshot: $0) }
  let peak = all.joined().max() ?? 0
  let window = visibleWindow(all, floor: densityFloor * peak)
  let x = Array(axis.points[window])
  let shown = thinnedIndices(projection.steps.count, most: mostCurves)
  let labelled = Set(thinnedIndices(shown.count, most: mostLabels).map { shown[$0] })
  let colors = Palette.widths(max(1, projection.steps.count - 1))
  let initial = Array(all[0][window])
  func curves(floor: Double) -> [Curve] {
    var curves = [
      Curve(
        label: "step \(projection.steps[0]) (filled)", x: x, y: initial,
        lower: initial.map { _ in floor }, upper: initial.map { max($0, floor) },
        style: .line(width: 1.6), color: Palette.auxiliary)
    ]
    for snapshot in shown.dropFirst() {
      curves.append(
        Curve(
          label: labelled.contains(snapshot) ? "step \(projection.steps[snapshot])" : nil, x: x,
          y: Array(all[snapshot][window]), style: .line(width: 1.8), color: colors[snapshot - 1]))
    }
    return curves
  }
  let floor = densityFloor * peak
  let unit = axis.units == "1" ? "" : " (1/\(axis.units))"
  let label = axis.units == "1" ? axis.label : "\(axis.label) (\(axis.units))"
  return Figure(
    name: "density_\(projection.identifier)", title: title,
    panels: [
      Panel(
        title: "(a) density", horizontal: Axis(label),
        // Rounding errors below zero would move the foot of the axis.
        vertical: Axis("density\(unit)", range: 0...max(1.05 * peak, 1e-299)),
        curves: curves(floor: 0)),
      Panel(
        title: "(b) tails", horizontal: Axis(label),
        vertical: Axis(
          "density\(unit)", isLogarithmic: true, range: max(floor, 1e-300)...max(2 * peak, 1e-299)),
        curves: curves(floor: floor)),
    ], notes: densityNotes(projection))
}

/// Densities below this part of the peak are not drawn.
private let densityFloor = 1e-5
private let mostCurves = 40
private let mostLabels = 9

/// The grid points between the first and the last where any density is above the floor.
private func visibleWindow(_ densities: [[Double]], floor: Double) -> ClosedRange<Int> {
  let visible = densities[0].indices.filter { i in densities.contains { $0[i] > floor } }
  guard let first = visible.first, let last = visible.last, first < last else {
    return 0...(densities[0].count - 1)
  }
  return first...last
}

private func densityNotes(_ projection: ProjectionDensity) -> [String] {
  let size = projection.effectiveSampleSize.min().map { String(format: "%.0f", $0) } ?? ""
  let outside = projection.outsideCount.max() ?? 0
  return [
    projection.isHistogram ? "histogram" : "bandwidth: \(projection.bandwidthRule)",
    "\(size) particles",
  ] + (outside > 0 ? ["up to \(outside) particles beyond the grid"] : [])
}

/// Heat maps of two axes with contours that enclose fixed parts of the mass.
func densityMaps(_ projection: ProjectionDensity, title: String) -> HeatMapFigure {
  let (first, second) = (projection.axes[0], projection.axes[1])
  let columns = second.points.count
  let all = projection.steps.indices.map { projection.density(snapshot: $0) }
  // What lies outside the largest region that is drawn a contour around, with some room.
  func marginal(_ values: [Double], along axis: Int) -> [Double] {
    var result = [Double](repeating: 0, count: projection.axes[axis].points.count)
    for (index, value) in values.enumerated() {
      let place = axis == 0 ? index / columns : index % columns
      result[place] = max(result[place], value)
    }
    return result
  }
  let peak = all.joined().max() ?? 0
  let floor = mapFloor * peak
  let windows = [0, 1].map { axis in
    visibleWindow(all.map { marginal($0, along: axis) }, floor: floor)
  }
  let places = windows.map { window in
    thinnedIndices(window.count, most: mostMapPoints).map { window.lowerBound + $0 }
  }
  func panel(_ snapshot: Int) -> HeatMapFigure.Panel {
    HeatMapFigure.Panel(
      title: "step \(projection.steps[snapshot])",
      values: places[0].flatMap { i in places[1].map { all[snapshot][i * columns + $0] } },
      levels: contourLevels(all[snapshot], enclosing: enclosedMasses))
  }
  let shown = thinnedIndices(projection.steps.count, most: mostMaps)
  let left = projection.steps.count - shown.count
  return HeatMapFigure(
    name: "density_\(projection.identifier)", title: title, horizontal: Axis(first.label),
    vertical: Axis(second.label), x: places[0].map { first.points[$0] },
    y: places[1].map { second.points[$0] }, panels: shown.map(panel), background: panel(0),
    valueLabel: "density",
    contourLabels: ("50, 90, 99 % of the mass", "the same of step \(projection.steps[0])"),
    notes: densityNotes(projection) + (left > 0 ? ["\(left) more snapshots not drawn"] : []))
}

private let mapFloor = 1e-3
private let mostMaps = 6
private let mostMapPoints = 128
private let enclosedMasses = [0.5, 0.9, 0.99]

/// The values whose superlevel sets hold the given parts of the mass on the grid: highest-density
/// regions (Hyndman, *Computing and graphing highest density regions*, 1996).
///
/// Cost: a sort of the values.
func contourLevels(_ values: [Double], enclosing masses: [Double]) -> [Double] {
  let sorted = values.filter { $0 > 0 }.sorted(by: >)
  let total = sorted.reduce(0, +)
  guard total > 0 else { return masses.map { _ in 1 } }
  var levels: [Double] = []
  var sum = 0.0
  var next = 0
  for value in sorted {
    sum += value
    while next < masses.count, sum >= masses[next] * total {
      levels.append(value)
      next += 1
    }
  }
  return levels + Array(repeating: sorted.last!, count: masses.count - levels.count)
}
