import Networks

/// Every activation, under the name that fixtures have for it.
let activations: [(name: String, activation: Activation)] = [
  ("linear", .linear), ("relu", .relu), ("leaky_relu", .leakyReLU(slope: 0.1)), ("erf", .erf),
  ("tanh", .tanh), ("gelu", .gelu), ("sin", .sin),
  ("softplus", .softplus),
]
