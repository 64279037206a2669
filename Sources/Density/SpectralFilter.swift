import Execution
import Foundation
import LinearAlgebra

extension FourierDomain {
  /// Turns coefficients of spread masses into those of cells from which the window reads the
  /// density: times the Gaussian's transform exp(-k H k / 2), divided by the period's volume and by
  /// the window's transform, once for spreading (unless that needed no window) and once for reading.
  func filter<Scalar: DensityScalar>(
    _ spectrum: AlignedBuffer<Scalar>, bandwidth: Bandwidth, spreadByWindow: Bool,
    workers: Workers
  ) {
    let d = axes.count
    // Frequencies and window factors of each axis; the last keeps half of them.
    let lengths = shape.enumerated().map { $0 == d - 1 ? $1 / 2 + 1 : $1 }
    let powers = spreadByWindow ? 2.0 : 1.0
    var waves: [[Double]] = []
    var factors: [[Double]] = []
    for (j, axis) in axes.enumerated() {
      let angles = (0..<lengths[j]).map { Self.frequency($0, of: axis.cells) }
      waves.append(angles.map { $0 / axis.cell })
      factors.append(angles.map { pow(window.transform($0), -powers) })
    }
    let h = bandwidth.covariance
    let last = d - 1
    let rows = lengths[..<last].reduce(1, *)
    let width = lengths[last]
    let product = bandwidth.isDiagonal
    let decay = { (j: Int) in waves[j].map { exp(-0.5 * h[j, j] * $0 * $0) } }
    let decays = (0..<d).map(decay)
    let (scale, waveTable, factorTable) = (1 / volume, waves, factors)
    let lastRow = zip(decays[last], factors[last]).map { $0 * $1 }
    let pieces = min(rows, 64)
    workers.forEach(pieces) { piece, _ in
      var row = lastRow
      for r in (piece * rows / pieces)..<((piece + 1) * rows / pieces) {
        var indices = [Int](repeating: 0, count: d)
        var rest = r
        for j in (0..<last).reversed() {
          indices[j] = rest % lengths[j]
          rest /= lengths[j]
        }
        var times = scale
        for j in 0..<last { times *= factorTable[j][indices[j]] }
        if product {
          for j in 0..<last { times *= decays[j][indices[j]] }
        } else {
          // k H k = constant + (linear + H_ll k) k in the last frequency k.
          var constant = 0.0
          var linear = 0.0
          for i in 0..<last {
            let k = waveTable[i][indices[i]]
            linear += 2 * h[i, last] * k
            for j in 0..<last { constant += h[i, j] * k * waveTable[j][indices[j]] }
          }
          for c in 0..<width {
            let k = waveTable[last][c]
            row[c] =
              exp(-0.5 * (constant + (linear + h[last, last] * k) * k)) * factorTable[last][c]
          }
        }
        Scalar.scale(spectrum.base + 2 * r * width, by: row, times: times, count: width)
      }
    }
  }
}
