import Checkpoints
import Networks
import ParticleSystems

/// Particles with two step sizes: a small set S takes every step, a large set L one update by the summed
/// gradients for a block of B steps (`GradientUpdate/midpoint(ofSteps:)`), and so does a copy C of the
/// small set. The logits at step k are
///
///     f(k) = f_S(k) + D(k),    D = f_L - f_C at the starts of blocks.
///
/// *At the start of a block* f = f_L + (f_S - f_C): the large sample's function, less what the large steps do
/// to it as the small sample sees it. Both sets follow the same gradients, and particles act on each
/// other through these alone, so that E(f_S - f_C) is exactly the large set's error of time stepping,
/// whatever the sizes: no bias of order B^2 is left, only the noise of the small sample's f_S - f_C.
///
/// *Within a block* the small set says what every step does, and D is continued from the blocks before
/// (``PathContinuation``): a difference of two samples' functions of one law, noise that changes along the
/// gradients by nearly the same map from block to block, while all that answers fast to changing logits is
/// in f_S. (Holding D constant, f = f_L + the increment of f_S, is worse by one order in B.) How far the
/// continued D is off at the end of the block, when D is known, and the noise of f_S - f_C say how long
/// blocks may be (``BlockLengths``).
///
/// Every system, a replicate or a half of one, has sets of its own, independent of all others, so that the
/// spread of replicates contains the small sets' noise as it contains the large sets'. Test logits and tangent
/// kernels are put together likewise. With B = 1, C is S and f = f_L to rounding.
///
/// *Two ranks.* Where L and C take every step but move some coordinates more rarely (``FastCoordinates``),
/// blocks have one step, D = f_L - f_C at every step, and E(f_S - f_C) is what the rarer moves do.
///
/// Cost in steps of a particle: S for each step, L + C for each block, and for one of more than one step two
/// to two and a half times that (`MeasureLimit/Representation/blockCost(settings:)`).
final class MultirateTransport<Scalar: ParticleScalar>: LogitTransport {
  let large: any LogitTransport
  let fine: any LogitTransport
  let coarse: any LogitTransport
  private let recordsWithin: Bool
  /// Of a system: test logits, entries of the tangent kernel.
  let testNumbers: Int
  let probeNumbers: Int
  private let regression: ReplicateRegression
  var control: MultirateControl<Scalar>?
  var lengths: BlockLengths
  var step = 0
  var blockStart = 0
  var blockEnd = 0
  /// The block's summed gradients, system by system.
  var sums: [[Double]]
  var path = PathContinuation()
  var training = BlockValues()
  var test = BlockValues()
  var diagonals = BlockValues()
  var blocks: [Int] = []
  /// See ``MultirateRecord``.
  var correction = 0.0
  var correctionError = 0.0

  var systems: Int { large.systems }

  /// - Parameters:
  ///   - small: two transports of the same particles, for single steps and for blocks.
  ///   - regression: of the replicates among the systems.
  ///   - control: with two replicates or more.
  init(
    large: any LogitTransport, small: (fine: any LogitTransport, coarse: any LogitTransport),
    blocks: Multirate.Blocks, regression: ReplicateRegression,
    control: MultirateControl<Scalar>?, settings: TrainingSettings
  ) {
    precondition(settings.allowsMultirate && !settings.decomposes)
    precondition(small.fine.systems == large.systems && small.coarse.systems == large.systems)
    precondition(regression.replicates > 1 || control == nil && blocks != .automatic)
    self.large = large
    (fine, coarse) = small
    self.regression = regression
    self.control = control
    recordsWithin = settings.recordsWithinBlocks
    testNumbers = settings.problem.testCount * settings.outputs
    probeNumbers = settings.probePairs.count
    lengths = BlockLengths(blocks, stops: settings.blockStops)
    sums = Array(
      repeating: Array(
        repeating: 0, count: settings.problem.trainingCount * settings.outputs),
      count: large.systems)
  }

  func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    if let update {
      step += 1
      control?.add(update)
      for system in sums.indices {
        for (i, g) in update.gradients[system].enumerated() { sums[system][i] += g }
      }
    }
    var place = path.coefficients(sums)
    // Three sets that do not see each other until all have moved.
    var advances = step == blockEnd ? beginBlockEnd(isRecorded: request.isRecorded) : []
    advances.append(fine.begin(by: update, evaluating: request))
    let evaluated = PendingAdvance.finish(advances)
    var result = evaluated.last!
    let own = request.hasNextBatch ? result.batch : result.training
    var defect: Defect?
    if step == blockEnd {
      defect = endBlock(large: evaluated[0], coarse: evaluated[1], own, place)
      place = path.coefficients(sums)
    }
    var logits = own.plus(training.continued(place))
    if request.isRecorded {
      result.test = result.test.plus(test.continued(place))
      result.tangentKernels = result.tangentKernels.plus(
        diagonals.continued(place))
    }
    if let control, step > 0 {
      let variates = control.variates(on: .training(nil), place)
      let coefficients = regression.coefficients(of: logits, on: variates)
      logits.add(variates, coefficients)
      if request.isRecorded {
        result.test.add(control.variates(on: .test, place), coefficients)
      }
      defect?.add(variates, coefficients)
    }
    if request.hasNextBatch { result.batch = logits }
    if request.isRecorded { result.training = logits }
    if control != nil, step == 0 { result.vanish() }
    if let defect { adapt(defect, logits) }
    if step == blockEnd {
      blockStart = step
      blockEnd = lengths.end(after: step)
    }
    return result
  }

  /// Where the length of blocks is chosen: what was expected at the end of one less what has come, and what
  /// single steps do.
  private struct Defect {
    var logits: [[Double]]
    /// Control variates as they were expected.
    let expected: [[[Double]]]?
    /// f_S - f_C
    let correction: [[Double]]

    mutating func add(_ variates: [[[Double]]], _ coefficients: [Double]) {
      guard let expected else { return }
      logits.add(expected, coefficients)
      logits.add(variates, coefficients.map { -$0 })
    }
  }

  /// Takes the large set, and the copy of the small one, through the block.
  private func beginBlockEnd(isRecorded: Bool) -> [PendingAdvance] {
    let update =
      step == 0 ? nil : GradientUpdate(batch: nil, gradients: sums, steps: step - blockStart)
    let request = EvaluationRequest(
      hasNextBatch: true, nextBatch: nil, isRecorded: isRecorded || recordsWithin)
    return [large, coarse].map { $0.begin(by: update, evaluating: request) }
  }

  private func endBlock(
    large l: EvaluatedLogits, coarse c: EvaluatedLogits, _ own: [[Double]], _ place: [[Double]]
  ) -> Defect? {
    let difference = l.batch.minus(c.batch)
    var defect: Defect?
    if step > 0 {
      let correction = own.minus(c.batch)
      if lengths.isAutomatic {
        defect = Defect(
          logits: training.continued(place).minus(difference),
          expected: control?.variates(on: .training(nil), place), correction: correction)
      }
      blocks.append(step - blockStart)
      record(correction)
    }
    training.append(difference)
    if !l.training.isEmpty {
      test.append(l.test.minus(c.test))
      diagonals.append(l.tangentKernels.minus(c.tangentKernels))
    }
    control?.startBlock()
    if step > 0 { path.append(sums) }
    for system in sums.indices {
      for i in sums[system].indices { sums[system][i] = 0 }
    }
    return defect
  }

  /// The next block: neither the defect nor the noise of f_S - f_C may show beside the sampling error.
  private func adapt(_ defect: Defect, _ logits: [[Double]]) {
    let count = regression.replicates * regression.realizations
    let numbers = Double(count * logits[0].count)
    let squares = defect.logits[..<count].reduce(0) { $0 + $1.reduce(0) { $0 + $1 * $1 } }
    let noise = max(squares / numbers, regression.meanSquareDeviation(defect.correction))
    lengths.adapt(
      after: step - blockStart,
      defect: (noise / regression.meanSquareDeviation(logits)).squareRoot())
  }

  private func record(_ differences: [[Double]]) {
    let estimates = stride(
      from: 0, to: regression.replicates * regression.realizations, by: regression.replicates
    ).map { ReplicateEstimate(differences[$0..<($0 + regression.replicates)]) }
    let means = estimates.flatMap(\.values)
    let square = means.reduce(0) { $0 + $1 * $1 } / Double(max(means.count, 1))
    correction = max(correction, square.squareRoot())
    let error = estimates.reduce(0) { $0 + $1.squaredError } / Double(estimates.count)
    correctionError =
      regression.replicates > 1 ? max(correctionError, error.squareRoot()) : .nan
  }
}

extension [[Double]] {
  fileprivate func plus(_ other: [[Double]]) -> [[Double]] {
    zip(self, other).map { zip($0, $1).map { $0 + $1 } }
  }

  fileprivate func minus(_ other: [[Double]]) -> [[Double]] {
    zip(self, other).map { zip($0, $1).map { $0 - $1 } }
  }
}
