import Networks
import TimeIntegration

extension Trajectory {
  /// The weighted mean of independent simulations of the same members, with losses and accuracies of
  /// the mean logits and errors added in squares. Biases, which do not average out, are added with
  /// their weights. The steps of integrators are those of all simulations.
  ///
  /// - Parameters:
  ///   - weights: positive, one a simulation; only their ratios matter.
  ///   - rule: the magnitudes at which losses are taken.
  /// - Precondition: equal shapes; no member has diverged.
  package init(
    averaging parts: [Trajectory], weights: [Double], settings: TrainingSettings,
    rule: TrainingRule
  ) {
    precondition(!parts.isEmpty && parts.count == weights.count)
    precondition(parts.allSatisfy { $0.divergedAtStep == parts[0].divergedAtStep })
    let total = weights.reduce(0, +)
    let shares = weights.map { $0 / total }
    func mean(_ values: KeyPath<Trajectory, [Double]>) -> [Double] {
      var result = [Double](repeating: 0, count: parts[0][keyPath: values].count)
      for (part, share) in zip(parts, shares) {
        for (i, value) in part[keyPath: values].enumerated() { result[i] += share * value }
      }
      return result
    }
    func error(_ values: KeyPath<Trajectory, [Double]>) -> [Double] {
      var result = [Double](repeating: 0, count: parts[0][keyPath: values].count)
      for (part, share) in zip(parts, shares) {
        for (i, value) in part[keyPath: values].enumerated() {
          result[i] += share * share * value * value
        }
      }
      return result.map { $0.squareRoot() }
    }
    self = parts[0]
    integration = IntegrationRecord(sumOf: parts.compactMap(\.integration))
    multirate = MultirateRecord(of: parts.compactMap(\.multirate))
    let training = mean(\.trainingLogits)
    let test = mean(\.testLogits)
    for member in 0..<members {
      for (index, step) in steps.enumerated() {
        let row = member * steps.count + index
        let n = trainingPoints * outputs
        let t = testPoints * outputs
        set(
          member: member, stepIndex: index,
          trainingLogits: Array(training[(row * n)..<((row + 1) * n)]),
          testLogits: Array(test[(row * t)..<((row + 1) * t)]),
          magnitude: rule.magnitude(at: step), settings: settings)
      }
    }
    lossGradient = mean(\.lossGradient)
    tangentKernelDiagonal = mean(\.tangentKernelDiagonal)
    tangentKernel = mean(\.tangentKernel)
    testLogitsError = error(\.testLogitsError)
    testLogitsBias = mean(\.testLogitsBias)
    trainingLogitsStandardError = error(\.trainingLogitsStandardError)
    testLogitsStandardError = error(\.testLogitsStandardError)
    trainingLossStandardError = error(\.trainingLossStandardError)
    testLossStandardError = error(\.testLossStandardError)
    tangentKernelDiagonalStandardError = error(\.tangentKernelDiagonalStandardError)
    tangentKernelStandardError = error(\.tangentKernelStandardError)
  }
}
