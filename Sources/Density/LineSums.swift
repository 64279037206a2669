import Execution
import LinearAlgebra

/// Gaussian kernel sums in one dimension by moments in cells.
final class LineSums<Scalar: DensityScalar>: KernelSums {
  private let domain: FourierDomain
  private let bandwidth: Bandwidth
  private let spreading: MomentSpreading

  /// Cells of moments to one cell of the domain (``MomentSpreading`` has the accuracies).
  static func refinement(_ accuracy: SpreadingAccuracy) -> Int { accuracy == .spectral ? 3 : 6 }

  private static func terms(_ accuracy: SpreadingAccuracy) -> Int { accuracy == .spectral ? 8 : 4 }

  static func sumsPerCell(_ accuracy: SpreadingAccuracy) -> Double {
    Double(refinement(accuracy) * terms(accuracy))
  }

  init(domain: FourierDomain, bandwidth: Bandwidth, accuracy: SpreadingAccuracy) {
    let refinement = Self.refinement(accuracy)
    let axis = domain.axes[0].refined(by: refinement)
    self.domain = domain.on(axis.coarsened(by: refinement))
    self.bandwidth = bandwidth
    spreading = MomentSpreading(axis: axis, terms: Self.terms(accuracy))
  }

  func add(_ block: PointBlock<Scalar>, workers: Workers) {
    spreading.add(block, workers: workers)
  }

  func density(mass: Double, workers: Workers) -> FourierDensity<Scalar> {
    let coefficients = spreading.spectrum(count: domain.shape[0] / 2 + 1)
    let spectrum = AlignedBuffer<Scalar>(count: coefficients.count, repeating: 0)
    Scalar.round(coefficients, times: 1 / mass, count: coefficients.count, to: spectrum.base)
    domain.filter(spectrum, bandwidth: bandwidth, spreadByWindow: false, workers: workers)
    return FourierDensity(domain: domain, spectrum: spectrum)
  }

  func values(mass: Double, workers: Workers) -> [Scalar] {
    density(mass: mass, workers: workers).gridValues()
  }
}
