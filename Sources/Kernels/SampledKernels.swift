import Execution
import LinearAlgebra
import Measures
import Networks

/// The kernels of ``InitialKernels`` for any initial law, as means over particles drawn from it:
/// Monte Carlo with an error that is measured, not assumed.
///
/// The law of the output weights a enters by its exact E[a^2], as a and w are independent; only the
/// expectations over w are sampled. The error falls like particles^{-1/2}.
///
/// Cost: 4 particles points^2 + 2 particles points D operations of matrix products (half of the
/// first term among one set), and 2 particles points evaluations of phi and phi'.
public struct SampledKernels: Sendable {
  /// The number format of the preactivations and of the sums over one group of particles.
  public enum Precision: Sendable, CaseIterable {
    /// Adds a relative rounding error of the order of 1e-7 times the root of the number of blocks
    /// of 256 particles in a group, far below the sampling error, at about two thirds of the time.
    case single
    case double
  }

  /// Where particles are drawn from.
  public let sample: InitialSample
  /// Activation and bias.
  public let architecture: Architecture
  /// The number of the first particle in the sample.
  public let first: Int
  /// Particles of all groups together.
  public let particles: Int
  /// Independent parts of the sample, whose spread is the error; the standard error itself is
  /// uncertain by 1/sqrt(2 (groups - 1)). One group has none: NaN.
  public let groups: Int
  let factors: KernelFactors

  /// - Precondition: `particles` is a multiple of `groups`.
  public init(
    sample: InitialSample, architecture: Architecture, reference: ReferenceNetwork,
    first: Int = 0, particles: Int, groups: Int = 16
  ) {
    precondition(groups >= 1)
    precondition(
      particles >= 1 && particles % groups == 0,
      "\(particles) particles are not \(groups) groups of equal size")
    self.sample = sample
    self.architecture = architecture
    self.first = first
    self.particles = particles
    self.groups = groups
    factors = KernelFactors(law: sample.law, reference: reference)
  }

  /// Both kernels among the points of one set, symmetric to the bit; the result does not depend on
  /// the number of threads.
  public func matrices(_ points: KernelPoints, precision: Precision, workers: Workers)
    -> SampledKernelMatrices
  {
    evaluate(PointPairs(points), precision: precision, workers: workers)
  }

  /// Both kernels between two sets of points (rows x columns), likewise.
  public func matrices(
    _ rows: KernelPoints, _ columns: KernelPoints, precision: Precision, workers: Workers
  ) -> SampledKernelMatrices {
    evaluate(PointPairs(rows, columns), precision: precision, workers: workers)
  }

  /// The precision is a value here, not a type parameter, so that the loops are compiled for both
  /// types in this module whoever calls them.
  private func evaluate(_ pairs: PointPairs, precision: Precision, workers: Workers)
    -> SampledKernelMatrices
  {
    let threads = OpenBLAS.allowsConcurrentCalls ? workers : Workers(count: 1)
    switch precision {
    case .single: return SampledKernelSums<Float>(self, pairs, workers: threads).matrices()
    case .double: return SampledKernelSums<Double>(self, pairs, workers: threads).matrices()
    }
  }
}
