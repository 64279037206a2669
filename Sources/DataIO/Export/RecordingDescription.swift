/// What a trajectory file records, known before the run: the sizes of its dimensions and the labels.
public struct RecordingDescription: Sendable, Equatable {
  /// Recorded training steps, increasing.
  public var steps: [Int]
  /// Updates whose loss gradient is recorded.
  public var updates: Int
  /// Outputs of the network: 1 for two classes told apart by a sign.
  public var outputs: Int
  /// Test points whose tangent-kernel diagonal is recorded: the first ones.
  public var probes: Int
  /// One label a training point: -1 and +1 for two classes with one output, class numbers where
  /// every class has one, else targets.
  public var trainingLabels: [Double]
  /// One label a test point.
  public var testLabels: [Double]
  /// Of a limit, one number q a recorded step: the recorded logits are those of networks of width d
  /// divided by (d/d*)^q. Empty for networks, whose logits are recorded as they are.
  public var logitExponents: [Double]
  /// What drives the particles of the file; `nil` where they drive themselves.
  package var drivenBy: RecordedDriver?

  /// Exponents are one a step, or none where logits are of order one at all of them.
  public init(
    steps: [Int], updates: Int, outputs: Int, probes: Int, trainingLabels: [Double],
    testLabels: [Double], logitExponents: [Double] = []
  ) {
    precondition(logitExponents.isEmpty || logitExponents.count == steps.count)
    self.logitExponents = logitExponents
    self.steps = steps
    self.updates = updates
    self.outputs = outputs
    self.probes = probes
    self.trainingLabels = trainingLabels
    self.testLabels = testLabels
  }

  /// Training points.
  public var trainingPoints: Int { trainingLabels.count }
  /// Test points.
  public var testPoints: Int { testLabels.count }
}

/// What drives the particles of a file that were not solved for.
public enum RecordedDriver: Sendable, Equatable {
  /// The loss gradients of another file, whose error is not stated.
  case lossGradients(of: String)
  /// The populations of another file, of several hidden layers: particles of the last layer make the logits. Each
  /// replicate drives its own, so that their spread has the error of the populations.
  case populations(of: String)

  /// What a variable is, by its name.
  func longName(_ longName: String, of name: String) -> String {
    switch self {
    case .lossGradients(let file), .populations(let file):
      if name == "loss_gradient" { return "\(longName), copied from \(file)" }
    }
    let isError = name.hasSuffix("_error")
    return switch self {
    case .lossGradients(let file):
      isError
        ? "\(longName), that of the loss gradients of \(file) not included"
        : "\(longName), of fresh particles driven by the loss gradients of \(file)"
    case .populations(let file):
      isError
        ? "\(longName), that of the populations of \(file) included"
        : "\(longName), of fresh particles of the last hidden layer driven by the populations of \(file)"
    }
  }
}
