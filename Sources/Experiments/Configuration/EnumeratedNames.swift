// The enumerated words of the configuration file, with the file's spelling as raw value. They name
// choices only: the objects behind them belong to the modules that compute.

/// The activation function phi of `network.activation`.
public enum ActivationName: String, Sendable, Codable, CaseIterable {
  case linear, relu
  case leakyReLU = "leaky_relu"
  case erf, tanh, gelu, softplus, sin
}

/// The law of the initial parameters, `network.initialization`.
public enum InitializationName: String, Sendable, Codable, CaseIterable {
  case gaussian
  /// Uniform on an interval, as PyTorch's `nn.Linear` draws its weights.
  case pytorchUniform = "pytorch_uniform"
  case sphere
}

/// The parameterization of deep kernels and deep networks, `network.parameterization`.
public enum ParameterizationName: String, Sendable, Codable, CaseIterable {
  case ntk
  /// The improved standard parameterization (Sohl-Dickstein et al. 2020, arXiv 2001.07301).
  case standard
  case naiveStandard = "naive_standard"
}

/// The loss of `training.loss`.
public enum LossName: String, Sendable, Codable, CaseIterable {
  case logistic, softmax, squared
}

/// The update rule of `training.optimizer`.
public enum OptimizerName: String, Sendable, Codable, CaseIterable {
  /// Gradient descent; stochastic where `training.batch` is a size.
  case gradientDescent = "gd"
  case momentum, rmsprop
}

/// How a limit advances, `limit.dynamics`: in the training steps themselves or along the gradient
/// flow.
public enum DynamicsName: String, Sendable, Codable, CaseIterable {
  case discrete, flow
}

/// The layout of the data files, `data.format`.
public enum DataFormatName: String, Sendable, Codable, CaseIterable {
  case cifar10, mnist, csv, synthetic
}

/// The scalings that have a name, for `scaling`.
public enum ScalingName: String, Sendable, Codable, CaseIterable {
  case meanField = "mean_field"
  case ntk
  case symmetricDefault = "sym_default"
  /// Mean field with the reference network's initial function added.
  case initialCorrectedMeanField = "ic_mean_field"
  case intermediate
  case `default`
  /// As ``ntk`` with one hidden layer; with more, the scaling of published code whose kernel has no limit.
  case ntkPublished = "ntk_published"
}
