public import Density
public import Measures

/// What densities are asked for: of which projections, by which estimator, where.
public struct DensityRequest: Sendable {
  /// What turns particles into a density.
  public enum Estimator: Sendable, Equatable {
    /// ``DensityEstimator`` with a kernel of this shape.
    case kernel(SmoothingKernel)
    /// ``HistogramEstimator``.
    case histogram
  }

  /// How wide kernels are.
  public enum BandwidthChoice: Sendable, Equatable {
    /// Improved Sheather-Jones on one axis, Silverman's rule with a full matrix on several.
    case automatic
    case rule(BandwidthRule)
    /// One standard deviation for all axes, or one for each.
    case fixed([Double])
  }

  /// Empty for the default ones.
  public var projections: [ProjectionExpression] = []
  /// A Gaussian kernel, by default.
  public var estimator = Estimator.kernel(.gaussian)
  /// Chosen by a rule, by default.
  public var bandwidth = BandwidthChoice.automatic
  /// What a rule chooses among on several axes; `nil`: a matrix for Gaussian kernels, else one
  /// bandwidth for each axis.
  public var bandwidthShape: BandwidthShape?
  /// Grid points on every axis, cells of histograms; `nil`: by the number of axes, and more of them
  /// where kernels are narrower than their spacing.
  public var gridPoints: Int?
  /// Ends of the grid on some axes, of the outer cells of histograms; by default where the particles of all
  /// snapshots end.
  public var bounds: [AxisExpression: ClosedRange<Double>] = [:]
  /// Whether densities are reflected where an axis ends (lengths at 0).
  public var reflects = true
  /// Training steps; `nil`: all that the run stored.
  public var snapshots: [Int]?
  /// Fresh particles that follow the run's driving field, in place of those that it stored.
  public var particles: Int?
  /// Of fresh particles; replaces `limit.design`.
  public var design: String?
  /// Where the experiment's configuration lies now.
  public var configPath: String?
  /// NETS.nc: finite nets whose laws are looked at beside the limit's, on its grids.
  public var netsPath: String?
  /// DENSITY.nc of another law, whose grids are taken and whose densities are compared with.
  public var comparedPath: String?

  /// The default projections at all snapshots.
  public init() {}

  /// Grid points on an axis of some length, at least ``points(axes:)``: enough that the narrowest kernel
  /// is not narrower than their spacing, within reason.
  func points(axes: Int, length: Double, bandwidth: Double) -> Int {
    let usual = points(axes: axes)
    guard gridPoints == nil, estimator != .histogram else { return usual }
    let most = [1: 1 << 14, 2: 512][axes] ?? usual
    var count = usual
    while count < most, length / Double(count - 1) > bandwidth { count *= 2 }
    return count
  }

  /// Grid points on an axis of a projection with so many.
  func points(axes: Int) -> Int {
    if let gridPoints { return gridPoints }
    return switch (estimator, axes) {
    case (.kernel, 1): 1024
    case (.kernel, 2): 256
    case (.kernel, _): 64
    case (.histogram, 1): 128
    case (.histogram, 2): 64
    case (.histogram, _): 32
    }
  }
}

extension BandwidthRule {
  /// What is chosen where nothing is, in words.
  package static var automaticText: String {
    "\(DensityRequest.automaticRule(axes: 1).rawValue) on one axis,"
      + " \(DensityRequest.automaticRule(axes: 2).rawValue) on several"
  }
}
