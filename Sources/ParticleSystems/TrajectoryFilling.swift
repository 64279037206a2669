import Networks

extension Trajectory {
  /// A trajectory of the right shape for a run, all NaN.
  package init(members: Int, settings: TrainingSettings, hasError: Bool) {
    self.init(
      steps: settings.recorded.list(upTo: settings.steps), members: members,
      updates: settings.steps, trainingPoints: settings.problem.trainingCount,
      testPoints: settings.problem.testCount, outputs: settings.outputs, probes: settings.probes,
      hasAccuracy: settings.problem.task != .regression, hasDecomposition: settings.decomposes,
      hasError: hasError, hasProbePairs: settings.pairsProbes,
      hasLossGradient: settings.recordsLossGradient, terms: settings.terms,
      incrementLayers: settings.incrementLayers)
  }

  /// Writes one member's functions at one recorded step, with their losses and accuracies.
  package mutating func set(
    member: Int, stepIndex: Int, trainingLogits: [Double], testLogits: [Double],
    magnitude: PowerOfWidth, settings: TrainingSettings
  ) {
    let row = member * steps.count + stepIndex
    replace(&self.trainingLogits, row: row, with: trainingLogits)
    replace(&self.testLogits, row: row, with: testLogits)
    let problem = settings.problem
    trainingLoss[row] = settings.loss.mean(
      labels: problem.trainingLabels, logits: trainingLogits, outputs: outputs,
      magnitude: magnitude)
    testLoss[row] = settings.loss.mean(
      labels: problem.testLabels, logits: testLogits, outputs: outputs, magnitude: magnitude)
    if !trainingAccuracy.isEmpty {
      trainingAccuracy[row] = problem.accuracy(
        labels: problem.trainingLabels, logits: trainingLogits)
      testAccuracy[row] = problem.accuracy(labels: problem.testLabels, logits: testLogits)
    }
  }

  /// Writes the driving field of one update, where it is recorded: dL/df on the batch, zero elsewhere. Logits
  /// are flat: (point of the batch, output).
  package mutating func setLossGradient(
    member: Int, update: Int, batch: [Int]?, labels: [Double], logits: [Double],
    magnitude: PowerOfWidth, settings: TrainingSettings
  ) {
    guard settings.recordsLossGradient else { return }
    let gradients = settings.lossGradients(labels: labels, logits: logits, magnitude: magnitude)
    let base = (member * updates + update) * trainingPoints * outputs
    for i in 0..<(trainingPoints * outputs) { lossGradient[base + i] = 0 }
    for position in labels.indices {
      for output in 0..<outputs {
        lossGradient[base + (batch?[position] ?? position) * outputs + output] =
          gradients[position * outputs + output]
      }
    }
  }

  /// - Parameter values: in the order of `EvaluatedLogits/tangentKernels`.
  package mutating func setTangentKernel(member: Int, stepIndex: Int, _ values: [Double]) {
    let row = member * steps.count + stepIndex
    replace(&tangentKernelDiagonal, row: row, with: Array(values.prefix(probes)))
    if !tangentKernel.isEmpty { replace(&tangentKernel, row: row, with: square(values)) }
  }

  /// Rows of a symmetric matrix from its diagonal and its pairs i < j row by row.
  private func square(_ values: [Double]) -> [Double] {
    precondition(values.count == probes * (probes + 1) / 2, "all pairs of \(probes) probes")
    var matrix = [Double](repeating: 0, count: probes * probes)
    var next = probes
    for i in 0..<probes {
      matrix[i * probes + i] = values[i]
      for j in (i + 1)..<max(probes, i + 1) {
        matrix[i * probes + j] = values[next]
        matrix[j * probes + i] = values[next]
        next += 1
      }
    }
    return matrix
  }

  /// - Parameter deviations: of the ``terms`` over the test points.
  package mutating func setDecomposition(member: Int, stepIndex: Int, _ deviations: [Double]) {
    precondition(deviations.count == terms.names.count)
    replace(
      &decompositionStandardDeviation, row: member * steps.count + stepIndex, with: deviations)
  }

  /// - Parameter increments: of the layers' weights.
  package mutating func setWeightIncrements(member: Int, stepIndex: Int, _ increments: [Double]) {
    precondition(increments.count == incrementLayers)
    replace(&weightIncrements, row: member * steps.count + stepIndex, with: increments)
  }

  /// Writes the standard errors of one member at one recorded step; those of the tangent kernel in the
  /// order of `EvaluatedLogits/tangentKernels`.
  package mutating func setStandardErrors(
    member: Int, stepIndex: Int, trainingLogits: [Double], testLogits: [Double],
    trainingLoss: Double, testLoss: Double, tangentKernel: [Double]
  ) {
    let row = member * steps.count + stepIndex
    replace(&trainingLogitsStandardError, row: row, with: trainingLogits)
    replace(&testLogitsStandardError, row: row, with: testLogits)
    trainingLossStandardError[row] = trainingLoss
    testLossStandardError[row] = testLoss
    replace(
      &tangentKernelDiagonalStandardError, row: row, with: Array(tangentKernel.prefix(probes)))
    if !tangentKernelStandardError.isEmpty {
      replace(&tangentKernelStandardError, row: row, with: square(tangentKernel))
    }
  }

  /// Makes row `row` of an array whose rows have the length of `values` equal to them.
  private func replace(_ array: inout [Double], row: Int, with values: [Double]) {
    array.replaceSubrange((row * values.count)..<((row + 1) * values.count), with: values)
  }
}
