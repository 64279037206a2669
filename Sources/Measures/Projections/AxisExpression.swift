/// One number of a particle, by name: of (a, w), or of a neuron of one of several hidden layers.
public enum AxisExpression: Sendable, Hashable {
  /// A component of the output weight; `nil` where there is only one.
  case outputWeight(Int?)
  /// A component of the input weight, from 0.
  case inputWeight(Int)
  /// |w|.
  case norm
  /// w . e for the direction e at unit length.
  case dot(DirectionExpression)
  /// The angle between w and e, from 0 to pi.
  case angle(DirectionExpression)
  /// The preactivation of hidden layer number 1, 2, ... at a test point, from 0.
  case preactivation(layer: Int, probe: Int)

  /// As ``ProjectionExpression`` reads it.
  public var text: String {
    switch self {
    case .outputWeight(nil): "a"
    case .outputWeight(let number?): "a[\(number)]"
    case .inputWeight(let number): "w[\(number)]"
    case .norm: "norm(w)"
    case .dot(let direction): "dot(w, \(direction.text))"
    case .angle(let direction): "angle(w, \(direction.text))"
    case .preactivation(let layer, let probe): "z\(layer)[\(probe)]"
    }
  }

  /// The direction that an inner product is taken with; `nil` of other axes.
  public var direction: DirectionExpression? {
    switch self {
    case .dot(let direction), .angle(let direction): direction
    case .outputWeight, .inputWeight, .norm, .preactivation: nil
    }
  }

  /// The hidden layer whose neurons have the number.
  package func layer(of hiddenLayers: Int) -> Int {
    switch self {
    case .outputWeight: hiddenLayers
    case .inputWeight, .norm, .dot, .angle: 1
    case .preactivation(let layer, _): layer
    }
  }

  /// Letters, digits and underscores: a name for variables of files, such as `dot_w_pca1`.
  public var identifier: String {
    var text = text
    if case .file(let path)? = direction {
      // Of a path the file's own name says enough.
      let name = path.split(separator: "/").last.map(String.init) ?? path
      text = "\(self == .dot(.file(path)) ? "dot" : "angle")(w, file:\(name))"
    }
    var name = ""
    for character in text {
      if character.isASCII, character.isLetter || character.isNumber || character == "_" {
        name.append(character)
      } else if !name.hasSuffix("_") {
        name.append("_")
      }
    }
    while name.hasSuffix("_") { name.removeLast() }
    return name
  }
}
