import Foundation

/// The map of the unit cube in p - 1 dimensions onto the unit sphere of p-dimensional space that takes volumes to
/// areas: uniform points go to points that are uniform on the sphere.
///
/// Spherical coordinates, the first p - 2 numbers each to the quantile of an angle theta from an axis, the last to
/// an azimuth: x_1 = cos theta_1, x_2 = sin theta_1 cos theta_2, ..., where theta_j has the density sin^(p-1-j)
/// on (0, pi) (Fang and Wang, *Number-theoretic methods in statistics*, 1994, section 1.5). A low-discrepancy set in the
/// cube keeps its rate for one dimension less than normal numbers scaled to one radius do.
struct SphereMap: Sendable {
  /// p.
  let coordinates: Int
  private let angles: [SinePowerQuantile]

  /// - Parameter coordinates: p, at least 2.
  init(coordinates: Int) {
    precondition(coordinates >= 2, "a sphere has 2 coordinates or more, not \(coordinates)")
    self.coordinates = coordinates
    angles = (0..<(coordinates - 2)).map { SinePowerQuantile(power: coordinates - 2 - $0) }
  }

  /// Replaces points by their images, in rows of p numbers: the points are p - 1 numbers each, one behind another, at the
  /// end of the rows.
  func place(count: Int, in rows: UnsafeMutablePointer<Double>) {
    let p = coordinates
    var point = [Double](repeating: 0, count: p - 1)
    for r in 0..<count {
      // A row ends where the points of later rows begin, or before; only its own point may lie below it.
      for j in 0..<(p - 1) { point[j] = rows[count + r * (p - 1) + j] }
      let row = rows + r * p
      var radius = 1.0
      for (j, angle) in angles.enumerated() {
        let (cosine, sine) = angle.cosineAndSine(point[j])
        row[j] = radius * cosine
        radius *= sine
      }
      let azimuth = 2 * Double.pi * point[p - 2]
      row[p - 2] = radius * cos(azimuth)
      row[p - 1] = radius * sin(azimuth)
    }
  }
}

/// Angles on (0, pi) with a density proportional to sin^m.
struct SinePowerQuantile: Sendable {
  /// m, at least 1.
  let power: Int
  /// The integral of sin^m from 0 to pi.
  private let whole: Double

  init(power: Int) {
    precondition(power >= 1)
    self.power = power
    // W_m = (m - 1)/m W_(m-2), W_0 = pi, W_1 = 2 (Wallis).
    var whole = power.isMultiple(of: 2) ? Double.pi : 2
    for m in stride(from: power.isMultiple(of: 2) ? 2 : 3, through: power, by: 2) {
      whole *= Double(m - 1) / Double(m)
    }
    self.whole = whole
  }

  /// Cosine and sine of the angle below which the law has the share u, in (0, 1).
  func cosineAndSine(_ u: Double) -> (cosine: Double, sine: Double) {
    // The law is symmetric about pi/2; 1 - u is exact from 1/2 on.
    let isBelow = u < 0.5
    let share = isBelow ? u : 1 - u
    let (cosine, sine): (Double, Double)
    if power == 1 {
      // cos theta is uniform (Archimedes); 1 - cos and 1 + cos keep the digits of the sine.
      (cosine, sine) = (1 - 2 * share, 2 * (share * (1 - share)).squareRoot())
    } else {
      let angle = self.angle(share)
      (cosine, sine) = (cos(angle), sin(angle))
    }
    return (isBelow ? cosine : -cosine, sine)
  }

  /// The angle up to pi/2 with this share, at most 1/2, below it.
  ///
  /// Newton's method for the (m + 1)th root of the integral, which is nearly linear: sin^m is theta^m near 0.
  private func angle(_ share: Double) -> Double {
    let target = share * whole
    let exponent = Double(power + 1)
    var angle = min(pow(exponent * target, 1 / exponent), .pi / 2)
    // Ten steps are enough for every power and share of the tests, down to shares of 2^-53.
    for _ in 0..<10 {
      let sine = sin(angle)
      let value = integral(angle, sine: sine)
      let excess = pow(target / value, 1 / exponent) - 1
      let step = excess * exponent * value / pow(sine, Double(power))
      angle = min(angle + step, .pi / 2)
      if abs(step) <= 4 * angle.ulp { break }
    }
    return angle
  }

  /// The integral of sin^m from 0 to an angle up to pi/2: half of the incomplete beta function B_x((m + 1)/2, 1/2) of
  /// x = sin^2, or what is left of the whole where that is the larger part.
  func integral(_ angle: Double, sine: Double) -> Double {
    let (cosine, shape) = (cos(angle), Double(power + 1) / 2)
    let square = sine * sine
    let common = pow(sine, 2 * shape) * cosine
    if square < (shape + 1) / (shape + 2.5) {
      return common / (2 * shape) * betaFraction(shape, 0.5, square)
    }
    return whole / 2 - common * betaFraction(0.5, shape, cosine * cosine)
  }
}

/// The continued fraction of a B_x(a, b) / (x^a (1 - x)^b) (NIST Digital Library of Mathematical Functions, 8.17.22), from
/// the front by Lentz's method; it converges fast for x below (a + 1) / (a + b + 2).
private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  var c = 1.0
  var d = 1 / (1 - (a + b) * x / (a + 1))
  var value = d
  for k in 1..<10_000 {
    let m = Double(k)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / (1 + even * d)
    c = 1 + even / c
    value *= c * d
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / (1 + odd * d)
    c = 1 + odd / c
    let factor = c * d
    value *= factor
    if abs(factor - 1) < 2e-16 { break }
  }
  return value
}
