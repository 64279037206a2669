/// STUDY.nc: predictions of kernels of several deep networks on the same points, side by side, and finite networks
/// beside them.
public struct StudyRecord: Sendable, Equatable {
  /// The file, as the user named it.
  public var path: String
  /// Training points.
  public var trainingPoints: Int
  /// Test points.
  public var testPoints: Int
  /// After which trained networks are looked at.
  public var steps: Int
  /// Of the labels, in the likelihood of Bayesian networks.
  public var noiseDeviation: Double
  /// Of the first hidden layers of finite networks, increasing; empty where there are none.
  public var widths: [Int]
  /// Networks of each width.
  public var seeds: Int
  /// One a network, in the order of the study.
  public var cases: [Case]

  package init(
    path: String, trainingPoints: Int, testPoints: Int, steps: Int, noiseDeviation: Double,
    widths: [Int], seeds: Int, cases: [Case]
  ) {
    self.path = path
    self.trainingPoints = trainingPoints
    self.testPoints = testPoints
    self.steps = steps
    self.noiseDeviation = noiseDeviation
    self.widths = widths
    self.seeds = seeds
    self.cases = cases
  }

  /// One network.
  public struct Case: Sendable, Equatable {
    /// As configurations name it, such as `ntk`.
    public var parameterization: String
    /// L, at least 1.
    public var hiddenLayers: Int
    /// N_(l+1) / N_l, before widths are rounded; 1 with one hidden layer.
    public var widthRatio: Double
    /// N_1, ..., N_L.
    public var baseWidths: [Int]
    /// Of the parameterization, in its own units.
    public var learningRate: Double
    /// Bayesian networks.
    public var bayesian: Law
    /// Trained networks of infinite width, after the steps.
    public var trained: Law
    /// The same at the end of training.
    public var end: Law
    /// One a width of the finite networks.
    public var networks: [Networks]

    package init(
      parameterization: String, hiddenLayers: Int, widthRatio: Double, baseWidths: [Int],
      learningRate: Double, bayesian: Law, trained: Law, end: Law, networks: [Networks]
    ) {
      self.parameterization = parameterization
      self.hiddenLayers = hiddenLayers
      self.widthRatio = widthRatio
      self.baseWidths = baseWidths
      self.learningRate = learningRate
      self.bayesian = bayesian
      self.trained = trained
      self.end = end
      self.networks = networks
    }
  }

  /// Networks of infinite width: how well the mean of their functions fits, and what is expected of one of them.
  public struct Law: Sendable, Equatable {
    /// Of the mean function.
    public var meanFunction: StudyScores
    /// Expected of one function drawn from the law.
    public var one: StudyScores

    package init(meanFunction: StudyScores, one: StudyScores) {
      self.meanFunction = meanFunction
      self.one = one
    }

    package init(_ scores: PredictionScores) {
      self.init(
        meanFunction: StudyScores(
          trainingLoss: scores.trainingLoss, testLoss: scores.testLoss,
          trainingAccuracy: scores.trainingAccuracy, testAccuracy: scores.testAccuracy),
        one: StudyScores(
          trainingLoss: scores.trainingMemberLoss, testLoss: scores.testMemberLoss,
          trainingAccuracy: scores.trainingMemberAccuracy, testAccuracy: scores.testMemberAccuracy))
    }
  }

  /// Finite networks of one width after the steps.
  public struct Networks: Sendable, Equatable {
    /// One a seed; NaN where the network diverged.
    public var members: [StudyScores]
    /// Of the mean of the functions of all seeds that did not diverge.
    public var meanFunction: StudyScores

    package init(members: [StudyScores], meanFunction: StudyScores) {
      self.members = members
      self.meanFunction = meanFunction
    }

    /// Networks whose test loss is NaN.
    public var diverged: Int { members.count { $0.testLoss.isNaN } }

    /// Mean over the seeds that did not diverge and its standard error; NaN where there are too few.
    public func statistics(
      _ score: (StudyScores) -> Double
    ) -> (mean: Double, standardError: Double) {
      let values = members.filter { !$0.testLoss.isNaN }.map(score)
      guard !values.isEmpty else { return (.nan, .nan) }
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, values.count > 1 ? (squares / (count - 1) / count).squareRoot() : .nan)
    }
  }
}

/// How well one function fits: squared losses, and accuracies, which are NaN for regression.
public struct StudyScores: Sendable, Equatable {
  /// The mean squared loss on training points.
  public var trainingLoss: Double
  /// The same on test points.
  public var testLoss: Double
  /// Fraction of training points whose class is named.
  public var trainingAccuracy: Double
  /// The same of test points.
  public var testAccuracy: Double

  package init(
    trainingLoss: Double, testLoss: Double, trainingAccuracy: Double, testAccuracy: Double
  ) {
    self.trainingLoss = trainingLoss
    self.testLoss = testLoss
    self.trainingAccuracy = trainingAccuracy
    self.testAccuracy = testAccuracy
  }

  /// Of a function that is not there.
  package static let none = StudyScores([.nan, .nan, .nan, .nan])

  /// Names and meanings in files, in the order of ``values``.
  static let variables: [(name: String, longName: String)] = [
    ("train_loss", "squared loss, mean over the training points"),
    ("test_loss", "squared loss, mean over the test points"),
    ("train_accuracy", "share of the training points that are classified rightly"),
    ("test_accuracy", "share of the test points that are classified rightly"),
  ]

  var values: [Double] { [trainingLoss, testLoss, trainingAccuracy, testAccuracy] }

  init(_ values: [Double]) {
    self.init(
      trainingLoss: values[0], testLoss: values[1], trainingAccuracy: values[2],
      testAccuracy: values[3])
  }
}

extension StudyRecord {
  /// The standard error that a test accuracy has from the choice of the test points, at most.
  package var largestSamplingError: Double { 0.5 / Double(max(1, testPoints)).squareRoot() }

  /// Predictions of kernels, one network a row.
  public var kernelTable: ResultTable {
    var table = ResultTable(
      name: "study_kernels", labelColumn: "parameterization",
      columns: ["hidden_layers", "width_ratio", "learning_rate"]
        + ["nngp", "ntk_steps", "ntk_end"].flatMap { prefix in
          ["", "_one"].flatMap { ["\(prefix)\($0)_test_loss", "\(prefix)\($0)_test_accuracy"] }
        }, textColumns: ["base_widths"])
    for entry in cases {
      table.append(
        [Double(entry.hiddenLayers), entry.widthRatio, entry.learningRate]
          + [entry.bayesian, entry.trained, entry.end].flatMap {
            [
              $0.meanFunction.testLoss, $0.meanFunction.testAccuracy, $0.one.testLoss,
              $0.one.testAccuracy,
            ]
          },
        label: entry.parameterization, texts: [entry.widthsText])
    }
    return table
  }

  /// Finite networks, one width a row, one of them beside what is expected of one of infinite width after as many
  /// steps.
  public var networksTable: ResultTable {
    var table = ResultTable(
      name: "study_networks", labelColumn: "parameterization",
      columns: [
        "hidden_layers", "width_ratio", "width", "mean_function_test_loss",
        "mean_function_test_accuracy", "test_loss", "test_loss_stderr", "ntk_steps_one_test_loss",
        "test_accuracy", "test_accuracy_stderr", "ntk_steps_one_test_accuracy", "diverged",
      ])
    for entry in cases {
      for (width, networks) in zip(widths, entry.networks) {
        let accuracy = networks.statistics(\.testAccuracy)
        let loss = networks.statistics(\.testLoss)
        table.append(
          [
            Double(entry.hiddenLayers), entry.widthRatio, Double(width),
            networks.meanFunction.testLoss, networks.meanFunction.testAccuracy, loss.mean,
            loss.standardError, entry.trained.one.testLoss, accuracy.mean, accuracy.standardError,
            entry.trained.one.testAccuracy, Double(networks.diverged),
          ], label: entry.parameterization)
      }
    }
    return table
  }
}

extension StudyRecord.Case {
  /// Such as "512, 256, 128".
  package var widthsText: String { baseWidths.map(String.init).joined(separator: ", ") }
}
