import Diagnostics
import Execution
import Foundation
import LinearAlgebra

/// Bandwidths of a Gaussian kernel in one dimension by leave-one-out cross-validation.
///
/// With weights w_i that sum to 1 and the estimate without point i,
/// f_(-i)(x) = (f(x) - w_i K_h(x - x_i)) / (1 - w_i).
struct CrossValidation {
  private let sample: LineSample
  private let workers: Workers
  private let spectrum: LineSample.Spectrum

  /// Bandwidths tried, in parts of the sample's range: the spectrum resolves the smallest, and the
  /// largest does not reach around its period.
  private static var smallest: Double { 0x1p-12 }
  private static var largest: Double { 0.25 }
  private static var modes: Int { 1 << 14 }

  init(_ sample: LineSample, workers: Workers) {
    self.sample = sample
    self.workers = workers
    spectrum = sample.spectrum(count: Self.modes, masses: sample.weights, workers: workers)
  }

  /// Minimizes the integral of f^2 - 2 sum_i w_i f_(-i)(x_i), which is that of (f - p)^2 for the
  /// sample's law p up to a constant and its own noise (Rudemo 1982, Bowman 1984).
  ///
  /// Both terms are sums over frequencies, exact to rounding: with v_i = w_i / (1 - w_i) and
  /// coefficients F of w and G of v on a period L, they are sum |F|^2 exp(-h^2 k^2) / L and
  /// sum Re(F G*) exp(-h^2 k^2 / 2) / L less the own terms K_h(0) sum v_i w_i.
  func leastSquares() throws -> Double {
    let odds = sample.weights.map { $0 / (1 - $0) }
    let isUniform = sample.weights.allSatisfy { $0 == sample.weights[0] }
    let others =
      isUniform
      ? spectrum.coefficients.map { $0 * odds[0] / sample.weights[0] }
      : sample.spectrum(count: Self.modes, masses: odds, workers: workers).coefficients
    let own = zip(odds, sample.weights).reduce(0) { $0 + $1.0 * $1.1 }
    let f = spectrum.coefficients
    func product(_ a: [Double], _ b: [Double], _ j: Int) -> Double {
      a[2 * j] * b[2 * j] + a[2 * j + 1] * b[2 * j + 1]
    }
    let powers = (0..<spectrum.count).map { product(f, f, $0) }
    let crossPowers = (0..<spectrum.count).map { product(f, others, $0) }
    return try minimizer("least-squares") { h in
      var sum = 0.0
      for j in powers.indices {
        let k = spectrum.frequency(j)
        let decay = exp(-h * h * k * k / 2)
        if decay < 1e-18 { break }
        // Negative frequencies have the same terms.
        let term = powers[j] * decay * decay - 2 * crossPowers[j] * decay
        sum += j == 0 ? term : 2 * term
      }
      return sum / spectrum.period + 2 * own / (h * (2 * .pi).squareRoot())
    }
  }

  /// Maximizes sum_i w_i log f_(-i)(x_i) (Habbema, Hermans and van den Broek 1974; Duin 1976).
  ///
  /// f is computed on a grid and read at the points through the window; where the difference from
  /// a point's own kernel would be rounding, its neighbours are summed one by one.
  func likelihood() throws -> Double {
    // In ascending order neighbours are next to each other, and memory is read in order.
    let sorted = zip(sample.points, sample.weights).sorted { $0.0 < $1.0 }
    let (points, weights) = (sorted.map(\.0), sorted.map(\.1))
    return try minimizer("likelihood") { h in
      let values = density(bandwidth: h, at: points)
      let height = 1 / (h * (2 * .pi).squareRoot())
      var sum = 0.0
      for (i, weight) in weights.enumerated() where weight > 0 {
        var rest = values[i] - weight * height
        if rest < 1e-8 * height {
          rest = height * Self.neighbours(of: i, points, weights, bandwidth: h)
        }
        sum -= weight * log(max(rest, .leastNormalMagnitude) / (1 - weight))
      }
      return sum
    }
  }

  /// sum over j != i of w_j exp(-(x_j - x_i)^2 / 2 h^2).
  private static func neighbours(
    of i: Int, _ points: [Double], _ weights: [Double], bandwidth h: Double
  ) -> Double {
    var sum = 0.0
    for step in [-1, 1] {
      var other = i + step
      while points.indices.contains(other), abs(points[other] - points[i]) < 38 * h {
        let u = (points[other] - points[i]) / h
        sum += weights[other] * exp(-u * u / 2)
        other += step
      }
    }
    return sum
  }

  /// The estimate at points of the sample.
  private func density(bandwidth h: Double, at points: [Double]) -> [Double] {
    let window = KaiserBesselWindow.spectral
    let needed = spectrum.period * window.cellsPerDeviation / h
    let cells = transformSize(atLeast: Int(needed.rounded(.up)) + 4 * window.width)
    let axis = CellAxis(
      first: spectrum.first, exactCell: spectrum.period / Double(cells), cells: cells)
    let plan = FFTPlan<Double>(.backward, shape: [cells])
    let coefficients = AlignedBuffer<Double>(count: 2 * plan.spectrumCount, repeating: 0)
    for j in 0..<min(spectrum.count, plan.spectrumCount) {
      let k = spectrum.frequency(j)
      let factor = exp(-h * h * k * k / 2) / (spectrum.period * window.transform(k * axis.cell))
      coefficients.base[2 * j] = spectrum.coefficients[2 * j] * factor
      coefficients.base[2 * j + 1] = spectrum.coefficients[2 * j + 1] * factor
    }
    let values = AlignedBuffer<Double>(count: cells, repeating: 0)
    plan.execute(real: values, spectrum: coefficients)
    return window.read(Array(values.contents), axis: axis, at: points)
  }

  /// The minimizer over bandwidths: the best of a geometric grid of 48, then golden sections.
  private func minimizer(_ name: String, of objective: (Double) -> Double) throws -> Double {
    let steps = 48
    let ratio = pow(Self.largest / Self.smallest, 1 / Double(steps - 1))
    let bandwidths = (0..<steps).map {
      sample.range * Self.smallest * pow(ratio, Double($0))
    }
    let values = bandwidths.map(objective)
    let best = values.indices.min { values[$0] < values[$1] } ?? 0
    guard best > 0, best < steps - 1 else {
      throw Diagnostic(
        .badInput,
        "\(name) cross-validation has no minimum between \(sample.range * Self.smallest) and "
          + "\(sample.range * Self.largest) for this sample, which may have many equal points or too few; "
          + "choose another rule")
    }
    let golden = (5.0.squareRoot() - 1) / 2
    var (low, high) = (log(bandwidths[best - 1]), log(bandwidths[best + 1]))
    var (left, right) = (high - golden * (high - low), low + golden * (high - low))
    var (leftValue, rightValue) = (objective(exp(left)), objective(exp(right)))
    // To 1e-7: a minimum has no more digits, its objective being flat to rounding there.
    while high - low > 1e-7 {
      if leftValue < rightValue {
        (high, right, rightValue) = (right, left, leftValue)
        left = high - golden * (high - low)
        leftValue = objective(exp(left))
      } else {
        (low, left, leftValue) = (left, right, rightValue)
        right = low + golden * (high - low)
        rightValue = objective(exp(right))
      }
    }
    return exp((low + high) / 2)
  }
}
