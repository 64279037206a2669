import Comparison
import DataIO
import LinearAlgebra
import ParticleSystems

extension FunctionMetrics {
  static let referenceDivergence = "reference_logit_kl"

  /// Between the laws of logits of networks of each width and of the reference network: what arXiv
  /// 2006.06574, Figure 2, has for limits, networks of width 2^16 standing in for them. Unlike the limit's
  /// own divergence it is finite in limits that do not fluctuate, and grows there like half the logarithm of
  /// the width that stands in (see ``PointwiseDivergence``).
  ///
  /// Logits are in the limit's units, in which all scalings have the same at the reference width. Networks of
  /// one seed share their first neurons, which the errors over seeds allow for: a seed is left out at both widths.
  var widthsBesideReference: [MetricDefinition] {
    guard let reference = referenceWidth, samples.networks.count > 1 else { return [] }
    let samples = samples
    var metric = MetricDefinition(
      name: Self.referenceDivergence,
      longName:
        "Kullback-Leibler divergence of Gaussian fits of the logits over seeds from those of the networks"
        + " of the reference width, mean over test points", units: "nat", dimensions: [.step],
      count: samples.limit.steps.count
    ) { width, step, seeds, _ in
      PointwiseDivergence.ofLogits(
        limit: LogitSamples.matrix(samples.networks[width], \.testLogits, step, seeds),
        networks: LogitSamples.matrix(samples.networks[reference], \.testLogits, step, seeds)
      )?.mean ?? .nan
    }
    metric.isFitted = false
    if seeds < 2 { metric.comment = Self.oneSeed }
    let allSeeds = Array(0..<seeds)
    metric.floor = { width, step in
      seedCorrelation(
        LogitSamples.matrix(samples.networks[width], \.testLogits, step, allSeeds),
        LogitSamples.matrix(samples.networks[reference], \.testLogits, step, allSeeds)
      ).flatMap { GaussianFit.expectedDivergence(pairs: allSeeds.count, correlation: $0) } ?? .nan
    }
    metric.floorName =
      "expected of two samples of one normal law that correlate as networks of the same seeds do"
    metric.equalLawFloor = metric.floor
    return [metric]
  }
}
