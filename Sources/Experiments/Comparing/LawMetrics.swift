import Comparison
import DataIO
import LinearAlgebra
import Measures
import ParticleSystems

extension FunctionMetrics {
  static let deterministic =
    "the limit does not fluctuate: the divergence of its law from any other is infinite"

  /// Between the laws of logits over seeds and over realizations.
  var laws: [MetricDefinition] {
    let samples = samples
    let count = samples.limit.steps.count
    let allSeeds = Array(0..<seeds)
    let splits = RandomStream(seed: 0, stream: .seedSplits)
    @Sendable func nets(_ width: Int, _ step: Int, _ seeds: [Int]) -> Matrix<Double> {
      LogitSamples.matrix(samples.networks[width], \.testLogits, step, seeds)
    }
    @Sendable func limit(_ width: Int, _ step: Int, _ realizations: [Int]) -> Matrix<Double> {
      LogitSamples.matrix(samples.limit(width), \.testLogits, step, realizations)
    }
    let realizations = samples.limit.members
    let unknown: String? =
      seeds < 2
      ? "one seed: the law of its logits is not known"
      : samples.isRandom && realizations < 2
        ? "one realization: the law of the limit is not known" : nil
    var distance = MetricDefinition(
      name: "logit_law_distance",
      longName:
        "root mean square over test points of the Wasserstein-2 distance between Gaussian fits"
        + " of the logits over seeds and of the limit's", dimensions: [.step], count: count,
      value: {
        unknown != nil
          ? .nan : GaussianLawDistance.rms(nets($0, $1, $2), limit: limit($0, $1, $3)) ?? .nan
      }, dependsOnRealizations: samples.isRandom,
      floor: { width, step in
        SamplingFloor.betweenHalves(units: allSeeds.count, stream: splits) {
          GaussianLawDistance.rms(nets(width, step, $0), limit: nets(width, step, $1)) ?? .nan
        }?.mean ?? .nan
      }, limitError: { samples.logitError($0, $1, isPaired: false) })
    // Two samples of the networks' law; a limit that does not fluctuate has the law of one function.
    distance.equalLawFloor = { width, step in
      let error = samples.statedLogitError(width, step, isPaired: false)
      guard samples.isRandom else { return error }
      let gap: SeedGap = samples.gap(
        \.testLogits, width, step, allSeeds, Array(0..<realizations), isPaired: false)
      let sampling =
        gap.fluctuation.flatMap {
          GaussianLawDistance.expected(
            deviation: $0, count: allSeeds.count, referenceCount: realizations)
        } ?? .nan
      return (sampling * sampling + error * error).squareRoot()
    }
    distance.comment = unknown

    let reason = unknown ?? (samples.isRandom ? nil : Self.deterministic)
    func divergence(
      _ name: String, _ longName: String,
      _ value: @escaping @Sendable (Matrix<Double>, Matrix<Double>) -> PointwiseDivergence?
    ) -> MetricDefinition {
      var result = MetricDefinition(
        name: name, longName: longName, units: "nat", dimensions: [.step], count: count,
        value: { width, step, seeds, realizations in
          reason != nil
            ? .nan : value(limit(width, step, realizations), nets(width, step, seeds))?.mean ?? .nan
        }, dependsOnRealizations: true, correction: .plain, comment: reason)
      result.isFitted = false
      return result
    }
    var logits = divergence(
      "logit_kl",
      "Kullback-Leibler divergence of Gaussian fits of the limit's logits from those of the networks',"
        + " mean over test points"
    ) { PointwiseDivergence.ofLogits(limit: $0, networks: $1) }
    let expected =
      reason == nil
      ? GaussianFit.expectedDivergence(count: realizations, referenceCount: seeds) ?? .nan : .nan
    logits.floor = { _, _ in expected }
    logits.floorName =
      "expected of two samples of one normal law, as many as realizations and seeds"
    logits.equalLawFloor = logits.floor
    let outputs = samples.outputs
    var probabilities = divergence(
      "probability_kl",
      "Kullback-Leibler divergence of Beta fits of the limit's class probabilities from those of the"
        + " networks', mean over test points"
    ) {
      outputs == 1
        ? PointwiseDivergence.ofProbabilities(limit: $0, networks: $1)
        : PointwiseDivergence.ofProbabilities(
          limit: oneAgainstRestLogits($0, outputs: outputs),
          networks: oneAgainstRestLogits($1, outputs: outputs))
    }
    if reason == nil {
      let hasClasses = samples.hasClasses
      probabilities.floor = { width, step in
        guard hasClasses else { return .nan }
        return SamplingFloor.betweenHalves(units: allSeeds.count, splits: 4, stream: splits) {
          let (a, b) = (nets(width, step, $0), nets(width, step, $1))
          return
            (outputs == 1
            ? PointwiseDivergence.ofProbabilities(limit: a, networks: b)
            : PointwiseDivergence.ofProbabilities(
              limit: oneAgainstRestLogits(a, outputs: outputs),
              networks: oneAgainstRestLogits(b, outputs: outputs)))?.mean ?? .nan
        }?.mean ?? .nan
      }
    }
    return [distance, logits] + (samples.hasClasses ? [probabilities] : [])
  }
}
