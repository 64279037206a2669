import Foundation

extension CurvePanel {
  /// All that is drawn against the vertical axis.
  var ordinates: [Double] { curves.flatMap { $0.y + $0.lower + $0.upper } }
}

extension PlotScript {
  /// Letters of the longest tic label of a vertical axis: of tics that gnuplot chooses those of ones about as far
  /// apart.
  static func ticLetters(_ axis: PlotAxis, _ values: [Double]) -> Int {
    if !axis.tics.isEmpty { return axis.tics.map { number($0).count }.max()! }
    let drawn = values.filter { $0.isFinite && (!axis.isLogarithmic || $0 > 0) }
    guard let low = axis.range?.lowerBound ?? drawn.min(),
      let high = axis.range?.upperBound ?? drawn.max(), low < high
    else { return 0 }
    if axis.isLogarithmic {
      // As 10^{-12}, or a power of ten in full.
      let powers = [low, high].map { Int(log10($0).rounded(.down)) }
      return high > 30 * low ? 5 : powers.map { number(pow(10, Double($0))).count }.max()!
    }
    return linearTics(low...high, most: 8).map { String(format: "%g", $0).count }.max() ?? 0
  }
}
