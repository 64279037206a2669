/// The section `study`: the deep networks whose predictions are set side by side (`infwidth study`): every
/// parameterization with every depth and every ratio of widths.
public struct StudySection: Sendable, Equatable, Codable {
  /// Each once. Default: ntk and standard.
  public var parameterizations: [ParameterizationName]
  /// Numbers of hidden layers, each once. Default: 1, 2, 3 and 5.
  public var hiddenLayers: [Int]
  /// N_1, the base width of the first hidden layer. Default: 512.
  public var baseWidth: Int
  /// N_(l+1) / N_l, each once. Default: 1.
  public var widthRatios: [Double]
  /// The steps of gradient descent after which trained networks are looked at. Default: 1000.
  public var steps: Int
  /// The learning rate of each network as a share of the largest with which descent on its tangent kernel is
  /// stable, above 0 and below 1. Default: 0.5.
  public var learningRateShare: Double

  init(
    parameterizations: [ParameterizationName] = [.ntk, .standard],
    hiddenLayers: [Int] = [1, 2, 3, 5], baseWidth: Int = 512, widthRatios: [Double] = [1],
    steps: Int = 1000, learningRateShare: Double = 0.5
  ) {
    self.parameterizations = parameterizations
    self.hiddenLayers = hiddenLayers
    self.baseWidth = baseWidth
    self.widthRatios = widthRatios
    self.steps = steps
    self.learningRateShare = learningRateShare
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case parameterizations
    case hiddenLayers = "hidden_layers"
    case baseWidth = "base_width"
    case widthRatios = "width_ratios"
    case steps
    case learningRateShare = "learning_rate_share"
  }
}

extension StudySection {
  init(_ value: ValueReader) throws {
    let section = try MappingReader<CodingKeys>(value)
    self.init()
    if let list = section[.parameterizations] {
      parameterizations = try list.nonEmptyList(of: "words").distinct("parameterization") {
        let name = try $0.word(ParameterizationName.self)
        guard name != .naiveStandard else {
          throw $0.failure(
            "received \(name.rawValue), whose kernels grow with the width; accepted in a study: ntk, standard"
          )
        }
        return name
      }
    }
    if let list = section[.hiddenLayers] {
      hiddenLayers = try list.nonEmptyList(of: "whole numbers").distinct("number of layers") {
        try $0.layerCount()
      }
    }
    baseWidth = try section[.baseWidth]?.count() ?? baseWidth
    if let list = section[.widthRatios] {
      widthRatios = try list.nonEmptyList(of: "positive numbers").distinct("ratio") {
        try $0.number(.positive)
      }
    }
    steps = try section[.steps]?.count() ?? steps
    learningRateShare = try section[.learningRateShare]?.number(.properShare) ?? learningRateShare
    try checkWidths(section)
  }

  /// N_l = N_1 ratio^(l-1), to the nearest whole number.
  ///
  /// - Returns: `nil` where a layer has no neurons, or more than a count can be.
  static func widths(first: Int, ratio: Double, layers: Int) -> [Int]? {
    var exact = Double(first)
    var widths: [Int] = []
    for _ in 0..<layers {
      let rounded = exact.rounded()
      guard rounded >= 1, rounded <= Double(ValueReader.largestCount) else { return nil }
      widths.append(Int(rounded))
      exact *= ratio
    }
    return widths
  }

  private func checkWidths(_ section: MappingReader<CodingKeys>) throws {
    for ratio in widthRatios {
      for layers in hiddenLayers
      where Self.widths(first: baseWidth, ratio: ratio, layers: layers) == nil {
        let given = section[.widthRatios] ?? section[.hiddenLayers] ?? section[.baseWidth]
        let message =
          "the ratio \(ratio) makes a hidden layer of less than 1 or of more than \(ValueReader.largestCount)"
          + " neurons of the base width \(baseWidth) in \(layers) layers; accepted: ratios nearer to 1"
        throw given!.failure(message)
      }
    }
  }
}
