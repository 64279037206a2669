/// What CMP.nc holds: finite nets of several widths and seeds beside their limit, in one scaling or in
/// several.
public struct ComparisonRecord: Sendable, Equatable {
  /// The file, as the user named it.
  public var path: String
  /// The experiment's name, for figures.
  public var title: String
  /// d*, the width at which networks of all scalings are the same.
  public var referenceWidth: Int
  /// One a scaling. Of one scaling the arrays are in the root group, of several in a group each.
  public var scalings: [ScalingComparison]
  /// Which limit describes the reference network best; `nil` with one scaling.
  public var ranking: ReferenceRanking?
  /// The name of the loss, such as "logistic" (attribute `loss`).
  public var lossName: String?
  /// Remarks on the comparison of several scalings as a whole (attribute `comment` of the root group).
  public var notes: [String]

  package init(
    path: String, title: String, referenceWidth: Int, scalings: [ScalingComparison],
    ranking: ReferenceRanking? = nil, lossName: String? = nil, notes: [String] = []
  ) {
    precondition(notes.isEmpty || scalings.count > 1, "the root group is that of the one scaling")
    self.path = path
    self.title = title
    self.referenceWidth = referenceWidth
    self.scalings = scalings
    self.ranking = ranking
    self.lossName = lossName
    self.notes = notes
  }
}

/// The dimensions that arrays of ``ScalingComparison`` have.
public enum ComparisonDimension: String, Sendable, CaseIterable {
  case width, seed, realization, step, snapshot, projection, test, output
  /// Bins of histograms of the weights, and their edges, one more.
  case bin, edge
}

/// Numbers with names.
public struct ComparisonArray: Sendable, Equatable {
  /// The name of the variable in the file.
  public var name: String
  /// The slowest first; ``ScalingComparison`` has their lengths.
  public var dimensions: [ComparisonDimension]
  /// In the CF conventions' terms; "1" for numbers without.
  public var units: String
  /// What the numbers are, in words.
  public var longName: String
  /// Row by row; NaN where there is none.
  public var values: [Double]
  /// Why there is none, or what else is to be known (attribute `comment`).
  public var comment: String?

  package init(
    _ name: String, _ dimensions: [ComparisonDimension], units: String = "1", longName: String,
    values: [Double], comment: String? = nil
  ) {
    self.name = name
    self.dimensions = dimensions
    self.units = units
    self.longName = longName
    self.values = values
    self.comment = comment
  }
}

/// Nets and limit of one scaling.
///
/// Metrics `M` are arrays `M` (width, step), (width, snapshot) or (width, snapshot, projection) with
/// `M_stderr` (over seeds and realizations), `M_floor` (the same between independent nets of the width) and
/// `M_limit_error` (what the limit's own simulation error contributes; of distances between laws of weights:
/// the distance between two halves of the limit's particles) of the same shape.
public struct ScalingComparison: Sendable, Equatable {
  /// As `--scaling` names it, such as `mean_field` or `-0.75,0.5`.
  public var name: String
  /// The limit for people, such as "IC-MF".
  public var title: String
  /// The limit of the scaling.
  public var limit: LimitDescription
  /// 0 where the limit was computed without.
  public var particles: Int
  /// Hidden widths d, increasing.
  public var widths: [Int]
  /// Numbers of the seeds, each one network at every width.
  public var seeds: [Int]
  /// Of the limit's random initial function; 1 where it is deterministic.
  public var realizations: Int
  /// Recorded training steps, increasing.
  public var steps: [Int]
  /// Training steps at which laws of the weights are compared.
  public var snapshots: [Int]
  /// Axes of the one-dimensional laws.
  public var projections: [String]
  /// Test points.
  public var testPoints: Int
  /// Logits of a point.
  public var outputs: Int
  /// Bins of the histograms of the weights; 0 where there are none.
  public var bins: Int
  /// The metrics, and what belongs to them.
  public var arrays: [ComparisonArray]
  /// Fitted exponents, one a metric.
  public var rates: [ComparedRate]
  /// Remarks: what was not compared, and why.
  public var notes: [String]

  package init(
    name: String, title: String, limit: LimitDescription, particles: Int, widths: [Int],
    seeds: [Int], realizations: Int, steps: [Int], snapshots: [Int], projections: [String],
    testPoints: Int, outputs: Int, bins: Int = 0, arrays: [ComparisonArray] = [],
    rates: [ComparedRate] = [], notes: [String] = []
  ) {
    self.name = name
    self.title = title
    self.limit = limit
    self.particles = particles
    self.widths = widths
    self.seeds = seeds
    self.realizations = realizations
    self.steps = steps
    self.snapshots = snapshots
    self.projections = projections
    self.testPoints = testPoints
    self.outputs = outputs
    self.bins = bins
    self.arrays = arrays
    self.rates = rates
    self.notes = notes
  }

  /// The name of the group: letters first, as NetCDF wants names.
  package var identifier: String { Self.identifier(of: name) }

  /// The name of the group of a scaling: `-0.75,0.5` becomes `q_m0.75_0.5`.
  package static func identifier(of name: String) -> String {
    name.first?.isLetter == true
      ? name : "q_" + name.replacing("-", with: "m").replacing(",", with: "_")
  }

  /// Why the limit's own error is zero, for limits that are computed without particles: one sentence; `nil` for
  /// others.
  package var exactLimitRemark: String? {
    guard particles == 0 else { return nil }
    if limit.name == "zero" {
      return "The limit's own error is zero: its function is zero at every step."
    }
    return "The limit's own error is zero: it is computed from its kernel, without particles"
      + (realizations > 1
        ? ", and nothing in it is random but the initial function, so that numbers marked paired, in which limit"
          + " and network start from one function, hold nothing but the networks' distance from their limit."
        : ".")
  }

  /// The numbers of this name; `nil` where there are none.
  public func array(_ name: String) -> ComparisonArray? { arrays.first { $0.name == name } }

  /// The length of a dimension.
  package func length(_ dimension: ComparisonDimension) -> Int {
    switch dimension {
    case .width: widths.count
    case .seed: seeds.count
    case .realization: realizations
    case .step: steps.count
    case .snapshot: snapshots.count
    case .projection: projections.count
    case .test: testPoints
    case .output: outputs
    case .bin: bins
    case .edge: bins == 0 ? 0 : bins + 1
    }
  }
}

/// A metric's exponent in the width, fitted and predicted.
public struct ComparedRate: Sendable, Equatable {
  /// Name of the array; of a projection with its axis in brackets, such as `wasserstein1[norm(w)]`.
  public var metric: String
  /// The training step at which the exponent is fitted.
  public var step: Int
  /// The metric at each width, with standard errors over seeds and floors between nets.
  public var values: [Double]
  /// Of ``values`` over seeds, one a width.
  public var standardErrors: [Double]
  /// The metric between independent networks, one a width.
  public var floors: [Double]
  /// The limit's own error in this metric.
  public var limitError: Double
  /// NaN where there is no fit.
  public var rate: Double
  /// Of ``rate``; NaN where there is no fit.
  public var rateStandardError: Double
  /// log of the fitted metric at width 1; NaN where there is no fit.
  public var intercept: Double
  /// Sum over fitted widths d of ((y - intercept - rate log d) / e)^2 with ``fittedLogarithms`` y and
  /// ``fittedErrors`` e.
  public var chiSquare: Double
  /// Widths fitted.
  public var fittedWidths: Int
  /// Natural logarithms of the values less what the fit takes off, at each width; NaN where it is not fitted.
  public var fittedLogarithms: [Double]
  /// Their errors, whose inverse squares are the weights of the fit.
  public var fittedErrors: [Double]
  /// NaN where theory has none.
  public var predicted: Double
  /// Where ``predicted`` comes from, in words.
  public var predictionSource: String
  /// One sentence.
  public var verdict: String

  package init(
    metric: String, step: Int, values: [Double], standardErrors: [Double], floors: [Double],
    limitError: Double, rate: Double, rateStandardError: Double, intercept: Double,
    chiSquare: Double, fittedWidths: Int, predicted: Double, predictionSource: String,
    verdict: String, fittedLogarithms: [Double] = [], fittedErrors: [Double] = []
  ) {
    let unknown = values.map { _ in Double.nan }
    self.fittedLogarithms = fittedLogarithms.isEmpty ? unknown : fittedLogarithms
    self.fittedErrors = fittedErrors.isEmpty ? unknown : fittedErrors
    self.metric = metric
    self.step = step
    self.values = values
    self.standardErrors = standardErrors
    self.floors = floors
    self.limitError = limitError
    self.rate = rate
    self.rateStandardError = rateStandardError
    self.intercept = intercept
    self.chiSquare = chiSquare
    self.fittedWidths = fittedWidths
    self.predicted = predicted
    self.predictionSource = predictionSource
    self.verdict = verdict
  }
}
