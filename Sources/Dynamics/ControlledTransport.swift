import Execution
import LinearAlgebra
import Networks
import ParticleSystems

/// Particles whose logits are corrected by what is known exactly about their initial sample.
///
/// The exact initial logits are zero and the exact initial tangent kernel K has a closed form; those of
/// a sample differ by f_0^N and K^N - K, and for a while that difference is most of the error of the
/// sample's logits. With S(k) the sum of the steps along the loss gradients (the sum of the g(j), j < k,
/// for gradient descent), three control variates of mean zero are known at every step,
///
///     D_0 = -f_0^N,   D_a = (K_a^N - K_a) S(k),   D_w = (K_w^N - K_w) S(k),
///
/// and the logits f + sum_j beta_j D_j are what the loss gradients are taken at and what is
/// recorded: fed back, since a correction afterwards would not undo what the wrong gradients did.
/// At step 0 the logits are zero, whatever the sample. The coefficients are those of the regression, over replicates and points, of the logits'
/// deviations from the replicates' mean on those of the D_j. They are near one at the start and fade out where the initial error no longer explains the later one,
/// so that the correction does not add noise.
final class ControlledTransport<Scalar: ParticleScalar>: LogitTransport {
  private let inner: any LogitTransport
  private let settings: TrainingSettings
  private let workers: Workers
  private let regression: ReplicateRegression
  private let trainingPoints: Int
  private let allPoints: Int
  /// System by system: K^N - K, part by part (n x (n + t)).
  private let errors: [[AlignedBuffer<Scalar>]]
  private let initialLogits: [[Double]]
  /// Whether the sample's initial logits are not zero by its design.
  private let hasInitialLogits: Bool
  /// Sums of the steps, system by system (training point, output), and the velocities of momentum.
  private var sums: [[Double]]
  private var velocities: [[Double]]
  private var step = 0

  var systems: Int { inner.systems }

  /// - Parameters:
  ///   - kernels: of the systems of `inner`, in their order; their matrices are used up.
  ///   - exact: `nil` where only the initial logits are known exactly.
  ///   - replicates: systems of one realization of the limit, which are consecutive; only these, not
  ///     the systems after all realizations, are regressed on.
  init(
    _ inner: any LogitTransport, kernels: [InitialTangentKernels<Scalar>],
    exact: InitialKernelParts?, replicates: Int, realizations: Int, settings: TrainingSettings,
    workers: Workers
  ) {
    precondition(kernels.reduce(0) { $0 + $1.logits.count } == inner.systems)
    precondition(replicates > 1, "coefficients come from the spread of replicates")
    self.inner = inner
    self.settings = settings
    self.workers = workers.forProducts
    regression = ReplicateRegression(replicates: replicates, realizations: realizations)
    trainingPoints = kernels[0].trainingPoints
    allPoints = kernels[0].allPoints
    initialLogits = kernels.flatMap(\.logits)
    // Where the design makes them zero there is nothing to correct.
    hasInitialLogits = initialLogits.contains { $0.contains { abs($0) > 1e-6 } }
    errors = kernels.flatMap { $0.errors(exact) }
    let count = trainingPoints * settings.outputs
    sums = Array(repeating: Array(repeating: 0, count: count), count: inner.systems)
    velocities = sums
  }

  func advance(
    by update: GradientUpdate?, evaluating request: EvaluationRequest
  ) -> EvaluatedLogits {
    if let update {
      add(update)
      step += 1
    }
    var result = inner.advance(by: update, evaluating: request)
    if step == 0 {
      result.vanish()
      return result
    }
    if request.isRecorded {
      let onTraining = trainingVariates(nil)
      let coefficients = regression.coefficients(of: result.training, on: onTraining)
      correct(&result.training, onTraining, coefficients)
      correct(&result.test, testVariates(), coefficients)
      let batch = request.nextBatch
      correct(
        &result.batch,
        batch.map { batch in onTraining.map { $0.map { $0.rows(batch, of: settings.outputs) } } }
          ?? onTraining, coefficients)
    } else if request.hasNextBatch {
      let onBatch = trainingVariates(request.nextBatch)
      correct(&result.batch, onBatch, regression.coefficients(of: result.batch, on: onBatch))
    }
    return result
  }

  /// Adds a step to S.
  private func add(_ update: GradientUpdate) {
    let outputs = settings.outputs
    for system in 0..<systems {
      if case .momentum(let coefficient) = settings.step.update {
        for i in velocities[system].indices { velocities[system][i] *= coefficient }
      } else {
        velocities[system] = Array(repeating: 0, count: velocities[system].count)
      }
      for (i, g) in update.gradients[system].enumerated() {
        let point = update.batch?[i / outputs] ?? i / outputs
        velocities[system][point * outputs + i % outputs] += g
      }
      for i in sums[system].indices { sums[system][i] += velocities[system][i] }
    }
  }

  /// The control variates of every system on training points (`nil`: all), flat (point, output),
  /// variate by variate. The kernel is symmetric, so rows serve for columns: 2 n operations a point.
  private func trainingVariates(_ points: [Int]?) -> [[[Double]]] {
    let outputs = settings.outputs
    let n = trainingPoints
    let count = points?.count ?? n
    return variates(count: count, initial: points ?? Array(0..<n)) {
      [allPoints] matrix, weights, result in
      var rows = UnsafePointer(matrix)
      var leading = allPoints
      let gathered = AlignedBuffer<Scalar>(count: points == nil ? 0 : count * n, repeating: 0)
      if let points {
        for (position, point) in points.enumerated() {
          (gathered.base + position * n).update(from: matrix + point * allPoints, count: n)
        }
        rows = UnsafePointer(gathered.base)
        leading = n
      }
      Scalar.multiply(
        rows, transposed: false, leading: leading, weights, transposed: false, leading: outputs,
        into: result, leading: outputs, m: count, n: outputs, k: n, alpha: 1, beta: 0)
    }
  }

  /// The control variates on the test points.
  private func testVariates() -> [[[Double]]] {
    let outputs = settings.outputs
    let n = trainingPoints
    let count = allPoints - n
    guard count > 0 else { return (0..<systems).map { _ in [] } }
    return variates(count: count, initial: Array(n..<allPoints)) {
      [allPoints] matrix, weights, result in
      Scalar.multiply(
        matrix + n, transposed: true, leading: allPoints, weights, transposed: false,
        leading: outputs, into: result, leading: outputs, m: count, n: outputs, k: n, alpha: 1,
        beta: 0)
    }
  }

  /// - Parameters:
  ///   - initial: numbers of the points among all.
  ///   - product: writes K^N - K of one part times the weights S: (point, output).
  private func variates(
    count: Int, initial: [Int],
    product:
      @Sendable (
        _ matrix: UnsafeMutablePointer<Scalar>, _ weights: [Scalar],
        _ result: UnsafeMutablePointer<Scalar>
      ) -> Void
  ) -> [[[Double]]] {
    let outputs = settings.outputs
    let parts = errors[0].count
    let width = count * outputs
    let results = AlignedBuffer<Scalar>(count: systems * parts * width, repeating: 0)
    workers.forEach(systems) { [errors, sums] system, _ in
      let weights = sums[system].map { Scalar($0) }
      for part in 0..<parts {
        product(
          errors[system][part].base, weights, results.base + (system * parts + part) * width)
      }
    }
    return (0..<systems).map { system in
      let initialLogits =
        hasInitialLogits ? [initialLogits[system].rows(initial, of: outputs).map { -$0 }] : []
      return initialLogits
        + (0..<parts).map { part in
          let base = results.base + (system * parts + part) * width
          return (0..<width).map { Double(base[$0]) }
        }
    }
  }

  private func correct(
    _ logits: inout [[Double]], _ variates: [[[Double]]], _ coefficients: [Double]
  ) {
    for system in logits.indices {
      for (coefficient, variate) in zip(coefficients, variates[system]) where coefficient != 0 {
        for i in variate.indices { logits[system][i] += coefficient * variate[i] }
      }
    }
  }
}

extension EvaluatedLogits {
  /// The law of a is symmetric, so the exact initial logits are zero.
  fileprivate mutating func vanish() {
    func zeros(_ rows: [[Double]]) -> [[Double]] { rows.map { $0.map { _ in 0 } } }
    batch = zeros(batch)
    training = zeros(training)
    test = zeros(test)
  }
}

extension InitialTangentKernels {
  /// System by system and part by part K^N - K, in the place of K^N; nothing without an exact kernel.
  fileprivate func errors(_ exact: InitialKernelParts?) -> [[AlignedBuffer<Scalar>]] {
    guard let exact else { return logits.map { _ in [] } }
    precondition(exact.output.rows == trainingPoints && exact.output.columns == allPoints)
    let count = trainingPoints * allPoints
    for (parts, exact) in [(outputParts, exact.output), (inputParts, exact.input)]
    where !parts.isEmpty {
      let rounded = AlignedBuffer<Scalar>(count: count, repeating: 0)
      Scalar.round(exact.elements, count: count, to: rounded.base)
      for part in parts {
        Scalar.descend(part.base, along: rounded.base, count: count, step: 1)
      }
    }
    return logits.indices.map { system in
      [outputParts[system]] + (inputParts.isEmpty ? [] : [inputParts[system]])
    }
  }
}
