/// One number of a particle with all that is needed to compute it, to label it and to bound it.
public struct ProjectionAxis: Sendable, Equatable {
  /// What is computed of (a, w).
  public enum Quantity: Sendable, Equatable {
    case outputWeight(Int)
    case inputWeight(Int)
    case norm
    /// w . e, e of unit length.
    case dot([Double])
    /// The angle between w and e.
    case angle([Double])
    /// The preactivation of the particle's layer at a probe.
    case preactivation(Int)
  }

  /// The name that it was made from.
  public let expression: AxisExpression
  /// What is computed.
  public let quantity: Quantity

  /// - Parameter direction: of a dot product or an angle, of any length but 0.
  public init(_ expression: AxisExpression, direction: [Double] = []) {
    self.expression = expression
    let length = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    precondition(expression.direction == nil || length > 0 && length.isFinite)
    let unit = direction.map { $0 / length }
    quantity =
      switch expression {
      case .outputWeight(let number): .outputWeight(number ?? 0)
      case .inputWeight(let number): .inputWeight(number)
      case .norm: .norm
      case .dot: .dot(unit)
      case .angle: .angle(unit)
      case .preactivation(_, let probe): .preactivation(probe)
      }
  }

  /// The name on axes of figures.
  public var label: String { expression.text }

  /// What the number is, for files.
  public var longName: String {
    switch expression {
    case .outputWeight(nil): "hatted output weight a"
    case .outputWeight(let number?): "hatted output weight a of output \(number)"
    case .inputWeight(let number): "coordinate \(number) of the hatted input weight w"
    case .norm: "length of the hatted input weight w"
    case .dot(let direction): "component of the hatted input weight w along \(direction.longName)"
    case .angle(let direction): "angle between the hatted input weight w and \(direction.longName)"
    case .preactivation(let layer, let probe):
      "preactivation of hidden layer \(layer) at test point \(probe)"
    }
  }

  /// As UDUNITS writes it; weights have none.
  public var units: String {
    if case .angle = quantity { "radian" } else { "1" }
  }

  /// The least and the largest value that the number can have, where there are any.
  public var bounds: (lower: Double?, upper: Double?) {
    switch quantity {
    case .norm: (0, nil)
    case .angle: (0, .pi)
    case .outputWeight, .inputWeight, .dot, .preactivation: (nil, nil)
    }
  }

  /// Letters, digits and underscores: a name for variables of files.
  public var identifier: String { expression.identifier }
}

extension DirectionExpression {
  /// What the direction is, for files.
  public var longName: String {
    switch self {
    case .principalComponent(let number):
      "principal component \(number) of the centred training inputs"
    case .meanDifference: "the difference of the class means of the training inputs"
    case .classMeanDifference(let from, let to):
      "the difference from the mean of class \(from) to that of class \(to) of the training inputs"
    case .file(let path): "the direction in \(path)"
    }
  }
}
