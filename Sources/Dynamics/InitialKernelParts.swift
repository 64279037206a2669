import LinearAlgebra

/// The exact tangent kernel at initialization in its two parts, between training points (rows) and
/// training points followed by test points (columns); see `InitialTangentKernels`.
public struct InitialKernelParts: Sendable {
  /// logitScale outputStep E[phi phi']
  public let output: Matrix<Double>
  /// logitScale inputStep E[a^2] E[phi' phi'] x . x'
  public let input: Matrix<Double>

  package init(output: Matrix<Double>, input: Matrix<Double>) {
    precondition(output.rows == input.rows && output.columns == input.columns)
    self.output = output
    self.input = input
  }
}
