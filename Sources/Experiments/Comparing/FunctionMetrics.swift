import Comparison
import DataIO
import LinearAlgebra
import Networks
import ParticleSystems

/// The metrics in function space, over widths and recorded steps.
struct FunctionMetrics {
  let samples: LogitSamples
  let exponents: ScalingExponents
  let seeds: Int
  /// Which of the widths is the reference network's, where it is one of them.
  let referenceWidth: Int?
  /// Whether networks have several hidden layers, or the parameterizations of such.
  let isDeep: Bool
  /// That of several hidden layers whose weights have units of their own; else `nil`.
  let scaling: DeepScaling?

  private var steps: Int { samples.limit.steps.count }
  private static let samplingOfMeans =
    "the sampling error of means over seeds and the limit's own error"
  static let oneSeed = "one seed: a spread over seeds is not known"

  var definitions: [MetricDefinition] {
    var result = gaps(isPaired: false) + spread + laws + widthsBesideReference
    if !samples.paired.isEmpty { result += gaps(isPaired: true) }
    return result + kernelChange + terms + layers
  }

  func metric(
    _ name: String, _ longName: String, prediction: RateMetric? = nil, shift: Double = 0,
    _ value: @escaping @Sendable (Int, Int, [Int], [Int]) -> Double
  ) -> MetricDefinition {
    var result = MetricDefinition(
      name: name, longName: longName, dimensions: [.step], count: steps, value: value)
    result.dependsOnRealizations = samples.isRandom
    result.predicted = prediction?.predictedExponent(exponents).map { $0 - shift }
    result.source = result.predicted == nil ? "" : prediction!.source(exponents)
    if result.predicted != nil, let layers = exponents.layers {
      result.caveat = .init(text: layers.caveat, scope: .anyDeviation)
    }
    return result
  }

  /// RMS gap and bias of logits, disagreement, losses, accuracies and the tangent kernel.
  private func gaps(isPaired: Bool) -> [MetricDefinition] {
    let samples = samples
    let seeds = Double(seeds)
    let allSeeds = Array(0..<self.seeds)
    let allRealizations = Array(0..<samples.limit.members)
    let prefix = isPaired ? "paired_" : ""
    let to = isPaired ? "the limit that has the network's own initial function" : "the limit"
    // Independent draws of a random limit stay apart at any width.
    let predicts = isPaired || !samples.isRandom
    @Sendable func whole(_ width: Int, _ step: Int) -> SeedGap {
      samples.gap(\.testLogits, width, step, allSeeds, allRealizations, isPaired: isPaired)
    }
    var rms = metric(
      "\(prefix)logit_rms_gap", "root mean square gap of the test logits to \(to)",
      prediction: predicts ? .logitGap : nil
    ) { (samples.gap(\.testLogits, $0, $1, $2, $3, isPaired: isPaired) as SeedGap).rms }
    // Two networks of independent seeds differ by sqrt 2 times the spread.
    rms.floor = { (whole($0, $1).fluctuation ?? .nan) * 2.0.squareRoot() }
    rms.limitError = { samples.logitError($0, $1, isPaired: isPaired) }
    // Functions are compared one by one, random limits' with the network's own initial function: nothing but
    // the simulation's error is between equal ones.
    rms.equalLawFloor = {
      samples.statedLogitError($0, $1, isPaired: isPaired)
    }

    var bias = metric(
      "\(prefix)logit_bias",
      "root mean square over test points of the gap of the mean logit over seeds to \(to)",
      prediction: predicts ? .logitBias : nil
    ) { (samples.gap(\.testLogits, $0, $1, $2, $3, isPaired: isPaired) as SeedGap).meanGap }
    bias.floor = { (whole($0, $1).fluctuation ?? .nan) * (2 / seeds).squareRoot() }
    bias.limitError = rms.limitError
    bias.fitFloorName = Self.samplingOfMeans
    bias.fitFloor = {
      let sampling = whole($0, $1).meanGapFloor ?? 0
      let error = samples.logitError($0, $1, isPaired: isPaired)
      return (sampling * sampling + error * error).squareRoot()
    }
    var result = [rms, bias]

    if samples.hasClasses {
      var disagreement = metric(
        "\(prefix)class_disagreement",
        "share of test points for which network and \(to) name different classes"
      ) { width, step, seeds, realizations in
        let nets = LogitSamples.matrix(samples.networks[width], \.testLogits, step, seeds)
        return
          (isPaired
          ? ClassDisagreement.paired(
            nets, LogitSamples.matrix(samples.paired[width], \.testLogits, step, seeds),
            outputs: samples.outputs)
          : ClassDisagreement.independent(
            nets,
            LogitSamples.matrix(samples.limit(width), \.testLogits, step, realizations),
            outputs: samples.outputs)) ?? .nan
      }
      disagreement.floor = { width, step in
        ClassDisagreement.betweenSeeds(
          LogitSamples.matrix(samples.networks[width], \.testLogits, step, allSeeds),
          outputs: samples.outputs) ?? .nan
      }
      result.append(disagreement)
    }

    var scalars = [ScalarQuantity.trainingLoss, .testLoss]
    if samples.hasClasses { scalars += [.trainingAccuracy, .testAccuracy] }
    for quantity in scalars {
      let (name, longName) = (quantity.name, quantity.longName)
      let (path, errorPath) = (quantity.path, quantity.errorPath)
      var gap = metric(
        "\(prefix)\(name)_gap", "mean over seeds of the \(longName) less that of \(to)",
        prediction: predicts && errorPath != nil ? .lossGap : nil
      ) { (samples.gap(path, $0, $1, $2, $3, isPaired: isPaired) as ScalarGap).mean }
      let spread: @Sendable (Int, Int) -> Double = {
        (samples.gap(path, $0, $1, allSeeds, allRealizations, isPaired: isPaired) as ScalarGap)
          .standardDeviation ?? .nan
      }
      gap.floor = { spread($0, $1) * (2 / seeds).squareRoot() }
      if let errorPath {
        gap.limitError = { samples.error(errorPath, $0, $1, isPaired: isPaired) }
      }
      let limitError = gap.limitError
      gap.fitFloorName = Self.samplingOfMeans
      gap.fitFloor = {
        let sampling = spread($0, $1)
        let error = limitError?($0, $1) ?? 0
        return ((sampling.isNaN ? 0 : sampling * sampling / seeds) + error * error).squareRoot()
      }
      result.append(gap)
    }
    return result + kernels(isPaired: isPaired, prefix: prefix, to: to)
  }

  private var spread: [MetricDefinition] {
    let samples = samples
    var fluctuation = metric(
      "logit_fluctuation",
      "root mean square over test points of the standard deviation of the logit over seeds",
      prediction: .logitFluctuation, shift: exponents.beta
    ) { samples.fluctuation($0, $1, $2, $3, isPaired: false) }
    fluctuation.dependsOnRealizations = false
    if seeds < 2 { fluctuation.comment = Self.oneSeed }
    var result = [fluctuation]
    if !samples.paired.isEmpty {
      var paired = metric(
        "paired_logit_fluctuation",
        "root mean square over test points of the standard deviation over seeds of the logit less"
          + " that of the limit that has the network's own initial function",
        prediction: exponents.beta <= 0 ? .logitGap : nil
      ) { samples.fluctuation($0, $1, $2, $3, isPaired: true) }
      paired.dependsOnRealizations = false
      paired.limitError = { samples.logitError($0, $1, isPaired: true) }
      if seeds < 2 { paired.comment = Self.oneSeed }
      result.append(paired)
    }
    return result
  }

  /// Terms of the logits, of networks with piecewise linear activations.
  private var terms: [MetricDefinition] {
    let samples = samples
    guard samples.networks.allSatisfy({ !$0.decompositionStandardDeviation.isEmpty }) else {
      return []
    }
    let names = samples.networks[0].terms.names
    return names.enumerated().compactMap { number, name in
      let known = scaling == nil ? Self.termMetrics[name] : nil
      var result = metric(
        "decomposition_\(name)",
        "standard deviation over test points of the term \(name) of the networks' logits, mean over"
          + " seeds", prediction: known
      ) { width, step, seeds, _ in
        LogitSamples.matrix(
          samples.networks[width], \.decompositionStandardDeviation, step, seeds
        ).elements.enumerated().reduce(0) {
          $0 + ($1.offset % names.count == number ? $1.element : 0)
        } / Double(seeds.count)
      }
      result.dependsOnRealizations = false
      if known == .decompositionInitial, exponents.outputGamma == 0 {
        result.caveat = .init(
          text:
            "the prediction is for wide networks, where the mean of f_0, from changed masks, exceeds"
            + " its fluctuation", scope: .wideNetworksOnly)
      }
      guard let scaling else { return result }
      return predicting(result, term: name, scaling)
    }
  }

  /// Of one hidden layer.
  private static let termMetrics: [String: RateMetric] = [
    "f_0": .decompositionInitial, "f_a": .decompositionOutput, "f_w": .decompositionInput,
    "f_aw": .decompositionBoth,
  ]
}
