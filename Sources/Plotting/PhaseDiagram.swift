public import Networks

/// The plane of (q_sigma, q_eta) with the stable band, its thirteen limits (one region, line or point
/// each), and one scaling marked (Golikov 2020, arXiv 2006.06574).
///
/// Places are data in units of the exponents, chosen so that no two texts overlap: names of limits on
/// the upper edge stand right of it, on the lower edge left of it, and what is too small to hold its
/// name is tied to it by a thin line.
public struct PhaseDiagram: Sendable, Equatable {
  struct Point: Sendable, Equatable {
    var x: Double
    var y: Double
  }

  /// The name of a limit and the equations or coordinates that single it out.
  struct Name: Sendable, Equatable {
    enum Alignment: String, Sendable { case left, center, right }

    let limit: DynamicallyStableLimit
    let detail: String?
    let place: Point
    let alignment: Alignment
    let rotation: Int
    /// The point of the limit that a thin line ties the name to.
    let target: Point?

    init(
      _ limit: DynamicallyStableLimit, _ detail: String?, at place: (Double, Double),
      _ alignment: Alignment, rotation: Int = 0, target: (Double, Double)? = nil
    ) {
      self.limit = limit
      self.detail = detail
      self.place = Point(x: place.0, y: place.1)
      self.alignment = alignment
      self.rotation = rotation
      self.target = target.map { Point(x: $0.0, y: $0.1) }
    }
  }

  /// Where a scaling is marked.
  enum Mark: Sendable, Equatable {
    case ring(Point)
    /// For a scaling beyond the frame: the arrow ends on the frame.
    case arrow(from: Point, to: Point)
  }

  static let horizontal = -1.8...0.5
  static let vertical = -0.9...1.7

  static let names: [Name] = [
    Name(.beyondMeanField, nil, at: (-1.28, 1.36), .left),
    Name(.meanField, "(−1, 1), α = −1/2", at: (-0.95, 1.06), .left),
    Name(.betweenMeanFieldAndSymmetricDefault, nil, at: (-0.73, 0.80), .left),
    Name(.triangleInterior, nil, at: (-0.40, 0.66), .left, target: (-0.62, 0.50)),
    Name(.symmetricDefault, "(−1/2, 1/2)", at: (-0.42, 0.50), .left, target: (-0.485, 0.50)),
    Name(
      .ntkToSymmetricDefaultLine, "α = 0", at: (-0.19, 0.30), .left, target: (-0.50, 0.25)),
    Name(.beyondSymmetricDefault, nil, at: (0.05, 0.03), .left),
    Name(.interiorVanishing, nil, at: (-1.25, 1.0), .center, rotation: -45),
    Name(.interiorDiverging, nil, at: (-0.09, -0.16), .center, rotation: -45),
    Name(.intermediate, "β = 0", at: (-1.03, 0.44), .right, target: (-0.75, 0.50)),
    Name(.beyondNTKVanishing, nil, at: (-0.90, 0.27), .right),
    Name(.ntk, "(−1/2, 0)", at: (-0.56, -0.06), .right),
    Name(.beyondNTKDiverging, nil, at: (-0.06, -0.52), .right),
  ]

  /// What is marked, in words; enhanced text of gnuplot, in which `q_σ` has a subscript.
  let caption: String
  let marks: [Mark]

  /// - Parameter regime: the scaling to mark, by one point, or by one a layer where q_a and q_w differ.
  public init(marking regime: Regime) {
    let scaling = regime.scaling
    let rates =
      regime.qEta.map { [($0, regime.gamma)] }
      ?? [(scaling.qA, regime.outputWeightGamma), (scaling.qW, regime.inputWeightGamma)]
    marks = rates.map { Self.mark(scaling.qSigma.value, $0.value, gamma: $1.value) }
    func number(_ exponent: ExactDecimal) -> String {
      PlotScript.number(exponent.value).replacing("-", with: "−")
    }
    let exponents =
      regime.qEta.map { "q_σ = \(number(scaling.qSigma)), q_η = \(number($0))" }
      ?? "q_σ = \(number(scaling.qSigma)), q_a = \(number(scaling.qA)),"
      + " q_w = \(number(scaling.qW)) (a mark for each rate)"
    let isBeyond = marks.contains { if case .arrow = $0 { true } else { false } }
    let place = isBeyond ? " (arrow: beyond the frame)" : ""
    caption = "\(exponents): \(Self.outcome(regime))\(place)"
  }

  private static func outcome(_ regime: Regime) -> String {
    if regime.isInitializationCorrected { return "IC-MF" }
    if let limit = regime.limit { return limit.title }
    return regime.gamma > 0 ? "diverges" : regime.isStable ? "stable" : "stagnates"
  }

  /// A scaling beyond the frame is shown where the way to it leaves the frame. The way starts in the
  /// middle of the band at the scaling's own gamma (or the nearest in the band), so that it ends on
  /// the line or in the region that the scaling belongs to.
  private static func mark(_ x: Double, _ y: Double, gamma: Double) -> Mark {
    if horizontal.contains(x), vertical.contains(y) { return .ring(Point(x: x, y: y)) }
    let startX = -0.65
    let startY = min(max(gamma, -0.5), 0) - startX
    let (dx, dy) = (x - startX, y - startY)
    let reach = min(
      dx == 0
        ? .infinity : ((dx > 0 ? horizontal.upperBound : horizontal.lowerBound) - startX) / dx,
      dy == 0 ? .infinity : ((dy > 0 ? vertical.upperBound : vertical.lowerBound) - startY) / dy)
    let tail = reach - 0.16 / (dx * dx + dy * dy).squareRoot()
    return .arrow(
      from: Point(x: startX + tail * dx, y: startY + tail * dy),
      to: Point(x: startX + reach * dx, y: startY + reach * dy))
  }
}
