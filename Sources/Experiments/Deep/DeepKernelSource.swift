import DataIO
import Dynamics
import LinearAlgebra
import ParticleSystems

/// Where a limit takes the kernels of deep networks from: a file, or their formulas.
protocol DeepKernelSource: Sendable {
  /// For people.
  var text: String { get }
  /// For files.
  var attributes: [String: AttributeValue] { get }
  /// What a run that is continued has to find again, beside its configuration.
  func runSettings() throws -> [RunSetting]
  /// The covariance of the initial function on the training points and then the test points.
  func covariance() throws -> Matrix<Double>
  /// The tangent kernel, learning rate included.
  func tangent(learningRate: Double, _ settings: TrainingSettings) throws -> TangentKernelMatrices
}
