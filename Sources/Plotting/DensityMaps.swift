import DataIO

/// Heat maps of two axes over training, with contours that enclose fixed parts of the mass.
func densityMaps(_ projection: ProjectionDensity, title: String) -> HeatMapFigure {
  let all = projection.steps.indices.map { projection.density(snapshot: $0) }
  let shown = thinnedIndices(projection.steps.count, most: mostMaps)
  let left = projection.steps.count - shown.count
  return DensityMapGrid(projection, densities: all).figure(
    name: projection.figureName, title: projection.figureTitle(title),
    maps: shown.map { ("step \(projection.steps[$0])", all[$0]) }, background: all[0],
    backgroundLabel: "the same of step \(projection.steps[0])",
    notes: densityNotes(projection)
      + (left > 0 ? ["\(left) more snapshot\(left == 1 ? "" : "s") not drawn"] : []))
}

/// The part of a projection's grid of two axes that figures show.
struct DensityMapGrid {
  private let projection: ProjectionDensity
  /// Grid points on each axis that are drawn.
  private let places: [[Int]]

  /// - Parameter densities: all that the figure shows: what lies outside the largest region that is drawn a
  ///   contour around, with some room, is left out.
  init(_ projection: ProjectionDensity, densities: [[Double]]) {
    self.projection = projection
    let columns = projection.axes[1].points.count
    let floor = mapFloor * (densities.joined().max() ?? 0)
    places = [0, 1].map { axis in
      let profiles = densities.map { values in
        var profile = [Double](repeating: 0, count: projection.axes[axis].points.count)
        for (index, value) in values.enumerated() {
          let place = axis == 0 ? index / columns : index % columns
          profile[place] = max(profile[place], value)
        }
        return profile
      }
      let window = visibleWindow(profiles, floor: floor)
      return thinnedIndices(window.count, most: mostMapPoints).map { window.lowerBound + $0 }
    }
  }

  /// - Parameters:
  ///   - maps: the title and the density of each panel.
  ///   - background: a density whose contours are drawn in every panel.
  func figure(
    name: String, title: String, maps: [(title: String, density: [Double])],
    background: [Double], backgroundLabel: String, notes: [String]
  ) -> HeatMapFigure {
    let columns = projection.axes[1].points.count
    func panel(_ title: String, _ density: [Double]) -> HeatMapFigure.Panel {
      HeatMapFigure.Panel(
        title: title,
        values: places[0].flatMap { i in places[1].map { density[i * columns + $0] } },
        levels: contourLevels(density, enclosing: enclosedMasses))
    }
    return HeatMapFigure(
      name: name, title: title,
      caption: "The law of \(projection.expression): contours enclose 50, 90 and 99 % of its mass.",
      horizontal: PlotAxis(projection.axisLabel(0)),
      vertical: PlotAxis(projection.axisLabel(1)),
      x: places[0].map { projection.axes[0].points[$0] },
      y: places[1].map { projection.axes[1].points[$0] },
      panels: maps.map { panel($0.title, $0.density) }, background: panel("", background),
      valueLabel: "density", contourLabels: ("50, 90, 99 % of the mass", backgroundLabel),
      notes: notes)
  }
}

private let mapFloor = 1e-3
let mostMaps = 6
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
