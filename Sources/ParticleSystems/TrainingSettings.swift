private import CKernels
import Networks

/// Everything that defines the training of an ensemble but its particles.
public struct TrainingSettings: Sendable {
  /// Training and test points.
  public var problem: LearningProblem
  /// Activation and bias.
  public var architecture: Architecture
  /// l, whose mean over training points is minimized.
  public var loss: Loss
  /// Scale of the logits, steps of a and w, optimizer.
  public var step: ParticleStep
  /// Number of updates.
  public var steps: Int
  /// Points of each update.
  public var batches: BatchSchedule
  /// Steps at which functions and losses are recorded.
  public var recorded: RecordedSteps
  /// Test points, the first ones, whose tangent-kernel diagonal is recorded; none with RMSProp, whose
  /// steps have no such kernel.
  public var probes: Int
  /// Steps at which the particles are handed out.
  public var snapshots: [Int]
  /// Whether the terms of the logits (Golikov 2020) are recorded; piecewise linear
  /// activations only.
  public var decomposes: Bool
  /// Which ones: those of the networks' layers.
  package var terms = LogitTerms.oneLayer
  /// Layers of weights whose increments are recorded: all of a deep network, or none.
  package var incrementLayers = 0
  /// Whether the tangent kernel is recorded at all pairs of probes and not on its diagonal alone.
  public var pairsProbes: Bool
  /// Whether the driving field is recorded: one number a training point and output for every update, which is all
  /// that grows with the steps and not with the recorded ones.
  public var recordsLossGradient: Bool

  /// Full batches, every step recorded, no probes and no snapshots, unless said otherwise.
  public init(
    problem: LearningProblem, architecture: Architecture, loss: Loss, step: ParticleStep,
    steps: Int, batches: BatchSchedule = .full, recorded: RecordedSteps = .every(1),
    probes: Int = 0, snapshots: [Int] = [], decomposes: Bool = false,
    pairsProbes: Bool = false, recordsLossGradient: Bool = true
  ) {
    precondition(steps >= 0 && probes >= 0 && probes <= problem.testCount)
    precondition(loss.accepts(outputs: problem.outputs), "the loss needs other outputs")
    if case .rmsProp = step.update { precondition(probes == 0, "RMSProp has no tangent kernel") }
    precondition(!decomposes || architecture.activation.negativeSlope != nil)
    self.problem = problem
    self.architecture = architecture
    self.loss = loss
    self.step = step
    self.steps = steps
    self.batches = batches
    self.recorded = recorded
    self.probes = probes
    self.snapshots = snapshots
    precondition(!pairsProbes || probes <= Self.largestPairedProbes, "\(probes) probes")
    self.decomposes = decomposes
    self.pairsProbes = pairsProbes
    self.recordsLossGradient = recordsLossGradient
  }

  /// Probes whose pairs can be recorded, at most: a recorded step costs their square, in operations a
  /// particle and in memory a block of particles.
  package static let largestPairedProbes = Int(IW_LARGEST_PAIRED)

  /// Entries of the tangent kernel that are recorded: the probes with themselves, and then the pairs
  /// i < j row by row, where they are wanted.
  package var probePairs: [(first: Int, second: Int)] {
    (0..<probes).map { ($0, $0) }
      + (pairsProbes ? (0..<probes).flatMap { i in ((i + 1)..<probes).map { (i, $0) } } : [])
  }

  /// Outputs of the networks.
  package var outputs: Int { problem.outputs }

  /// dL/df of a batch's mean loss: flat (point, output), as the logits.
  package func lossGradients(
    labels: [Double], logits: [Double], magnitude: PowerOfWidth
  ) -> [Double] {
    loss.gradients(labels: labels, logits: logits, outputs: outputs, magnitude: magnitude)
      .map { $0 / Double(labels.count) }
  }
}
