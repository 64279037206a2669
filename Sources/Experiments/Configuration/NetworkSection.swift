/// The section `network`: the reference network and its initial law.
public struct NetworkSection: Sendable, Equatable, Codable {
  /// Default: relu.
  public var activation: ActivationName
  /// The slope of `leaky_relu` for negative arguments, any finite number, by default 0.01; `nil`
  /// with the other activations.
  public var slope: Double?
  /// Default: false. With one hidden layer a bias is an input fixed to 1; deeper networks need
  /// `bias_std`.
  public var bias: Bool
  /// Default: 1.
  public var hiddenLayers: Int
  /// The width d* at which the scaling meets the network as practitioners write it. Default: 128.
  public var referenceWidth: Int
  /// Default: gaussian.
  public var initialization: InitializationName
  /// Standard deviation of w; `nil`: PyTorch's, 1/sqrt(3 D) for D inputs.
  public var inputWeightStandardDeviation: Double?
  /// Standard deviation of the hatted a; `nil`: PyTorch's, 1/sqrt(3).
  public var outputWeightStandardDeviation: Double?
  /// Standard deviation of the hatted weights between hidden layers, in the scalings that have a width of
  /// reference; `nil`: PyTorch's, 1/sqrt(3).
  public var hiddenWeightStandardDeviation: Double?
  /// The base widths N_l of deep networks, one per hidden layer.
  public var layerWidths: [Int]?
  /// s_w of deep networks, before division by the square root of the fan-in. Default: 1.
  public var weightStandardDeviation: Double
  /// s_b of deep networks, not negative, and positive only with `bias: true`; `nil`: 0.
  public var biasStandardDeviation: Double?
  /// Default: ntk.
  public var parameterization: ParameterizationName
  /// s of every hidden layer in the improved standard parameterization. Default: 1.
  public var widthScale: Double

  /// What is left out has the default of the configuration file.
  public init(
    activation: ActivationName = .relu, slope: Double? = nil, bias: Bool = false,
    hiddenLayers: Int = 1, referenceWidth: Int = 128,
    initialization: InitializationName = .gaussian, inputWeightStandardDeviation: Double? = nil,
    outputWeightStandardDeviation: Double? = nil, hiddenWeightStandardDeviation: Double? = nil,
    layerWidths: [Int]? = nil,
    weightStandardDeviation: Double = 1, biasStandardDeviation: Double? = nil,
    parameterization: ParameterizationName = .ntk, widthScale: Double = 1
  ) {
    self.activation = activation
    self.slope = slope ?? Self.defaultSlope(activation)
    self.bias = bias
    self.hiddenLayers = hiddenLayers
    self.referenceWidth = referenceWidth
    self.initialization = initialization
    self.inputWeightStandardDeviation = inputWeightStandardDeviation
    self.outputWeightStandardDeviation = outputWeightStandardDeviation
    self.hiddenWeightStandardDeviation = hiddenWeightStandardDeviation
    self.layerWidths = layerWidths
    self.weightStandardDeviation = weightStandardDeviation
    self.biasStandardDeviation = biasStandardDeviation
    self.parameterization = parameterization
    self.widthScale = widthScale
  }

  private static func defaultSlope(_ activation: ActivationName) -> Double? {
    activation == .leakyReLU ? 0.01 : nil
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case activation, slope, bias
    case hiddenLayers = "hidden_layers"
    case referenceWidth = "reference_width"
    case initialization
    case inputWeightStandardDeviation = "input_weight_std"
    case outputWeightStandardDeviation = "output_weight_std"
    case hiddenWeightStandardDeviation = "hidden_weight_std"
    case layerWidths = "layer_widths"
    case weightStandardDeviation = "weight_std"
    case biasStandardDeviation = "bias_std"
    case parameterization
    case widthScale = "width_scale"
  }
}

extension NetworkSection {
  init(_ value: ValueReader) throws {
    let section = try MappingReader<CodingKeys>(value)
    self.init(activation: try section[.activation]?.word(ActivationName.self) ?? .relu)
    if let given = section[.slope] {
      guard activation == .leakyReLU else {
        throw given.failure("only leaky_relu has a slope; the activation is \(activation.rawValue)")
      }
      slope = try given.number(.finite)
    }
    bias = try section[.bias]?.boolean() ?? bias
    hiddenLayers = try section[.hiddenLayers]?.layerCount() ?? hiddenLayers
    referenceWidth = try section[.referenceWidth]?.count() ?? referenceWidth
    initialization = try section[.initialization]?.word(InitializationName.self) ?? initialization
    inputWeightStandardDeviation = try section[.inputWeightStandardDeviation]?.number(.positive)
    outputWeightStandardDeviation = try section[.outputWeightStandardDeviation]?.number(.positive)
    hiddenWeightStandardDeviation = try section[.hiddenWeightStandardDeviation]?.number(.positive)
    weightStandardDeviation =
      try section[.weightStandardDeviation]?.number(.positive) ?? weightStandardDeviation
    biasStandardDeviation = try section[.biasStandardDeviation]?.number(.nonNegative)
    parameterization =
      try section[.parameterization]?.word(ParameterizationName.self) ?? parameterization
    widthScale = try section[.widthScale]?.number(.positive) ?? widthScale
    try readLayerWidths(section)
    try checkBias(section)
  }

  private mutating func readLayerWidths(_ section: MappingReader<CodingKeys>) throws {
    guard let given = section[.layerWidths] else { return }
    let widths = try given.nonEmptyList(of: "whole numbers").map { try $0.count() }
    guard widths.count == hiddenLayers else {
      let lists = "lists \(widths.count) width\(widths.count == 1 ? "" : "s")"
      throw given.failure(
        "\(lists), but network.hidden_layers is \(hiddenLayers); give one width per hidden layer")
    }
    layerWidths = widths
  }

  /// One hidden layer takes its bias from the law of the input weights; deeper networks have no
  /// such law for it.
  private func checkBias(_ section: MappingReader<CodingKeys>) throws {
    if bias, hiddenLayers > 1, biasStandardDeviation == nil {
      throw section.missing(
        .biasStandardDeviation, give: "a number of at least 0, which bias: true needs")
    }
    if let given = section[.biasStandardDeviation], let deviation = biasStandardDeviation,
      deviation > 0, !bias
    {
      throw given.failure("received \(given.received), but network.bias is false; set bias: true")
    }
  }
}
