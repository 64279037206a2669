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
    #expect(figure.panels.count == 2 && figure.background == figure.panels[0])
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
      figures(Self.record(snapshots: 7)), to: (kept ?? scratch.path) + "/densities",
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
