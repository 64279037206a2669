import LinearAlgebra
import Networks
import ParticleSystems

/// What networks of several hidden layers are made of: increments of the layers, and terms of the logits, with the
/// powers of ``DeepScaling``.
extension FunctionMetrics {
  private static let source =
    "powers of signals and gradients in the mean-field scaling (data/layered-limits.md)"

  /// Of each layer of weights, from the inputs on, and of the logits.
  var layers: [MetricDefinition] {
    guard let scaling, samples.networks.allSatisfy({ $0.incrementLayers > 0 }) else { return [] }
    let samples = samples
    let exponents = scaling.incrementExponents
    let layers = exponents.indices.map { layer -> MetricDefinition in
      let metric = metric(
        "increment_rms_\(layer + 1)",
        "root mean square increment since step 0 of the hatted weights of layer \(layer + 1), mean over"
          + " seeds"
      ) { width, step, seeds, _ in
        let all = LogitSamples.matrix(samples.networks[width], \.weightIncrements, step, seeds)
        return seeds.indices.reduce(0) { $0 + all[$1, layer] } / Double(seeds.count)
      }
      return Self.predicting(metric, exponents[layer])
    }
    let logits = metric(
      "logit_increment_rms",
      "root mean square over seeds and test points of the logits' change since step 0"
    ) { width, step, seeds, _ in
      let (before, after) = (
        LogitSamples.matrix(samples.networks[width], \.testLogits, 0, seeds).elements,
        LogitSamples.matrix(samples.networks[width], \.testLogits, step, seeds).elements
      )
      let squares = zip(before, after).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
      return (squares / Double(before.count)).squareRoot()
    }
    return layers + [Self.predicting(logits, scaling.logitIncrementExponent)]
  }

  /// The metric of a term of the logits with its power; `nil` where nothing but rounding is in it, as in the mixed
  /// products of two hidden layers.
  func predicting(
    _ metric: MetricDefinition, term: String, _ scaling: DeepScaling
  ) -> MetricDefinition? {
    if scaling.hiddenLayers == 2, term == "f_mixed" { return nil }
    var result = Self.predicting(metric, scaling.termExponent(named: term))
    // They are products of small numbers, and approach their power from below.
    if result.predicted != nil {
      result.caveat = .init(
        text:
          "the prediction is for wide networks, where masks remember the initial hidden weights",
        scope: .wideNetworksOnly)
    }
    return result
  }

  private static func predicting(
    _ metric: MetricDefinition, _ exponent: ExactDecimal?
  ) -> MetricDefinition {
    var result = metric
    result.dependsOnRealizations = false
    result.predicted = exponent?.value
    result.source = exponent == nil ? "" : source
    // Small as they are, these are beyond the errors of increments, which are means over many weights.
    result.caveat = .init(
      text: "increments approach their power with relative corrections like width^(-1/2)",
      scope: .anyDeviation)
    return result
  }
}
