import TestSupport
import Testing

@testable import Plotting

@Suite struct HistogramTests {
  /// 0, 1, ..., 7: deviation sqrt 6, bins of at most 3.49 sqrt(6) / 2 = 4.27, so two of 3.5.
  @Test func binsOfScott() throws {
    let histogram = try #require(Histogram((0..<8).map(Double.init)))
    #expect(histogram.edges == [0, 3.5, 7])
    let density = 1.0 / 7
    #expect(largestDifference(histogram.densities, [density, density]) < 1e-16)
    #expect(histogram.outline.x == [0, 0, 3.5, 3.5, 7, 7])
    let outline = [0, density, density, density, density, 0]
    #expect(largestDifference(histogram.outline.y, outline) < 1e-16)
    #expect(Histogram([1, 2, 3, 4]) == nil)
    #expect(Histogram([3, 3, 3, 3, 3, 3]) == nil)
  }

  @Test func normalLaw() throws {
    let curve = try #require(GaussianCurve([1, 2, 3]))
    #expect(curve.mean == 2 && curve.deviation == 1)
    #expect(abs(curve.density(at: 3) - 0.24197072451914337) < 1e-15)
    #expect(GaussianCurve([1]) == nil && GaussianCurve([2, 2]) == nil)
  }

  @Test func ticsOnAxes() {
    #expect(largestDifference(linearTics(-0.31...(-0.16), most: 4), [-0.3, -0.25, -0.2]) < 1e-15)
    #expect(linearTics(0...1, most: 4) == [0, 0.5, 1])
    #expect(linearTics(3...3) == [3])
    #expect(largestDifference(decimalTics(0.04...0.6), [0.05, 0.1, 0.2, 0.5]) < 1e-15)
    #expect(largestDifference(decimalTics(0.7...1.3), [0.8, 1, 1.2]) < 1e-15)
    #expect(decimalTics(1e-4...1) == [])
    #expect(widthTics([1, 2, 3, 4, 5], most: 4) == [1, 3, 5])
  }

  /// Identifiers are the figure's own, and the declaration of a file is gone.
  @Test func textForPages() {
    let text = "<?xml version='1.0'?>\n<svg id='gp'><use xlink:href='#gpPt1'/>a url(#x)</svg>\n\n"
    #expect(
      inlineSVG(text, prefix: "loss-")
        == "<svg id='loss-gp'><use xlink:href='#loss-gpPt1'/>a url(#loss-x)</svg>")
  }
}
