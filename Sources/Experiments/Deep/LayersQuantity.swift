import Networks

/// One of the numbers that say what finite networks of several layers in a scaling are made of.
public enum LayersQuantity: Sendable, Equatable {
  /// Root mean square of the test logits, of their change since step 0, and of their means with mirror images.
  case logits, logitIncrements, mirrorLogits
  /// Root mean square increment of the hatted weights of a layer, from 1.
  case layerIncrements(Int)
  /// Standard deviation over the test points of a term of the logits (`LogitTerms`).
  case term(String)

  /// That of tables.
  public var name: String {
    switch self {
    case .logits: "logit_rms"
    case .logitIncrements: "logit_increment_rms"
    case .mirrorLogits: "mirror_logit_rms"
    case .layerIncrements(let layer): "increment_rms_\(layer)"
    case .term(let name): name
    }
  }

  /// The power of the width that wide networks are predicted to follow; `nil` where nothing is.
  public func predictedExponent(_ scaling: DeepScaling) -> Double? {
    let exponent =
      switch self {
      case .logits: scaling.logitExponent
      case .logitIncrements, .mirrorLogits: scaling.logitIncrementExponent
      case .layerIncrements(let layer): scaling.incrementExponents[layer - 1]
      case .term(let name): scaling.termExponent(named: name)
      }
    return exponent?.value
  }
}
