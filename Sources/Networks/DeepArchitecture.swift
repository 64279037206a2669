/// A fully connected network of several hidden layers, x -> dense -> phi -> ... -> phi -> dense, and the
/// law of its initial parameters (Sohl-Dickstein et al. 2020, arXiv 2001.07301).
public struct DeepArchitecture: Sendable, Equatable {
  /// phi, after every dense layer but the last.
  public let activation: Activation
  /// L, at least 1.
  public let hiddenLayers: Int
  /// The base widths N_1 ... N_L; `nil` where they have no effect, as on the kernels of the NTK
  /// parameterization.
  public let baseWidths: [Int]?
  /// s_w, of every dense layer.
  public let weightDeviation: Double
  /// s_b, of every dense layer; `nil` without biases. Zero with biases that start at zero and are
  /// trained.
  public let biasDeviation: Double?
  /// How widths enter.
  public let parameterization: Parameterization
  /// s: hidden layers have s N_l neurons. Inputs and outputs are not scaled.
  public let widthScale: Double

  /// - Precondition: one base width a hidden layer, and all of them where the parameterization is not
  ///   ``Parameterization/ntk``.
  public init(
    activation: Activation, hiddenLayers: Int, baseWidths: [Int]? = nil, weightDeviation: Double,
    biasDeviation: Double? = nil, parameterization: Parameterization, widthScale: Double = 1
  ) {
    precondition(hiddenLayers >= 1 && weightDeviation > 0 && widthScale > 0)
    precondition(baseWidths == nil || baseWidths!.count == hiddenLayers, "one width a hidden layer")
    precondition(baseWidths != nil || parameterization == .ntk, "widths enter the tangent kernel")
    self.activation = activation
    self.hiddenLayers = hiddenLayers
    self.baseWidths = baseWidths
    self.weightDeviation = weightDeviation
    self.biasDeviation = biasDeviation
    self.parameterization = parameterization
    self.widthScale = widthScale
  }
}
