import DataIO
import ParticleSystems

/// A trajectory in which every array holds other numbers, each telling its place.
func numberedTrajectory(
  members: Int, steps: [Int] = [0, 1, 5], updates: Int = 5, probes: Int = 2, outputs: Int = 1,
  hasAccuracy: Bool = true, hasDecomposition: Bool = false, hasError: Bool = false,
  hasProbePairs: Bool = false, terms: LogitTerms = .oneLayer, incrementLayers: Int = 0,
  offset: Double = 0
) -> Trajectory {
  var result = Trajectory(
    steps: steps, members: members, updates: updates, trainingPoints: 4, testPoints: 3,
    outputs: outputs, probes: probes, hasAccuracy: hasAccuracy,
    hasDecomposition: hasDecomposition, hasError: hasError, hasProbePairs: hasProbePairs,
    terms: terms, incrementLayers: incrementLayers)
  var first = offset
  for array in [
    \Trajectory.trainingLogits, \.testLogits, \.trainingLoss, \.testLoss, \.trainingAccuracy,
    \.testAccuracy, \.lossGradient, \.tangentKernelDiagonal, \.decompositionStandardDeviation,
    \.testLogitsError, \.trainingLogitsStandardError, \.testLogitsStandardError,
    \.trainingLossStandardError, \.testLossStandardError, \.tangentKernelDiagonalStandardError,
    \.tangentKernel,
    \.tangentKernelStandardError, \.weightIncrements,
  ] {
    let count = result[keyPath: array].count
    result[keyPath: array] = (0..<count).map { first + Double($0) }
    first += 10_000
  }
  return result
}

func exampleMetadata() -> FileMetadata {
  FileMetadata(
    configText: "scaling: mean_field  # é\n", history: "2026-01-02T03:04:05Z infwidth limit a b",
    source: "InfiniteWidth 1.0.0", seed: 7, extra: ["note": .text("hello")])
}

func exampleRecording(
  _ trajectory: Trajectory
) -> RecordingDescription {
  RecordingDescription(
    steps: trajectory.steps, updates: trajectory.updates, outputs: trajectory.outputs,
    probes: trajectory.probes, trainingLabels: [-1, 1, -1, 1], testLabels: [1, -1, 1])
}

func exampleRun(
  _ trajectory: Trajectory, measure: MeasureDescription? = nil
) -> RunFileDescription {
  RunFileDescription(
    metadata: exampleMetadata(),
    limit: LimitDescription(name: "mean_field", alpha: -0.5, beta: 0, gamma: 0),
    particles: 1000, realizations: trajectory.members, recording: exampleRecording(trajectory),
    measure: measure)
}
