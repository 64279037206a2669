/// Bounds that a coordinate cannot cross, such as 0 for a norm: a density is reflected there, so
/// that no mass leaks out.
///
/// With bounds b the density is the sum of the unbounded estimate over the mirror images of a
/// point: f(x) + f(2 b - x) for one bound, all repeated reflections for two. That is the estimate
/// from the sample and its mirror images (Silverman, *Density Estimation*, 1986, section 2.10).
public struct Boundary: Sendable, Equatable {
  /// `nil` where nothing bounds from below.
  public let lower: Double?
  /// `nil` where nothing bounds from above.
  public let upper: Double?

  /// Bounds in the coordinate's own units, the lower one first.
  public init(lower: Double? = nil, upper: Double? = nil) {
    precondition(lower?.isFinite ?? true && upper?.isFinite ?? true)
    if let lower, let upper { precondition(lower < upper, "\(lower) is not below \(upper)") }
    self.lower = lower
    self.upper = upper
  }

  /// No bound.
  public static var none: Boundary { Boundary() }

  func contains(_ x: Double) -> Bool { x >= lower ?? x && x <= upper ?? x }

  /// The mirror images of `x`, itself first, that lie between `low` and `high`; none where `x` is
  /// out of bounds.
  func images(of x: Double, from low: Double, to high: Double) -> [Double] {
    guard contains(x) else { return [] }
    var images: [Double] = x >= low && x <= high ? [x] : []
    func keep(_ image: Double) {
      if image >= low && image <= high { images.append(image) }
    }
    switch (lower, upper) {
    case (nil, nil): break
    case (let lower?, nil): keep(2 * lower - x)
    case (nil, let upper?): keep(2 * upper - x)
    case (let lower?, let upper?):
      let period = 2 * (upper - lower)
      let last = Int(((high - low) / period).rounded(.up)) + 1
      for turn in -last...last {
        let shift = Double(turn) * period
        if turn != 0 { keep(x + shift) }
        keep(2 * lower - x + shift)
      }
    }
    return images
  }
}
