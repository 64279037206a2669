import TimeIntegration

/// What a run records: functions, losses and the driving field over training, for several members
/// side by side (realizations of a limit, or seeds of a finite network).
///
/// Everything downstream (files, figures, comparisons) reads this and never a solver. Arrays are
/// flat, in row-major order of the shapes given; entries after a member diverged are NaN.
public struct Trajectory: Sendable, Equatable {
  /// Recorded training steps, increasing, starting with 0.
  public var steps: [Int]
  /// Realizations of a limit, or seeds of networks.
  public var members: Int
  /// Updates made.
  public var updates: Int
  /// Training points.
  public var trainingPoints: Int
  /// Test points.
  public var testPoints: Int
  /// Logits of a point.
  public var outputs: Int
  /// The first `probes` test points are those of `tangentKernelDiagonal`.
  public var probes: Int

  /// (member, step, training point, output)
  public var trainingLogits: [Double]
  /// (member, step, test point, output)
  public var testLogits: [Double]
  /// (member, step): mean loss over the points.
  public var trainingLoss: [Double]
  /// (member, step): mean loss over the test points.
  public var testLoss: [Double]
  /// (member, step): fraction of points whose class the logits name; empty for regression.
  public var trainingAccuracy: [Double]
  /// The same of test points.
  public var testAccuracy: [Double]
  /// (member, update, training point, output): the driving field g, dL/df at the update's batch
  /// (zero outside it); empty where it is not recorded.
  public var lossGradient: [Double]
  /// (member, step, probe)
  public var tangentKernelDiagonal: [Double]
  /// (member, step, probe, probe): the tangent kernel at all pairs of probes; empty where it was not
  /// asked for.
  public var tangentKernel: [Double] = []
  /// (member, step, term): standard deviation over test points of the terms of the logits (Golikov 2020, arXiv
  /// 2003.05884); empty where not defined.
  public var decompositionStandardDeviation: [Double]
  /// The terms.
  public var terms: LogitTerms
  /// (member, step, layer of weights): root mean square of the weights' increments since step 0, in units in which
  /// initial weights are of order one; empty where not recorded.
  public var weightIncrements: [Double]
  /// Layers of weights whose increments are recorded.
  public var incrementLayers: Int
  /// (member, step, test point, output): the mean of ``testLogits`` and those of the network that starts with the
  /// opposite output weights; empty where there is none.
  public var mirrorTestLogits: [Double] = []
  /// (step): estimated RMS simulation error of the test logits; empty where there is no estimate.
  public var testLogitsError: [Double]
  /// (step): estimated RMS bias of the test logits, of order one over the particles of a replicate;
  /// empty where there is no estimate.
  public var testLogitsBias: [Double] = []
  /// Standard errors of the simulation, in the shapes of what they belong to, widened for the few
  /// replicates that they come from (``studentFactor(samples:)``). All empty where there is no estimate.
  public var trainingLogitsStandardError: [Double] = []
  /// (member, step, test point, output)
  public var testLogitsStandardError: [Double] = []
  /// (member, step)
  public var trainingLossStandardError: [Double] = []
  /// (member, step)
  public var testLossStandardError: [Double] = []
  /// In the shape of ``tangentKernelDiagonal``.
  public var tangentKernelDiagonalStandardError: [Double] = []
  /// In the shape of ``tangentKernel``.
  public var tangentKernelStandardError: [Double] = []
  /// (member): the training step whose logits were no longer finite, or `nil`.
  public var divergedAtStep: [Int?]
  /// What the integrator of a gradient flow took; `nil` for training steps as they are.
  public var integration: IntegrationRecord?
  /// What a simulation with two step sizes took; `nil` where every particle took every step.
  public var multirate: MultirateRecord?

  /// A trajectory with every entry NaN, to be filled in by a recorder.
  package init(
    steps: [Int], members: Int, updates: Int, trainingPoints: Int, testPoints: Int, outputs: Int,
    probes: Int, hasAccuracy: Bool, hasDecomposition: Bool, hasError: Bool,
    hasProbePairs: Bool = false, hasLossGradient: Bool = true, terms: LogitTerms = .oneLayer,
    incrementLayers: Int = 0
  ) {
    func blank(_ count: Int) -> [Double] { Array(repeating: .nan, count: count) }
    let rows = members * steps.count
    self.steps = steps
    self.members = members
    self.updates = updates
    self.trainingPoints = trainingPoints
    self.testPoints = testPoints
    self.outputs = outputs
    self.probes = probes
    trainingLogits = blank(rows * trainingPoints * outputs)
    testLogits = blank(rows * testPoints * outputs)
    trainingLoss = blank(rows)
    testLoss = blank(rows)
    trainingAccuracy = blank(hasAccuracy ? rows : 0)
    testAccuracy = blank(hasAccuracy ? rows : 0)
    lossGradient = blank(
      hasLossGradient ? members * updates * trainingPoints * outputs : 0)
    tangentKernelDiagonal = blank(rows * probes)
    tangentKernel = blank(hasProbePairs ? rows * probes * probes : 0)
    self.terms = terms
    decompositionStandardDeviation = blank(hasDecomposition ? rows * terms.names.count : 0)
    self.incrementLayers = incrementLayers
    weightIncrements = blank(rows * incrementLayers)
    testLogitsError = blank(hasError ? steps.count : 0)
    if hasError {
      trainingLogitsStandardError = trainingLogits
      testLogitsStandardError = testLogits
      trainingLossStandardError = trainingLoss
      testLossStandardError = testLoss
      tangentKernelDiagonalStandardError = tangentKernelDiagonal
      tangentKernelStandardError = tangentKernel
    }
    divergedAtStep = Array(repeating: nil, count: members)
  }
}
