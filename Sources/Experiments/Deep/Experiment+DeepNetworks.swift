import DataIO
import Diagnostics
import FiniteWidth
import Networks
import ParticleSystems

extension Experiment {
  /// Parameters of the networks that are trained side by side, at most (or one network).
  private static let numbersAtOnce = 1 << 27

  /// Whether its networks have layers of their own and not neurons of one hidden layer.
  var hasDeepNetworks: Bool { deep != nil || deepScaling != nil }

  /// Test points, the first ones, at which snapshots of several hidden layers have preactivations.
  var layeredProbes: Int { min(configuration.record.probes, problem.testCount) }

  /// Whether its networks are trained beside their mirror images.
  var hasMirrorImages: Bool { deepScaling != nil && configuration.finite?.mirror == true }

  /// The layers of the deep networks of a width, which is that of the first hidden layer.
  ///
  /// - Precondition: the experiment is about a deep network.
  func deepLayers(width: Int) -> [DenseLayer] {
    if let deepScaling {
      return deepScaling.layers(
        width: width, inputDimension: problem.inputDimension, outputs: problem.outputs,
        reference: reference, law: law,
        // PyTorch's, as of the other weights.
        hiddenWeightDeviation: configuration.network?.hiddenWeightStandardDeviation
          ?? (1 / 3.0).squareRoot())
    }
    return deep!.layers(
      hiddenWidths: hiddenWidths(first: width), inputDimension: problem.inputDimension,
      outputs: problem.outputs, learningRate: training.learningRate,
      optimizer: reference.optimizer)
  }

  /// Of the network whose first hidden layer has this width.
  private func hiddenWidths(first width: Int) -> [Int] {
    deep?.hiddenWidths(first: width)
      ?? Array(repeating: width, count: deepScaling!.hiddenLayers)
  }

  /// The schedule of deep networks, whose steps are in their layers. Increments and terms of the logits are recorded
  /// where weights have a unit at every width.
  func deepSettings() -> TrainingSettings {
    var settings = settings(
      step: .meanFieldLimit(of: reference), snapshots: [],
      decomposes: deepScaling != nil && architecture.activation.negativeSlope != nil)
    if let deepScaling {
      settings.terms = LogitTerms(hiddenLayers: deepScaling.hiddenLayers)
      settings.incrementLayers = deepScaling.hiddenLayers + 1
    }
    return settings
  }

  /// Networks number `first ..< first + count` of a width.
  func deepNetworks(
    width: Int, first: Int, count: Int, settings: TrainingSettings, _ options: RunOptions
  ) -> DeepNetworks {
    DeepNetworks(
      layers: deepLayers(width: width), firstSeed: seed(options) + UInt64(first), seeds: count,
      settings: settings)
  }

  /// Seeds that are trained side by side: as few as fit, whatever the machine, on which results must not depend.
  func deepChunks(width: Int, seeds: Int) -> [Range<Int>] {
    let atOnce = max(1, min(seeds, Self.numbersAtOnce / deepNumbers(width: width)))
    return stride(from: 0, to: seeds, by: atOnce).map { $0..<min($0 + atOnce, seeds) }
  }

  private func deepNumbers(width: Int) -> Int {
    DeepNetworks.numbers(
      layers: deepLayers(width: width),
      batch: deepSettings().batches.largestBatch(points: problem.trainingCount),
      recordsIncrements: deepScaling != nil)
  }

  /// Refuses widths at which a hidden layer has no neurons, and networks that do not fit the memory.
  ///
  /// - Parameter key: what the widths come from.
  func checkDeepWidths(_ widths: [Int], options: RunOptions, key: String) throws {
    for width in widths {
      let hidden = hiddenWidths(first: width)
      guard let empty = hidden.firstIndex(of: 0) else { continue }
      let base = deep!.baseWidths!
      // round(s N_l) is 0 below s N_l = 1/2.
      let least = (base[0] + 2 * base.min()! - 1) / (2 * base.min()!)
      throw Diagnostic(
        .badInput,
        "received \(width), the width of the first hidden layer, which leaves hidden layer"
          + " \(empty + 1) no neurons; accepted with these network.layer_widths: \(least) or more",
        key: key)
    }
    let largest = widths.last!
    let hidden = hiddenWidths(first: largest)
    try checkMemory(
      bytes: Double(deepNumbers(width: largest)) * Double(options.precision.bytes),
      what: "a network of \(hidden.map(String.init).joined(separator: ", ")) neurons with"
        + " \(problem.inputDimension) features needs", key: key, advice: "train narrower networks")
  }

  /// What files say of deep networks, width by width.
  func deepAttributes(widths: [Int]) -> [String: AttributeValue] {
    guard hasDeepNetworks else { return [:] }
    let hidden = widths.map {
      hiddenWidths(first: $0).map(String.init).joined(separator: " ")
    }
    var attributes: [String: AttributeValue] = [
      "hidden_widths": .text(hidden.joined(separator: "; "))
    ]
    if let deep { attributes["parameterization"] = .text(deep.parameterization.rawValue) }
    if let deepScaling {
      attributes["hidden_layers"] = .int(deepScaling.hiddenLayers)
      switch deepScaling.verdict {
      case .zero(let reason): attributes["zero_limit_reason"] = .text(reason)
      case .none(let reason): attributes["no_limit_reason"] = .text(reason)
      case .moving, .kernel: break
      }
    }
    return attributes
  }
}

extension Experiment {
  /// Why the networks have no limit as their width grows, in words; `nil` where they have one.
  public var reasonWithoutLimit: String? {
    if let deepScaling { return deepScaling.reasonWithoutLimit.map { "\($0)." } }
    guard let deep else { return regime.reasonWithoutLimit }
    return deep.parameterization == .naiveStandard
      ? "in the naive_standard parameterization the tangent kernel grows like the width." : nil
  }
}
