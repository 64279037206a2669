/// An autonomous system of ordinary differential equations dy/dt = F(y) whose state is too large to be
/// handed around: it keeps y and the slopes k_0, k_1, ... itself, and the integrator names linear
/// combinations of them.
///
/// `weights` are the factors of k_0, k_1, ..., step sizes included; slopes beyond them have none.
public protocol IntegratedSystem: AnyObject {
  /// Makes slope number `index` F(y + sum_j weights_j k_j).
  func evaluateSlope(_ index: Int, at weights: [Double])

  /// The size of sum_j weights_j k_j relative to the scale of y: at least zero, where the system is
  /// not defined NaN or infinite. The scale changes in ``move(by:)`` alone.
  func norm(_ weights: [Double]) -> Double

  /// y <- y + sum_j weights_j k_j
  func move(by weights: [Double])

  /// Slopes with these numbers take each other's place.
  func exchangeSlopes(_ first: Int, _ second: Int)
}
