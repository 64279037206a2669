/// Densities of laws of the weights, as DENSITY.nc holds them: one entry a law and projection, those of the
/// limit first, then those of the nets by width.
public struct DensityRecord: Sendable, Equatable {
  /// The file, as the user named it.
  public var path: String
  /// The title for figures: the experiment and its limit.
  public var title: String
  /// One entry a law and projection.
  public var projections: [ProjectionDensity]
  /// The directions that the projections are made on.
  public var directions: [Direction] = []

  /// A direction in the space of w, one number a coordinate.
  public struct Direction: Sendable, Equatable {
    /// The name of its variable.
    public var identifier: String
    /// What it is, in words.
    public var longName: String
    /// Of unit length.
    public var values: [Double]

    package init(identifier: String, longName: String, values: [Double]) {
      self.identifier = identifier
      self.longName = longName
      self.values = values
    }
  }

  package init(path: String, title: String, projections: [ProjectionDensity]) {
    self.path = path
    self.title = title
    self.projections = projections
  }
}

/// The densities of one law along one projection at all snapshots, on one grid.
public struct ProjectionDensity: Sendable, Equatable {
  /// One axis of the grid.
  public struct Axis: Sendable, Equatable {
    /// The name of the coordinate variable.
    public var identifier: String
    /// The expression, such as "dot(w, pca1)".
    public var label: String
    /// What it is, in words.
    public var longName: String
    /// Of the coordinate; "1" for hatted weights.
    public var units: String
    /// Grid points, increasing by equal steps.
    public var points: [Double]
    /// Where values beyond cannot occur and the estimate reflects.
    public var lowerBound: Double?
    /// The same from above.
    public var upperBound: Double?

    package init(
      identifier: String, label: String, longName: String, units: String, points: [Double],
      lowerBound: Double? = nil, upperBound: Double? = nil
    ) {
      self.identifier = identifier
      self.label = label
      self.longName = longName
      self.units = units
      self.points = points
      self.lowerBound = lowerBound
      self.upperBound = upperBound
    }

    /// The distance of neighbouring grid points.
    public var spacing: Double {
      (points[points.count - 1] - points[0]) / Double(points.count - 1)
    }
  }

  /// How far the density at each snapshot is from another one; natural logarithms.
  public struct Distances: Sendable, Equatable {
    /// Integral of |p - q|, from 0 to 2.
    public var l1: [Double] = []
    /// Square root of the integral of (p - q)^2.
    public var l2: [Double] = []
    /// Square root of half the integral of (sqrt p - sqrt q)^2, from 0 to 1.
    public var hellinger: [Double] = []
    /// Integral of p log(p / q), p the density of the snapshot, q not below its accuracy: a lower bound.
    public var kullbackLeibler: [Double] = []
    /// Mass of p where q is below its accuracy.
    public var massBeyond: [Double] = []

    package init() {}
  }

  /// A local maximum that stands out.
  public struct Mode: Sendable, Equatable {
    /// One coordinate an axis.
    public var position: [Double]
    /// The density there.
    public var density: Double
    /// Its height above the highest pass to a higher one, or above 0 for the highest.
    public var prominence: Double

    package init(position: [Double], density: Double, prominence: Double) {
      self.position = position
      self.density = density
      self.prominence = prominence
    }
  }

  /// The name of the group; of nets within that of their width.
  public var identifier: String
  /// Hidden neurons of the nets whose law it is, pooled over the seeds; `nil` for a limit.
  public var width: Int?
  /// Nets that are pooled.
  public var seeds: Int?
  /// The expression, such as "a, norm(w)".
  public var expression: String
  /// One to three, in the order of the expression.
  public var axes: [Axis]
  /// Training steps.
  public var steps: [Int]
  /// (snapshot, axis, ...).
  public var density: [Double]
  /// What made it, in words: the estimator, its kernel or its bins, what happens at bounds.
  public var estimator = ""
  /// How the bandwidth was chosen, in words.
  public var bandwidthRule = ""
  /// (snapshot, axis, axis): the covariance of the kernel, of which the square roots of the diagonal
  /// are the bandwidths; of histograms the squares of the bins' widths.
  public var bandwidthMatrix: [Double] = []
  /// One a snapshot: (sum m)^2 / sum m^2 over masses m.
  public var effectiveSampleSize: [Double] = []
  /// Particles beyond the grid, and their mass.
  public var outsideCount: [Int] = []
  /// Their share of the mass, one a snapshot.
  public var outsideMass: [Double] = []
  /// (snapshot, axis): of the particles, not of the density.
  public var mean: [Double] = []
  /// (snapshot, axis): of the particles.
  public var standardDeviation: [Double] = []
  /// The differential entropy, minus the integral of p log p, in nats, one a snapshot.
  public var entropy: [Double] = []
  /// One list a snapshot, the highest first.
  public var modes: [[Mode]] = []
  /// One axis only: (snapshot, point).
  public var cumulative: [Double] = []
  /// Levels of ``quantiles``, between 0 and 1; empty with several axes.
  public var quantileLevels: [Double] = []
  /// One axis only: (snapshot, level).
  public var quantiles: [Double] = []
  /// From the first snapshot's density.
  public var fromFirst = Distances()
  /// Of nets, from the densities of the limit in the same file.
  public var fromLimit: Distances?
  /// From the densities of another file at the same steps, NaN at steps that it does not have.
  public var fromOther: Distances?

  package init(
    identifier: String, expression: String, axes: [Axis], steps: [Int], density: [Double] = []
  ) {
    self.identifier = identifier
    self.expression = expression
    self.axes = axes
    self.steps = steps
    self.density = density
  }

  /// What it is of, in words.
  public var title: String { expression + (width.map { ", nets of width \($0)" } ?? "") }

  /// The name of its table and figures.
  package static func name(_ identifier: String, width: Int?) -> String {
    "density_\(identifier)" + (width.map { "_width_\($0)" } ?? "")
  }

  /// Whether values are means over the cells around grid points.
  public var isHistogram: Bool { estimator.hasPrefix("histogram") }

  /// What is wrong with a grid that no particle lies on, or that is too coarse for the kernels: sums over its
  /// points are then no integrals. (With a Gaussian of deviation h and spacing s their error is exp(-2 pi^2 h^2 / s^2).)
  package var gridWarning: String? {
    if let snapshot = outsideMass.firstIndex(where: { $0 > 1 - 1e-9 }) {
      return "all particles at step \(steps[snapshot]) lie beyond the grid; take other bounds"
    }
    guard !isHistogram else { return nil }
    for (number, axis) in axes.enumerated() {
      for (snapshot, step) in steps.enumerated() {
        let bandwidth = bandwidth(snapshot: snapshot, axis: number)
        guard bandwidth < 0.6 * axis.spacing else { continue }
        return
          "the grid's spacing along \(axis.label), \(axis.spacing), is too coarse for the bandwidth"
          + " at step \(step), \(bandwidth): entropies, quantiles and distances, which are sums over"
          + " grid points, are inaccurate; take more grid points or a larger bandwidth"
      }
    }
    return nil
  }

  /// What the numbers are of, where particles lie beyond the grid: of the part inside, whose density integrates to
  /// its mass; between such parts the divergence, without the terms beyond, may be negative.
  package var outsideRemark: String? {
    let isNegative = [fromFirst, fromLimit ?? Distances(), fromOther ?? Distances()].contains {
      $0.kullbackLeibler.contains { $0 < -1e-9 }
    }
    guard isNegative || outsideCount.contains(where: { $0 > 0 }) else { return nil }
    return "Mass lies beyond the grid: entropies, quantiles, modes and distances are those of the"
      + " part inside"
      + (isNegative
        ? "; a Kullback-Leibler divergence is negative because of the mass beyond" : "")
  }

  /// Numbers of one snapshot's density.
  package var gridSize: Int { axes.reduce(1) { $0 * $1.points.count } }

  /// The density of one snapshot.
  public func density(snapshot: Int) -> [Double] {
    Array(density[(snapshot * gridSize)..<((snapshot + 1) * gridSize)])
  }

  /// The bandwidth of a snapshot along one axis.
  public func bandwidth(snapshot: Int, axis: Int) -> Double {
    let k = axes.count
    return bandwidthMatrix[(snapshot * k + axis) * k + axis].squareRoot()
  }
}
