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
  /// The file whose loss gradients drive the particles of this one; `nil` where they drive themselves.
  package var drivenBy: String?

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
