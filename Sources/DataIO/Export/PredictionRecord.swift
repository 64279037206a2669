import Diagnostics

/// PREDICTION.nc: functions of infinitely wide networks as Gaussian processes, those of the Bayesian network
/// and those of trained networks at some times, on training and test points.
public struct PredictionRecord: Sendable, Equatable {
  /// The file, as the user named it.
  public var path: String
  /// Values of the function at a point.
  public var outputs: Int
  /// One a training point, as in ``LearningProblem``.
  public var trainingLabels: [Double]
  /// One a test point.
  public var testLabels: [Double]
  /// Of the labels' noise.
  public var noiseDeviation: Double
  /// In training steps, increasing; the last may be infinite.
  public var times: [Double]
  /// The posterior.
  public var bayesian: FunctionLaw
  /// One a time.
  public var ensembles: [FunctionLaw]

  package init(
    path: String, outputs: Int, trainingLabels: [Double], testLabels: [Double],
    noiseDeviation: Double, times: [Double], bayesian: FunctionLaw, ensembles: [FunctionLaw]
  ) {
    self.path = path
    self.outputs = outputs
    self.trainingLabels = trainingLabels
    self.testLabels = testLabels
    self.noiseDeviation = noiseDeviation
    self.times = times
    self.bayesian = bayesian
    self.ensembles = ensembles
  }

  /// The Gaussian law of one function. Outputs are independent, with one standard deviation.
  public struct FunctionLaw: Sendable, Equatable {
    /// (point, output)
    public var trainingMean: [Double]
    /// (point, output)
    public var testMean: [Double]
    /// One a point.
    public var trainingDeviation: [Double]
    /// One a test point.
    public var testDeviation: [Double]
    /// How well the law fits the labels.
    public var scores: PredictionScores

    package init(
      trainingMean: [Double], testMean: [Double], trainingDeviation: [Double],
      testDeviation: [Double], scores: PredictionScores
    ) {
      self.trainingMean = trainingMean
      self.testMean = testMean
      self.trainingDeviation = trainingDeviation
      self.testDeviation = testDeviation
      self.scores = scores
    }
  }

  /// The targets of the test points, (point, output): the labels, or, of several outputs, 1 for the class and
  /// 0 for others.
  public var testTargets: [Double] { Self.targets(testLabels, outputs: outputs) }

  /// Squared-loss targets of labels, (point, output).
  package static func targets(_ labels: [Double], outputs: Int) -> [Double] {
    outputs == 1
      ? labels
      : labels.flatMap { label in (0..<outputs).map { Double($0) == label ? 1.0 : 0 } }
  }
}

/// How well a Gaussian law of functions fits, in single numbers.
public struct PredictionScores: Sendable, Equatable {
  /// Of the mean function.
  public var trainingLoss: Double
  /// The same on test points.
  public var testLoss: Double
  /// Expected of one function.
  public var trainingMemberLoss: Double
  /// The same on test points.
  public var testMemberLoss: Double
  /// Of the mean function; NaN for regression.
  public var trainingAccuracy: Double
  /// The same on test points.
  public var testAccuracy: Double
  /// The mean over the test points.
  public var testDeviation: Double
  /// Minus the logarithm of the density at the test labels, mean over the test points; NaN where a standard
  /// deviation is zero.
  public var testDensityLoss: Double
  /// Expected of one function; NaN for regression.
  public var trainingMemberAccuracy: Double
  /// The same on test points.
  public var testMemberAccuracy: Double

  package init(
    trainingLoss: Double, testLoss: Double, trainingMemberLoss: Double, testMemberLoss: Double,
    trainingAccuracy: Double, testAccuracy: Double, testDeviation: Double, testDensityLoss: Double,
    trainingMemberAccuracy: Double, testMemberAccuracy: Double
  ) {
    self.trainingLoss = trainingLoss
    self.testLoss = testLoss
    self.trainingMemberLoss = trainingMemberLoss
    self.testMemberLoss = testMemberLoss
    self.trainingAccuracy = trainingAccuracy
    self.testAccuracy = testAccuracy
    self.testDeviation = testDeviation
    self.testDensityLoss = testDensityLoss
    self.trainingMemberAccuracy = trainingMemberAccuracy
    self.testMemberAccuracy = testMemberAccuracy
  }

  /// Name, meaning and value of each in files and tables.
  static let variables: [(name: String, longName: String)] = [
    ("train_loss", "squared loss of the mean function, mean over the training points"),
    ("test_loss", "squared loss of the mean function, mean over the test points"),
    ("train_member_loss", "expected squared loss of one function, mean over the training points"),
    ("test_member_loss", "expected squared loss of one function, mean over the test points"),
    ("train_accuracy", "share of the training points that the mean function classifies rightly"),
    ("test_accuracy", "share of the test points that the mean function classifies rightly"),
    ("test_mean_std", "standard deviation of the function, mean over the test points"),
    (
      "test_density_loss",
      "minus the logarithm of the density at the test labels, label noise included, mean over the"
        + " test points"
    ),
    (
      "train_member_accuracy",
      "expected share of the training points that one function classifies rightly"
    ),
    (
      "test_member_accuracy",
      "expected share of the test points that one function classifies rightly"
    ),
  ]

  /// In the order of `variables`.
  var values: [Double] {
    [
      trainingLoss, testLoss, trainingMemberLoss, testMemberLoss, trainingAccuracy, testAccuracy,
      testDeviation, testDensityLoss, trainingMemberAccuracy, testMemberAccuracy,
    ]
  }

  /// The names of ``values``, as columns of tables have them.
  static var names: [String] { variables.map(\.name) }

  init(_ values: [Double]) {
    self.init(
      trainingLoss: values[0], testLoss: values[1], trainingMemberLoss: values[2],
      testMemberLoss: values[3], trainingAccuracy: values[4], testAccuracy: values[5],
      testDeviation: values[6], testDensityLoss: values[7], trainingMemberAccuracy: values[8],
      testMemberAccuracy: values[9])
  }
}

extension PredictionRecord {
  /// The table of a run: the Bayesian network (`nngp`), then trained networks (`ntk`) at each time.
  public var table: ResultTable {
    var table = ResultTable(
      name: "predictions", labelColumn: "prediction", columns: ["time"] + PredictionScores.names)
    table.append([.nan] + bayesian.scores.values, label: "nngp")
    for (time, law) in zip(times, ensembles) {
      table.append([time] + law.scores.values, label: "ntk")
    }
    return table
  }
}
