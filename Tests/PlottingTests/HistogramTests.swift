import TestSupport
import Testing

@testable import Plotting

@Suite struct HistogramTests {
  /// 0, 1, ..., 63: quartiles 15.75 and 47.25, bins of at most 2 * 31.5 / 4 = 15.75, four; the logarithm asks for
  /// 1 + 6 = 7.
  @Test func binsAreNeverFewerThanTheLogarithmAsksFor() throws {
    let histogram = try #require(Histogram((0..<64).map(Double.init)))
    #expect(largestDifference(histogram.edges, (0...7).map { 9 * Double($0) }) < 1e-12)
    #expect(abs(histogram.densities.reduce(0, +) * 9 - 1) < 1e-12)
    let ten = try #require(Histogram((0..<10).map(Double.init)))
    #expect(ten.densities.count == 5)
    #expect(largestDifference(ten.densities, ten.densities.map { _ in 1.0 / 9 }) < 1e-15)
    #expect(ten.outline.x.count == 12 && ten.outline.y.first == 0 && ten.outline.y.last == 0)
  }

  /// A narrow bulk with far tails: bins are of the bulk, 2 IQR n^(-1/3), not of the deviation.
  @Test func binsOfTheQuartiles() throws {
    let bulk = (0..<996).map { Double($0) / 996 }
    let histogram = try #require(Histogram(bulk + [-5, -4, 5, 6]))
    // IQR nearly 1/2, n^(1/3) = 10: bins of about 0.1 over a range of 11.
    #expect((105...115).contains(histogram.densities.count))
  }

  /// A handful of values is drawn one by one.
  @Test func fewValuesHaveNoBins() {
    #expect(Histogram((0..<9).map(Double.init)) == nil)
    #expect(Histogram(Array(repeating: 3, count: 20)) == nil)
    // Most values equal: quartiles are too.
    #expect(Histogram(Array(repeating: 3, count: 15) + [4])?.densities.count == 5)
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
