/// Which infinite-width limit a file is about: the limit itself in RUN.nc, the one that the scaling
/// of the nets leads to in NETS.nc. The exponents are those of Golikov 2020 (arXiv 2006.06574).
public struct LimitDescription: Sendable, Equatable {
  /// The name of the limit (attribute `limit`), such as "mean_field".
  public var name: String
  /// Exponent in the width of the initial logits.
  public var alpha: Double
  /// Exponent of the tangent kernel, and so of the logit increments.
  public var beta: Double
  /// Exponent of the relative weight increments.
  public var gamma: Double

  /// Exponents of the width d as in ``Regime``.
  public init(name: String, alpha: Double, beta: Double, gamma: Double) {
    self.name = name
    self.alpha = alpha
    self.beta = beta
    self.gamma = gamma
  }

  func write(to file: NetCDFWriter) throws {
    try file.setAttribute("limit", .text(name))
    try file.setAttribute("alpha", .double(alpha))
    try file.setAttribute("beta", .double(beta))
    try file.setAttribute("gamma", .double(gamma))
  }

  /// Reads the attributes back; an exponent that a file does not give is NaN.
  init(from file: NetCDFReader) throws {
    name = try file.text("limit") ?? ""
    alpha = try file.number("alpha") ?? .nan
    beta = try file.number("beta") ?? .nan
    gamma = try file.number("gamma") ?? .nan
  }
}
