import Diagnostics
import Execution
import Foundation

/// The bandwidth of Botev, Grotowski and Kroese, *Kernel density estimation via diffusion*, Annals
/// of Statistics 38, 2010, section 4: the plug-in rule without a normal reference.
///
/// The sample is taken as one of a law on an interval of length R with the cosine coefficients
/// a_k = sum of weight cos(pi k (x - left) / R); for a law smoothed to the time t, the norm of its
/// j-th derivative is 2 pi^(2j) sum k^(2j) a_k^2 exp(-k^2 pi^2 t) (their equation 29 onwards). The
/// squared bandwidth t, in units of R^2, solves t = xi gamma^[5](t) (their equation 30). Here R is
/// twice the sample's range with the sample in its middle, and everything that has a length is in
/// units of this same R, so that the bandwidth of c X is c times that of X; the coefficients are
/// exact, not those of a histogram; and N is the effective sample size.
struct ImprovedSheatherJones {
  private let size: Double
  private let interval: Double
  /// Squares of a_1, a_2, ...
  private let squares: [Double]

  private init(_ sample: LineSample, modes: Int, workers: Workers) {
    // The cosine coefficients on half of a period are the real parts of the Fourier coefficients.
    let spectrum = sample.spectrum(count: modes + 1, masses: sample.weights, workers: workers)
    size = sample.effectiveSize
    interval = spectrum.period / 2
    squares = (1...modes).map { k in
      spectrum.coefficients[2 * k] * spectrum.coefficients[2 * k]
    }
  }

  /// The bandwidth of a sample.
  ///
  /// - Throws: a ``Diagnostic`` where the fixed-point equation has no solution, as may be for a few
  ///   points, or where it is finer than 1e-5 of the range, as for many equal points.
  static func bandwidth(of sample: LineSample, workers: Workers) throws -> Double {
    for modes in [1 << 14, 1 << 17] {
      let rule = ImprovedSheatherJones(sample, modes: modes, workers: workers)
      // Terms of the sums have fallen to exp(-40) at the last mode, or a finer one is needed.
      let smallest = 40 / (Double(modes) * .pi * (Double(modes) * .pi))
      if let time = rule.solution(above: smallest) {
        return time.squareRoot() * rule.interval
      }
      // At the smallest time the right-hand side is still above: no solution can be below.
      if rule.excess(smallest) < 0 { break }
    }
    throw Diagnostic(
      .badInput,
      "the improved Sheather-Jones rule has no solution for this sample of effective size "
        + "\(sample.effectiveSize); choose another rule")
  }

  /// The smallest solution above `start`, where the excess grows through 0.
  private func solution(above start: Double) -> Double? {
    var low = start
    guard excess(low) < 0 else { return nil }
    // Up to a bandwidth of 0.3 R, beyond half of the range.
    while low < 0.1 {
      var high = low * 1.3
      if excess(high) < 0 {
        low = high
        continue
      }
      for _ in 0..<60 {
        let middle = (low * high).squareRoot()
        if excess(middle) < 0 { low = middle } else { high = middle }
      }
      return (low * high).squareRoot()
    }
    return nil
  }

  /// t - xi gamma^[5](t): negative below the solution.
  private func excess(_ time: Double) -> Double {
    // With l = 7 as in the paper; from the norm of one derivative the time for the one below.
    var norm = squaredNorm(derivative: 7, time: time)
    for s in stride(from: 6, through: 2, by: -1) {
      let odd = stride(from: 1, through: 2 * s - 1, by: 2).reduce(1.0) { $0 * Double($1) }
      let constant = (1 + pow(0.5, Double(s) + 0.5)) / 3
      let next = pow(
        2 * constant * odd / (2 * .pi).squareRoot() / (size * norm), 2 / (3 + 2 * Double(s)))
      norm = squaredNorm(derivative: s, time: next)
    }
    return time - pow(2 * size * Double.pi.squareRoot() * norm, -0.4)
  }

  /// 2 pi^(2j) sum k^(2j) a_k^2 exp(-k^2 pi^2 t).
  private func squaredNorm(derivative: Int, time: Double) -> Double {
    var sum = 0.0
    for (index, square) in squares.enumerated() {
      let wave = Double(index + 1) * .pi
      let decay = wave * wave * time
      // x^7 exp(-x) is 1e-29 here.
      if decay > 100 { break }
      var power = wave * wave
      for _ in 1..<derivative { power *= wave * wave }
      sum += power * square * exp(-decay)
    }
    return 2 * sum
  }
}
