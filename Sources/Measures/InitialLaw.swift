/// The law of one neuron's hatted parameters (a, w) at initialization: independent coordinates of
/// mean zero, the same law at every width.
public struct InitialLaw: Sendable, Equatable {
  /// The shape of a coordinate's law; its scale is the standard deviation.
  public enum Shape: String, Sendable, CaseIterable {
    /// Normal.
    case gaussian
    /// Uniform on [-sqrt(3), sqrt(3)] standard deviations: PyTorch's `nn.Linear`.
    case uniform
  }

  /// Of every coordinate.
  public let shape: Shape
  /// Standard deviation of the output weights a.
  public let outputWeightDeviation: Double
  /// Standard deviation of the coordinates of the input weights w.
  public let inputWeightDeviation: Double

  /// PyTorch's default deviations, a ~ U(-1, 1) and w ~ U(-1, 1) / sqrt(D): 1/sqrt(3) and
  /// 1/sqrt(3 D) where no other is given, whatever the shape.
  ///
  /// - Parameter inputDimension: D, the number of input features without the bias.
  public init(
    shape: Shape, inputDimension: Int, outputWeightDeviation: Double? = nil,
    inputWeightDeviation: Double? = nil
  ) {
    precondition(inputDimension >= 1)
    self.shape = shape
    self.outputWeightDeviation = outputWeightDeviation ?? (1 / 3.0).squareRoot()
    self.inputWeightDeviation =
      inputWeightDeviation ?? (1 / (3 * Double(inputDimension))).squareRoot()
  }

  /// Fills `buffer` with the particle's numbers of `stream`, of this shape and the given deviation.
  func fill(
    _ buffer: UnsafeMutableBufferPointer<Double>, from stream: RandomStream, particle: Int,
    deviation: Double
  ) {
    switch shape {
    case .gaussian:
      stream.fillNormals(buffer, particle: particle)
      for i in buffer.indices { buffer[i] *= deviation }
    case .uniform:
      stream.fillUniforms(buffer, particle: particle)
      let halfWidth = 3.0.squareRoot() * deviation
      for i in buffer.indices { buffer[i] = (2 * buffer[i] - 1) * halfWidth }
    }
  }
}
