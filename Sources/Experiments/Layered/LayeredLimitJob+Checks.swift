import DeepKernels
import DeepMeanField
import Diagnostics
import Measures
import Networks

extension LayeredLimitJob {
  /// Refuses what limits of several hidden layers do not have, by name.
  static func check(
    _ experiment: Experiment, _ scaling: DeepScaling, isZero: Bool
  ) throws {
    let configuration = experiment.configuration
    let subject = "\(scaling.hiddenLayers) hidden layers in the mean_field scaling"
    func refuse(_ received: String, _ key: String, _ accepted: String) -> Diagnostic {
      Diagnostic(
        .badInput, "received \(received); accepted with \(subject): \(accepted)", key: key)
    }
    let limit = configuration.limit
    if limit.dynamics != .discrete {
      throw refuse(limit.dynamics.rawValue, "limit.dynamics", "discrete")
    }
    if limit.multirate != .off { throw refuse(limit.multirate.text, "limit.multirate", "off") }
    if limit.rank != .off { throw refuse(limit.rank.text, "limit.rank", "off") }
    if isZero { return }
    guard scaling.hiddenLayers <= 3 else {
      throw Diagnostic(
        .badInput,
        "received \(scaling.hiddenLayers); accepted with rmsprop in the mean_field scaling: 1, 2, 3, more have not been"
          + " validated",
        key: "network.hidden_layers")
    }
    let network = configuration.network!
    if experiment.law.shape != .gaussian {
      throw refuse(
        network.initialization.rawValue, "network.initialization",
        "gaussian, whose initial processes have closed forms")
    }
    let activation = experiment.architecture.activation
    if !DeepKernels.isAvailable(activation) {
      throw refuse(
        network.activation.rawValue, "network.activation",
        "\(ActivationName.withClosedForms), whose initial processes have closed forms")
    }
    if !RMSPropFirstStep.hasLimit(
      hiddenLayers: scaling.hiddenLayers, activation: activation),
      scaling.optimizer.stepSize == .normalized
    {
      throw refuse(
        network.activation.rawValue, "network.activation",
        "with rmsprop relu and leaky_relu of a slope other than 1; without a kink the first layer follows the"
          + " signs of noise at step 1 at every width, and there is no deterministic limit")
    }
  }

  /// The design of a name, with the control variate where there is one.
  static func design(
    _ name: String, _ experiment: Experiment, _ scaling: DeepScaling
  ) throws -> (LayeredDesign, String) {
    let canControl = scaling.hiddenLayers == 2 && scaling.optimizer.stepSize == .proportional
    let features = experiment.problem.inputDimension
    let allowsSobol = features <= SobolSequence.largestDimension
    if name == "auto" {
      return (
        LayeredDesign(
          isSymmetric: true, isQuasiRandom: allowsSobol, matchesSecondMoment: true,
          isControlled: canControl),
        allowsSobol ? "sobol+quadruples+moments" : "quadruples+moments"
      )
    }
    guard let words = SampleDesign(name: name), words.points != .sphere, !words.removesRadius,
      !words.weighsOutput, words.symmetry == nil || words.symmetry == .quadruples
    else {
      throw Diagnostic(
        .badInput,
        "received \(name); accepted with several hidden layers: auto, or words joined by +, at most one of"
          + " independent, sobol, and quadruples, moments", key: "limit.design")
    }
    if words.points == .sobol, !allowsSobol {
      throw Diagnostic(
        .badInput,
        "received \(name), but Sobol' points have at most \(SobolSequence.largestDimension) coordinates, not"
          + " \(features); auto would choose quadruples+moments", key: "limit.design")
    }
    return (
      LayeredDesign(
        isSymmetric: words.symmetry == .quadruples, isQuasiRandom: words.points == .sobol,
        matchesSecondMoment: words.matchesMoments,
        isControlled: canControl && words != .independent), words.name
    )
  }
}
