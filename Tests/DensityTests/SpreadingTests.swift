import Execution
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Density

struct SpreadingTests {
  private let windows: [(window: KaiserBesselWindow, error: Double)] = [
    (.spectral, 2e-13), (.fast, 3e-7),
  ]

  /// Polynomials against the window's formula.
  @Test func polynomials() {
    for (window, error) in windows {
      for i in 0..<1000 {
        let t = 20 + (Double(i) + 0.5) / 1000
        let (firsts, weights) = window.weights(at: [t])
        let exact = (0..<window.width).map { window.value(Double(firsts[0] + $0) - t) }
        #expect(largestDifference(weights, exact) < error)
        #expect(window.value(Double(firsts[0] - 1) - t) == 0)
        #expect(window.value(Double(firsts[0] + window.width) - t) == 0)
      }
    }
  }

  /// The transform's formula against a quadrature (Simpson's rule; the window ends with a jump).
  @Test func transform() {
    for (window, _) in windows {
      let half = Double(window.width) / 2
      let steps = 20_000
      for k in [0, 0.3, 1, 2, 3.1, 6] {
        var sum = 0.0
        for i in 0...steps {
          let x = -half + Double(window.width) * Double(i) / Double(steps)
          let weight = i == 0 || i == steps ? 1.0 : i % 2 == 1 ? 4 : 2
          // The ends are on the window, whatever rounding makes of them.
          sum += weight * window.value(min(max(x, -half), half)) * cos(k * x)
        }
        sum *= Double(window.width) / Double(steps) / 3
        #expect(abs(sum - window.transform(k)) < 1e-11)
      }
    }
  }

  /// The mean alias under a Gaussian kernel, which bounds the error of a density.
  @Test func aliases() {
    for (window, error) in windows {
      var sum = 0.0
      var norm = 0.0
      for i in 0..<4000 {
        let k = Double.pi * (Double(i) + 0.5) / 4000
        let kernel = exp(-0.5 * pow(window.cellsPerDeviation * k, 2))
        var alias = 0.0
        for m in -40...40 where m != 0 {
          alias += abs(window.transform(k + 2 * .pi * Double(m)))
        }
        sum += kernel * alias / window.transform(k)
        norm += kernel
      }
      #expect(sum / norm < error)
      // Modes beyond those kept.
      #expect(erfc(.pi * window.cellsPerDeviation / 2.0.squareRoot()) < error)
    }
  }

  /// Moments of four and eight terms against Fourier sums: the error falls with the powers 4 and 8
  /// of the frequency.
  @Test(arguments: [4, 8]) func moments(terms: Int) throws {
    let sample = try randomSample(50, dimensions: 1)
    let cells = 512
    let spreading = MomentSpreading(
      axis: CellAxis(first: -0.1, size: 1.3 / Double(cells), cells: cells), terms: terms)
    sample.withBlock { spreading.add($0, workers: Workers(count: 1)) }
    let spectrum = spreading.spectrum(count: 160)
    func error(_ j: Int) -> Double {
      let k = 2 * .pi * Double(j) / spreading.axis.period
      var (re, im) = (0.0, 0.0)
      for (x, m) in zip(sample.points, sample.masses!) {
        re += m * cos(k * (x - spreading.axis.first))
        im -= m * sin(k * (x - spreading.axis.first))
      }
      return hypot(spectrum[2 * j] - re, spectrum[2 * j + 1] - im)
    }
    let mass = sample.masses!.reduce(0, +)
    let factorial = (1...terms).reduce(1.0) { $0 * Double($1) }
    for j in 0..<160 {
      let angle = .pi * Double(j) / Double(cells)
      #expect(error(j) < mass * (1.1 * pow(angle, Double(terms)) / factorial + 1e-14))
    }
    // Root mean squares over bands an octave apart: single errors depend on phases.
    let bands = [70...79, 140...159].map { band in
      (band.reduce(0) { $0 + error($1) * error($1) } / Double(band.count)).squareRoot()
    }
    #expect(abs(logLogSlope([74.5, 149.5], bands) - Double(terms)) < 0.3)
  }

  /// Transforms there and back, and against the sum itself, for all shapes.
  @Test func transforms() {
    for shape in [[12], [6, 10], [4, 6, 10]] {
      let forward = FFTPlan<Double>(.forward, shape: shape)
      let backward = FFTPlan<Double>(.backward, shape: shape)
      let values = (0..<forward.realCount).map { sin(Double($0 * $0 % 17)) }
      let real = buffer(values)
      let spectrum = buffer([Double](repeating: 0, count: 2 * forward.spectrumCount))
      forward.execute(real: real, spectrum: spectrum)
      // Coefficient (0, ..., 1): frequency 1 along the last axis.
      let last = shape[shape.count - 1]
      var (re, im) = (0.0, 0.0)
      for (index, value) in values.enumerated() {
        let angle = 2 * .pi * Double(index % last) / Double(last)
        re += value * cos(angle)
        im -= value * sin(angle)
      }
      #expect(hypot(spectrum.base[2] - re, spectrum.base[3] - im) < 1e-12)
      backward.execute(real: real, spectrum: spectrum)
      let back = real.contents.map { $0 / Double(values.count) }
      #expect(largestDifference(back, values) < 1e-14)
    }
  }

  private func buffer(_ values: [Double]) -> AlignedBuffer<Double> {
    let buffer = AlignedBuffer(count: values.count, repeating: 0.0)
    for (i, value) in values.enumerated() { buffer.base[i] = value }
    return buffer
  }

  @Test func sizes() {
    #expect([1, 11, 97, 121, 1000, 1021].map(transformSize) == [2, 12, 98, 126, 1000, 1024])
  }
}
