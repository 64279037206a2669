import DataIO
import Diagnostics
import Foundation
import Networks
import Testing

@testable import Plotting

@Suite struct PhaseDiagramTests {
  /// Names lie where their limits are: on the edge's own side, or tied to a point of the limit.
  @Test func everyLimitIsNamedWhereItIs() throws {
    #expect(
      PhaseDiagram.names.map(\.limit.rawValue).sorted()
        == DynamicallyStableLimit.allCases.map(\.rawValue).sorted())
    for name in PhaseDiagram.names {
      if let target = name.target, name.limit != .symmetricDefault {
        #expect(try regime(target.x, target.y).limit == name.limit)
      } else if name.rotation != 0 {
        #expect(try regime(name.place.x, name.place.y).limit == name.limit)
      } else {
        let isAbove = [
          .beyondMeanField, .meanField, .betweenMeanFieldAndSymmetricDefault, .symmetricDefault,
          .beyondSymmetricDefault,
        ].contains(name.limit)
        let gamma = name.place.x + name.place.y
        #expect(isAbove ? gamma > 0 : gamma < -0.5)
      }
    }
  }

  private func regime(_ sigma: Double, _ eta: Double) throws -> Regime {
    Scaling(
      qSigma: try #require(ExactDecimal(double: sigma)),
      qEta: try #require(ExactDecimal(double: eta))
    ).regime
  }

  @Test func marks() throws {
    let inside = try PhaseDiagram(marking: regime(-0.75, 0.5))
    #expect(inside.marks == [.ring(.init(x: -0.75, y: 0.5))])
    #expect(inside.caption == "q_σ = −0.75, q_η = 0.5: intermediate")
    let twoRates = PhaseDiagram(marking: Scaling.standard.regime)
    #expect(twoRates.marks == [.ring(.init(x: -0.5, y: 1)), .ring(.init(x: -0.5, y: 0))])
    #expect(
      twoRates.caption == "q_σ = −0.5, q_a = 1, q_w = 0 (a mark for each rate): diverges")
    #expect(
      PhaseDiagram(marking: .initializationCorrectedMeanField).caption
        == "q_σ = −1, q_η = 1: IC-MF")
  }

  /// The arrow's head is on the frame, in the region or on the line of the scaling itself.
  @Test(arguments: [
    (-10.0, 10.0), (10, -10.5), (10, -10.25), (-30, 29.75), (1, 1), (-5, 1), (100, -99),
    (-100, -100),
  ]) func scalingsBeyondTheFrame(sigma: Double, eta: Double) throws {
    let marked = try regime(sigma, eta)
    let diagram = PhaseDiagram(marking: marked)
    guard case .arrow(let from, let to) = try #require(diagram.marks.first) else {
      Issue.record("no arrow")
      return
    }
    let onSide = [PhaseDiagram.horizontal.lowerBound, PhaseDiagram.horizontal.upperBound]
      .contains { abs($0 - to.x) < 1e-12 }
    let onEnd = [PhaseDiagram.vertical.lowerBound, PhaseDiagram.vertical.upperBound]
      .contains { abs($0 - to.y) < 1e-12 }
    #expect(onSide || onEnd)
    #expect((-1.8 - 1e-12...0.5 + 1e-12).contains(to.x))
    #expect((-0.9 - 1e-12...1.7 + 1e-12).contains(to.y))
    #expect(abs(hypot(to.x - from.x, to.y - from.y) - 0.16) < 1e-12)
    let shown = try regime(to.x, to.y)
    #expect(shown.limit == marked.limit)
    #expect((shown.gamma > 0) == (marked.gamma > 0))
    #expect(diagram.caption.hasSuffix(" (arrow: beyond the frame)"))
  }

  @Test(arguments: [("a.svg", PlotScript.Terminal.svg), ("b c.PNG", .png), ("d.x.Svg", .svg)])
  func formatsByEnding(path: String, terminal: PlotScript.Terminal) throws {
    #expect(try PlotScript.Terminal(ofFile: path, option: "--figure") == terminal)
  }

  @Test(arguments: ["a.pdf", "svg", "a.svg.gz", ""]) func otherEndings(path: String) {
    #expect(
      throws: Diagnostic(
        .commandLine, "received \(path); accepted: a file name that ends in .svg or .png",
        key: "--figure")
    ) { try PlotScript.Terminal(ofFile: path, option: "--figure") }
  }

  @Test(.enabled(if: hasGnuplot, withoutGnuplot), arguments: PlotScript.Terminal.allCases)
  func drawn(terminal: PlotScript.Terminal) throws {
    let folder = try PlottingScratchFolder()
    let path = "\(folder.path)/phase.\(terminal.rawValue)"
    for regime in [Scaling.standard.regime, try regime(-10, 10)] {
      try Gnuplot().draw(
        PlotScript(PhaseDiagram(marking: regime), terminal: terminal), to: path, force: true)
    }
    let image = try Data(contentsOf: URL(fileURLWithPath: path))
    switch terminal {
    case .png: #expect(image.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    case .svg:
      let text = String(decoding: image, as: UTF8.self)
      for name in PhaseDiagram.names where name.limit != .ntkToSymmetricDefaultLine {
        #expect(text.contains(name.limit.title))
      }
      #expect(text.contains("NTK–sym-default line   α = 0"))
    }
  }
}
