import Comparison
import LinearAlgebra
import ParticleSystems

/// Tangent kernels at the probes: gaps to the limit's, relative to them, and changes since initialization.
extension FunctionMetrics {
  private typealias Values = KeyPath<Trajectory, [Double]> & Sendable

  private var predictsIndependent: Bool {
    !samples.isRandom || exponents.alpha == 0 && exponents.beta == 0
  }

  private var hasPairs: Bool {
    ([samples.limit] + samples.networks).allSatisfy { !$0.tangentKernel.isEmpty }
  }

  func kernels(isPaired: Bool, prefix: String, to: String) -> [MetricDefinition] {
    guard samples.limit.probes > 0 else { return [] }
    var result = [
      gap(
        "\(prefix)tangent_kernel_gap",
        "root mean square gap of the tangent kernel's diagonal at the probes to that of \(to),"
          + " relative to it", \.tangentKernelDiagonal, \.tangentKernelDiagonalStandardError,
        isPaired: isPaired)
    ]
    if hasPairs {
      result.append(
        gap(
          "\(prefix)tangent_kernel_frobenius_gap",
          "root mean square over seeds of the Frobenius distance of the tangent kernel between probes from"
            + " that of \(to), relative to it", \.tangentKernel, \.tangentKernelStandardError,
          isPaired: isPaired))
    }
    return result
  }

  private func gap(
    _ name: String, _ longName: String, _ values: any Values, _ errors: any Values, isPaired: Bool
  ) -> MetricDefinition {
    let samples = samples
    let allSeeds = Array(0..<seeds)
    @Sendable func norm(_ width: Int, _ step: Int) -> Double {
      let trajectory = isPaired ? samples.paired[width] : samples.limit(width)
      let all = LogitSamples.matrix(
        trajectory, values, step, Array(0..<trajectory.members)
      ).elements
      return (all.reduce(0) { $0 + $1 * $1 } / Double(all.count)).squareRoot()
    }
    var kernel = metric(
      name, longName, prediction: isPaired || predictsIndependent ? .tangentKernelGap : nil
    ) {
      (samples.gap(values, $0, $1, $2, $3, isPaired: isPaired) as SeedGap).rms / norm($0, $1)
    }
    kernel.floor = {
      let gap: SeedGap = samples.gap(
        values, $0, $1, allSeeds, Array(0..<samples.limit.members), isPaired: isPaired)
      return (gap.fluctuation ?? .nan) * 2.0.squareRoot() / norm($0, $1)
    }
    kernel.limitError = { samples.error(errors, $0, $1, isPaired: isPaired) / norm($0, $1) }
    return kernel
  }

  /// How far training has changed the networks' kernels between probes.
  var kernelChange: [MetricDefinition] {
    guard samples.limit.probes > 0, hasPairs else { return [] }
    let samples = samples
    var change = metric(
      "tangent_kernel_change",
      "root mean square over seeds of the Frobenius norm of the change of the tangent kernel between probes"
        + " since initialization, relative to the initial one",
      // What changed masks do to the kernels of several layers is not known.
      prediction: isDeep && exponents.hasKink ? nil : .tangentKernelChange
    ) { width, step, seeds, _ in
      let networks = samples.networks[width]
      let before = LogitSamples.matrix(networks, \.tangentKernel, 0, seeds)
      let after = LogitSamples.matrix(networks, \.tangentKernel, step, seeds)
      var sum = 0.0
      for seed in seeds.indices {
        let ratio = relativeGap(after.row(seed), to: before.row(seed)) ?? .nan
        sum += ratio * ratio
      }
      return (sum / Double(seeds.count)).squareRoot()
    }
    change.dependsOnRealizations = false
    if exponents.hasKink, !isDeep, exponents.outputGamma < -1.0 / 3 {
      change.caveat = .init(
        text:
          "the fluctuation of changed masks, that the prediction is of, is reached where the change"
          + " is small", scope: .anyDeviation)
    }
    return [change]
  }
}
