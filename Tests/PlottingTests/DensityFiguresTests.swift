import DataIO
import Foundation
import TestSupport
import Testing

@testable import Plotting

@Suite struct DensityFiguresTests {
  /// Two Gaussians that move and widen, in one and in two dimensions.
  static func record(snapshots: Int) -> DensityRecord {
    func axis(_ name: String, _ points: [Double]) -> ProjectionDensity.Axis {
      ProjectionDensity.Axis(
        identifier: name, label: name, longName: name, units: "1", points: points)
    }
    func gaussian(_ x: Double, _ mean: Double, _ deviation: Double) -> Double {
      exp(-(x - mean) * (x - mean) / (2 * deviation * deviation))
        / (deviation * (2 * .pi).squareRoot())
    }
    let x = stride(from: -12.0, through: 12, by: 0.125).map { $0 }
    let y = stride(from: -6.0, through: 6, by: 0.25).map { $0 }
    let steps = (0..<snapshots).map { 10 * $0 }
    var one = ProjectionDensity(
      identifier: "a", expression: "a", axes: [axis("a", x)], steps: steps)
    var two = ProjectionDensity(
      identifier: "a__b", expression: "a, b", axes: [axis("a", x), axis("b", y)], steps: steps)
    for s in 0..<snapshots {
      let shift = Double(s) / Double(max(1, snapshots - 1))
      one.density += x.map { gaussian($0, 2 * shift, 1 + shift) }
      two.density += x.flatMap { u in
        y.map { gaussian(u, 2 * shift, 1 + shift) * gaussian($0, 0, 1) }
      }
    }
    for entry in [one, two].indices {
      let count = [Double](repeating: 5000, count: snapshots)
      let outside = [Int](repeating: entry, count: snapshots)
      if entry == 0 {
        (one.effectiveSampleSize, one.outsideCount, one.bandwidthRule) = (count, outside, "scott")
      } else {
        (two.effectiveSampleSize, two.outsideCount, two.bandwidthRule) = (count, outside, "scott")
      }
    }
    return DensityRecord(path: "density.nc", title: "digits, mean field", projections: [one, two])
  }

  /// The highest-density region of mass m of a Gaussian in the plane is where the density exceeds
  /// 1 - m of its peak.
  @Test func contoursOfAGaussian() {
    let record = Self.record(snapshots: 1)
    let values = record.projections[1].density(snapshot: 0)
    let peak = 1 / (2 * Double.pi)
    let levels = contourLevels(values, enclosing: [0.5, 0.9, 0.99])
    for (level, mass) in zip(levels, [0.5, 0.9, 0.99]) {
      #expect(abs(level / peak - (1 - mass)) < 0.05 * (1 - mass), "\(mass)")
    }
    #expect(contourLevels([0, 0], enclosing: [0.5]) == [1])
    #expect(contourLevels([0, 2, 0, 1], enclosing: [0.5, 0.9]) == [2, 1])
  }

  @Test func curvesOverTraining() throws {
    let figure = densityCurves(Self.record(snapshots: 4).projections[0], title: "t")
    #expect(figure.name == "density_a" && figure.panels.count == 2)
    let panel = figure.panels[0]
    #expect(panel.curves.map(\.label) == ["step 0 (filled)", "step 10", "step 20", "step 30"])
    // The initial law is filled down to the axis, in both panels.
    #expect(panel.curves[0].lower.allSatisfy { $0 == 0 } && panel.curves[1].lower.isEmpty)
    #expect(figure.panels[1].vertical.isLogarithmic)
    #expect(figure.panels[1].curves[0].lower.allSatisfy { $0 > 0 })
    // Where all densities vanish there is nothing to see.
    #expect(panel.curves[0].x.first! > -8 && panel.curves[0].x.last! > 10)
    #expect(figure.notes == ["bandwidth: scott", "5000 particles"])
  }

  @Test func manySnapshots() {
    let figure = densityCurves(Self.record(snapshots: 100).projections[0], title: "t")
    let labels = figure.panels[0].curves.compactMap(\.label)
    #expect(figure.panels[0].curves.count == 40)
    #expect(labels.count == 9 && labels.first == "step 0 (filled)" && labels.last == "step 990")
    let maps = densityMaps(Self.record(snapshots: 9).projections[1], title: "t")
    #expect(
      maps.panels.map(\.title) == ["step 0", "step 10", "step 30", "step 40", "step 60", "step 80"])
    #expect(maps.notes.contains("3 more snapshots not drawn"))
    #expect(maps.notes.contains("up to 1 particles beyond the grid"))
  }

  @Test func mapsOfTwoAxes() {
    let record = Self.record(snapshots: 2)
    let figure = densityMaps(record.projections[1], title: "t")
    #expect(figure.panels.count == 2 && figure.background.values == figure.panels[0].values)
    #expect(figure.x.count <= 128 && figure.y.count <= 128)
    // (x, y): the density at the point, row by row.
    let i = figure.x.count / 3
    let j = figure.y.count / 4
    let projection = record.projections[1]
    let row = projection.axes[0].points.firstIndex(of: figure.x[i])!
    let column = projection.axes[1].points.firstIndex(of: figure.y[j])!
    #expect(
      figure.panels[1].values[i * figure.y.count + j]
        == projection.density(snapshot: 1)[row * projection.axes[1].points.count + column])
  }

  /// Nets over the limit: a panel a snapshot, the limit filled, the widths in order; in two dimensions a
  /// panel a law at the last snapshot.
  @Test func netsOverTheLimit() throws {
    var record = Self.record(snapshots: 3)
    let limit = record.projections
    for width in [8, 32] {
      for var projection in limit {
        (projection.width, projection.seeds) = (width, 5)
        projection.density = projection.density.map { $0 * (1 - 1 / Double(width)) }
        record.projections.append(projection)
      }
    }
    let all = try figures(record)
    #expect(
      all.map(\.name) == ["density_a", "density_a__b", "density_a_nets", "density_a__b_nets"])
    let curves = try #require(all[2] as? CurveFigure)
    #expect(curves.panels.map(\.title) == ["step 0", "step 10", "step 20"])
    #expect(
      curves.panels[1].curves.map(\.label) == [nil, "width 8", "width 32", "limit (filled)"])
    let (filled, narrow) = (curves.panels[1].curves[0], curves.panels[1].curves[1])
    #expect(filled.lower.allSatisfy { $0 == 0 } && narrow.lower.isEmpty)
    #expect(zip(filled.y, narrow.y).allSatisfy { abs($0.0 * 7 / 8 - $0.1) < 1e-15 })
    #expect(curves.notes == ["5 nets of each width", "bandwidth: scott"])
    let maps = try #require(all[3] as? HeatMapFigure)
    #expect(maps.panels.map(\.title) == ["width 8", "width 32", "limit"])
    #expect(maps.background.values == maps.panels[2].values)
    #expect(maps.title == "digits, mean field, step 20")
    // Without a limit the widest nets are also drawn over training.
    record.projections.removeFirst(2)
    #expect(
      try figures(record).map(\.name) == [
        "density_a_width_32", "density_a_nets", "density_a__b_width_32", "density_a__b_nets",
      ])
    record.projections.removeAll { $0.width != 8 || $0.axes.count == 1 }
    let alone = try #require(try figures(record)[1] as? HeatMapFigure)
    #expect(alone.panels.map(\.title) == ["width 8"])
    #expect(alone.contourLabels.background == "the same of width 8, step 0")
    #expect(alone.background.values != alone.panels[0].values)
  }

  /// Three axes are drawn pair by pair: of a product of laws, the products of two of them.
  @Test func threeAxes() throws {
    func gaussian(_ x: Double, _ deviation: Double) -> Double {
      exp(-x * x / (2 * deviation * deviation)) / (deviation * (2 * .pi).squareRoot())
    }
    let points = stride(from: -6.0, through: 6, by: 0.25).map { $0 }
    let deviations = [0.8, 0.6, 0.4]
    var projection = ProjectionDensity(
      identifier: "a__b__c", expression: "a, b, c",
      axes: ["a", "b", "c"].map {
        .init(identifier: $0, label: $0, longName: $0, units: "1", points: points)
      }, steps: [0])
    projection.density = points.flatMap { x in
      points.flatMap { y in
        points.map { gaussian(x, 0.8) * gaussian(y, 0.6) * gaussian($0, 0.4) }
      }
    }
    let drawn = try figures(DensityRecord(path: "", title: "t", projections: [projection]))
    #expect(
      drawn.map(\.name) == [
        "density_a__b__c__of_a__b", "density_a__b__c__of_a__c", "density_a__b__c__of_b__c",
      ])
    for (figure, pair) in zip(drawn, axisPairs) {
      let map = try #require(figure as? HeatMapFigure)
      #expect(map.horizontal.label == ["a", "b", "c"][pair[0]])
      #expect(map.vertical.label == ["a", "b", "c"][pair[1]])
      for (i, x) in map.x.enumerated() {
        for (j, y) in map.y.enumerated() {
          let exact = gaussian(x, deviations[pair[0]]) * gaussian(y, deviations[pair[1]])
          #expect(abs(map.panels[0].values[i * map.y.count + j] - exact) < 1e-6)
        }
      }
    }
  }

  @Test func scripts() {
    let figure = densityMaps(Self.record(snapshots: 2).projections[1], title: "a_b")
    let text = figure.script(for: .svg).text
    for line in [
      "set cntrparam levels discrete", "$map1 << EOD", "plot $map1 using 1:2:3 with image",
      "set title 'step 10'", "set label 1 'a\\_b'", "set cbrange [0:",
    ] { #expect(text.contains(line), "\(line)") }
  }

  @Test(.enabled(if: hasGnuplot, withoutGnuplot)) func drawing() throws {
    let scratch = try PlottingScratchFolder()
    let kept = ProcessInfo.processInfo.environment["INFINITEWIDTH_FIGURES"]
    let paths = try drawFigures(
      try figures(Self.record(snapshots: 7)), to: (kept ?? scratch.path) + "/densities",
      force: kept != nil)
    #expect(paths.count == 4)
    for path in paths {
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
      #expect((size ?? 0) > 5000, "\(path)")
    }
    // A law that is nothing on the grid is drawn as nothing.
    var empty = Self.record(snapshots: 1)
    for index in empty.projections.indices {
      empty.projections[index].density = empty.projections[index].density.map { _ in 0 }
    }
    #expect(try drawFigures(figures(empty), to: scratch.path + "/empty").count == 4)
  }
}
