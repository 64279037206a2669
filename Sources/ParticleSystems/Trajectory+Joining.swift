extension Trajectory {
  /// The members of several trajectories of one shape, one after another.
  package init(joining parts: [Trajectory]) {
    precondition(!parts.isEmpty, "nothing to join")
    self = parts[0]
    for part in parts.dropFirst() {
      precondition(part.steps == steps && part.trainingPoints == trainingPoints)
      precondition(part.testPoints == testPoints && part.probes == probes)
      members += part.members
      trainingLogits += part.trainingLogits
      testLogits += part.testLogits
      trainingLoss += part.trainingLoss
      testLoss += part.testLoss
      trainingAccuracy += part.trainingAccuracy
      testAccuracy += part.testAccuracy
      lossGradient += part.lossGradient
      tangentKernelDiagonal += part.tangentKernelDiagonal
      tangentKernel += part.tangentKernel
      decompositionStandardDeviation += part.decompositionStandardDeviation
      mirrorTestLogits += part.mirrorTestLogits
      weightIncrements += part.weightIncrements
      divergedAtStep += part.divergedAtStep
    }
  }
}
