private import CKernels
import Foundation

/// The compact window through which points are spread over cells and read back from them: the
/// Kaiser-Bessel function I0(beta sqrt(1 - z^2)) / I0(beta), z = 2 x / width, x in cells.
///
/// A function spread with it and read with it at cells of size c is that function times the squared
/// transform of the window, which is divided out; what remains are aliases,
/// eps(k) = sum over m != 0 of |W(k + 2 pi m)| / W(k), k in radians a cell (Barnett, Magland and af
/// Klinteberg, *A parallel nonuniform fast Fourier transform library based on an "exponential of
/// semicircle" kernel*, 2019, equation 3.9). Under a Gaussian kernel of standard deviation h cells
/// their effect on the density, relative to the height of the kernel, is at most the mean of eps(k)
/// under the weight exp(-h^2 k^2 / 2): high frequencies, whose aliases are large, hardly count, so
/// that a width of 12 cells does for 1e-13 at 4 cells a standard deviation.
struct KaiserBesselWindow: Sendable {
  /// Cells covered: 8 or 12.
  let width: Int
  /// Cells to one standard deviation of the kernel at which the window has its accuracy.
  let cellsPerDeviation: Double
  let beta: Double
  /// Terms of the even and of the odd part of its polynomials.
  let terms: Int
  /// See iw_density.h.
  let coefficients: [Double]

  /// Mean alias 2e-13 at most (`KaiserBesselWindowTests` measures it).
  static let spectral = KaiserBesselWindow(
    width: 12, cellsPerDeviation: 4, beta: 2.65 * 12, terms: 9)
  /// Mean alias 3e-7 at most.
  static let fast = KaiserBesselWindow(
    width: 8, cellsPerDeviation: 2.25, beta: 2.35 * 8, terms: 6)

  init(width: Int, cellsPerDeviation: Double, beta: Double, terms: Int) {
    self.width = width
    self.cellsPerDeviation = cellsPerDeviation
    self.beta = beta
    self.terms = terms
    coefficients = Self.coefficients(width: width, beta: beta, terms: terms)
  }

  /// The window at a distance of `x` cells.
  func value(_ x: Double) -> Double { Self.value(x, width: width, beta: beta) }

  private static func value(_ x: Double, width: Int, beta: Double) -> Double {
    let z = 2 * x / Double(width)
    let square = 1 - z * z
    return square < 0 ? 0 : besselI0(beta * square.squareRoot()) / besselI0(beta)
  }

  /// The transform, integral of value(x) exp(-i k x) over x in cells: w sinh(r) / (r I0(beta)),
  /// r = sqrt(beta^2 - (k w / 2)^2), and sin in place of sinh where that is imaginary (Kaiser).
  func transform(_ k: Double) -> Double {
    let half = k * Double(width) / 2
    let square = beta * beta - half * half
    let r = abs(square).squareRoot()
    let ratio = r < 1e-8 ? 1 : (square > 0 ? sinh(r) : sin(r)) / r
    return Double(width) * ratio / besselI0(beta)
  }

  /// The weights of the cells `firsts[i]`, `firsts[i]` + 1, ... around each place in cells, `width`
  /// of them for each.
  func weights(at places: [Double]) -> (firsts: [Int], weights: [Double]) {
    var firsts = [Int](repeating: 0, count: places.count)
    var weights = [Double](repeating: 0, count: width * places.count)
    iw_window_weights(places, places.count, width, terms, coefficients, &weights, &firsts)
    return (firsts, weights)
  }

  /// Spreads records (see iw_density.h) over cells.
  func spread(
    _ records: UnsafePointer<Double>, _ range: Range<Int>, shape: [Int],
    cells: UnsafeMutablePointer<Double>
  ) {
    guard !range.isEmpty else { return }
    iw_spread(
      records + range.lowerBound * (shape.count + 1), range.count, shape.count, width, terms,
      coefficients, shape, cells)
  }

  /// Values at `points` read from `cells` of an axis, on which all their windows must lie.
  func read(_ cells: [Double], axis: CellAxis, at points: [Double]) -> [Double] {
    precondition(cells.count == axis.cells)
    return [Double](unsafeUninitializedCapacity: points.count) { values, count in
      iw_read_line(
        points, points.count, axis.first, axis.cell, width, terms, coefficients, cells,
        values.baseAddress!)
      count = points.count
    }
  }

  /// Polynomials through the window's values at Chebyshev points of each cell.
  private static func coefficients(width: Int, beta: Double, terms: Int) -> [Double] {
    let n = 2 * terms
    var result = [Double](repeating: 0, count: 8 * n)
    for cell in 0..<(width / 2) {
      let values = (0..<n).map { i in
        let s = cos(.pi * (Double(i) + 0.5) / Double(n))
        let x = Double(cell) - Double(width - 1) / 2 + s / 2
        return value(x, width: width, beta: beta)
      }
      let monomials = monomialCoefficients(throughChebyshevPoints: values)
      for power in 0..<n { result[8 * power + cell] = monomials[power] }
    }
    return result
  }
}

/// The coefficients of 1, s, s^2, ... of the polynomial with these values at the Chebyshev points
/// cos(pi (i + 1/2) / n).
func monomialCoefficients(throughChebyshevPoints values: [Double]) -> [Double] {
  let n = values.count
  var result = [Double](repeating: 0, count: n)
  // T_0 and T_1, then T_(j+1) = 2 s T_j - T_(j-1).
  var last = [Double](repeating: 0, count: n)
  var current = [Double](repeating: 0, count: n)
  current[0] = 1
  for j in 0..<n {
    var sum = 0.0
    for (i, value) in values.enumerated() {
      sum += value * cos(Double(j) * .pi * (Double(i) + 0.5) / Double(n))
    }
    let factor = sum * (j == 0 ? 1 : 2) / Double(n)
    for power in 0..<n { result[power] += factor * current[power] }
    var next = [Double](repeating: 0, count: n)
    for power in 1..<n { next[power] = (j == 0 ? 1 : 2) * current[power - 1] }
    for power in 0..<n where j > 0 { next[power] -= last[power] }
    last = current
    current = next
  }
  return result
}

/// The modified Bessel function I0 by its power series, whose terms are all positive.
func besselI0(_ x: Double) -> Double {
  let quarter = x * x / 4
  var term = 1.0
  var sum = 1.0
  var k = 1.0
  while term > sum * 1e-17 {
    term *= quarter / (k * k)
    sum += term
    k += 1
  }
  return sum
}
