/// The numbers of particles of a layered simulation, and what is at its ends.
public struct LayerSizes: Sendable, Equatable {
  /// Coordinates of the inputs.
  public let features: Int
  /// N_1 ... N_L: particles of each hidden layer.
  public let layers: [Int]
  /// Logits of a point.
  public let outputs: Int

  /// Sizes as they are; every one is at least 1.
  public init(features: Int, layers: [Int], outputs: Int = 1) {
    precondition(features >= 1 && outputs >= 1 && !layers.isEmpty && layers.allSatisfy { $0 >= 1 })
    self.features = features
    self.layers = layers
    self.outputs = outputs
  }

  /// N of the widest layer, and a quarter of it in the last one of several. The error of two layers comes
  /// mostly from the first, that of three from the first two, and the cost is that of the products N_l
  /// N_{l-1} (`data/layered-limits.md`).
  public init(features: Int, widest: Int, hiddenLayers: Int, outputs: Int = 1) {
    precondition(hiddenLayers >= 1)
    let last = hiddenLayers == 1 ? widest : widest / 4
    self.init(
      features: features, layers: Array(repeating: widest, count: hiddenLayers - 1) + [last],
      outputs: outputs)
  }

  /// Particles of the hidden layers, such as 512 x 128.
  public var text: String { layers.map(String.init).joined(separator: " x ") }

  /// L.
  public var hiddenLayers: Int { layers.count }

  /// Rows and columns of the weights into hidden layer l = 2 ... L, by place l - 2.
  public var increments: [(rows: Int, columns: Int)] {
    zip(layers.dropFirst(), layers).map { ($0, $1) }
  }

  /// Numbers of all weights together, which no integer holds for layers that no memory holds.
  public var weights: Double {
    Double(layers[0]) * Double(features) + Double(layers.last!) * Double(outputs)
      + increments.reduce(0) { $0 + Double($1.rows) * Double($1.columns) }
  }

  /// The halves of every layer.
  var halved: LayerSizes {
    LayerSizes(features: features, layers: layers.map { $0 / 2 }, outputs: outputs)
  }
}
