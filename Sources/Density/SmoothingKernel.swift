/// The shape that replaces each point of a sample.
///
/// Every kernel is scaled so that a bandwidth is its standard deviation: one bandwidth smooths
/// equally with all of them. In several dimensions the Gaussian takes any covariance; the others
/// are products over the axes.
public enum SmoothingKernel: String, Sendable, CaseIterable {
  /// exp(-u^2 / 2) / sqrt(2 pi).
  case gaussian
  /// 3 / 4 (1 - t^2) on |t| < 1, t = u / sqrt(5).
  case epanechnikov
  /// 1 - |t| on |t| < 1, t = u / sqrt(6).
  case triangular
  /// 15 / 16 (1 - t^2)^2 on |t| < 1, t = u / sqrt(7).
  case biweight
  /// 1 / 2 on |t| < 1, t = u / sqrt(3), and half of that at the ends.
  case box

  /// Where the kernel of bandwidth 1 ends; the Gaussian never does.
  var support: Double {
    switch self {
    case .gaussian: .infinity
    case .epanechnikov: 5.0.squareRoot()
    case .triangular: 6.0.squareRoot()
    case .biweight: 7.0.squareRoot()
    case .box: 3.0.squareRoot()
    }
  }
}
