import Networks

/// The dual of an activation phi: the maps from the covariances of a centred Gaussian pair (u, v)
/// to E[phi(u) phi(v)] and E[phi'(u) phi'(v)] (Daniely, Frostig, Singer, *Toward deeper
/// understanding of neural networks*, 2016, for the name).
///
/// Closed forms where there are any, else a quadrature that states its error. Closed forms hold for
/// all variances from zero to the largest numbers and all correlations from -1 to 1; their error is
/// a few rounding units of sqrt(E[phi(u)^2] E[phi(v)^2]) (of the derivatives likewise), given the
/// covariances; for the sine a rounding unit times the variances more, as E[(u - v)^2] is in an
/// exponent.
public struct DualActivation: Sendable {
  private enum Form: Sendable {
    case piecewiseLinear(PiecewiseLinearDual)
    case erf(ErfDual)
    case gelu(GELUDual)
    case sine(SineDual)
    case quadrature(QuadratureDual)
  }

  /// phi.
  public let activation: Activation
  private let form: Form

  /// In closed form where there is one, else by quadrature (``isClosedForm``).
  public init(_ activation: Activation) {
    self.activation = activation
    switch activation {
    case .linear, .relu, .leakyReLU:
      form = .piecewiseLinear(PiecewiseLinearDual(negativeSlope: activation.negativeSlope!))
    case .erf: form = .erf(ErfDual())
    case .gelu: form = .gelu(GELUDual())
    case .sin: form = .sine(SineDual())
    case .tanh, .softplus: form = .quadrature(QuadratureDual(activation))
    }
  }

  /// Whether both expectations are evaluated in closed form.
  public var isClosedForm: Bool {
    if case .quadrature = form { false } else { true }
  }

  /// Both expectations for one pair.
  public func callAsFunction(_ pair: PairCovariance) -> DualValues {
    switch form {
    case .piecewiseLinear(let dual): dual(pair)
    case .erf(let dual): dual(pair)
    case .gelu(let dual): dual(pair)
    case .sine(let dual): dual(pair)
    case .quadrature(let dual): dual(pair)
    }
  }
}
