import Execution
import FiniteWidth
import Networks
import ParticleSystems
import TestSupport
import Testing

@Suite struct DeepNetworksTests {
  private static func networks(
    _ activation: Activation = .erf, width: Int = 40, seeds: Int = 3, learningRate: Double = 0.2,
    optimizer: Optimizer = .momentum(0.8), batches: BatchSchedule = .full, steps: Int = 5
  ) -> DeepNetworks {
    let architecture = DeepArchitecture(
      activation: activation, hiddenLayers: 2, baseWidths: [8, 5], weightDeviation: 1.4,
      biasDeviation: 0.3, parameterization: .standard)
    return DeepNetworks(
      layers: architecture.layers(
        hiddenWidths: architecture.hiddenWidths(first: width), inputDimension: 3, outputs: 2,
        learningRate: learningRate, optimizer: optimizer), firstSeed: 7, seeds: seeds,
      settings: DeepProblem.settings(
        DeepProblem.problem(training: 300, test: 200, outputs: 2), activation, loss: .softmax,
        steps: steps, batches: batches, probes: 150))
  }

  @Test func widthsKeepTheRatiosOfTheBaseWidths() {
    func widths(_ base: [Int]?, _ first: Int) -> [Int] {
      DeepArchitecture(
        activation: .relu, hiddenLayers: 3, baseWidths: base, weightDeviation: 1,
        parameterization: .ntk
      ).hiddenWidths(first: first)
    }
    #expect(widths([512, 256, 128], 1024) == [1024, 512, 256])
    #expect(widths([4, 6, 3], 7) == [7, 11, 5])
    #expect(widths([100, 10, 1], 40) == [40, 4, 0])
    #expect(widths(nil, 12) == [12, 12, 12])
  }

  /// More points than a block, more seeds and probes than threads.
  @Test(arguments: [BatchSchedule.full, .batches(size: 130, shuffleSeed: 4)])
  func bitsDoNotDependOnThreads(_ batches: BatchSchedule) {
    let networks = Self.networks(batches: batches)
    let one = networks.train(in: Float.self, workers: Workers(count: 1))
    let three = networks.train(in: Float.self, workers: Workers(count: 3))
    #expect(one.testLogits == three.testLogits && one.trainingLogits == three.trainingLogits)
    #expect(one.tangentKernelDiagonal == three.tangentKernelDiagonal)
    #expect(one.testLogits.allSatisfy { $0.isFinite })
  }

  /// Seeds trained alone, and wider networks with the same first neurons.
  @Test func seedsAndWidthsAreNested() {
    let together = Self.networks().train(in: Double.self, workers: Workers(count: 2))
    let alone = DeepNetworks(
      layers: Self.networks().layers, firstSeed: 8, seeds: 1, settings: Self.networks().settings
    ).train(in: Double.self, workers: Workers(count: 2))
    let row = together.testLogits.count / 3
    #expect(Array(together.testLogits[row..<(2 * row)]) == alone.testLogits)

    let architecture = DeepArchitecture(
      activation: .erf, hiddenLayers: 2, weightDeviation: 1.4, biasDeviation: 0.3,
      parameterization: .ntk)
    func ensemble(_ width: Int) -> DeepEnsemble<Double> {
      DeepEnsemble(
        layers: architecture.layers(
          hiddenWidths: [width, width], inputDimension: 3, outputs: 1, learningRate: 1,
          optimizer: .gradientDescent), firstSeed: 3, systems: 2, workers: Workers(count: 1))
    }
    let (narrow, wide) = (ensemble(10), ensemble(90))
    for neuron in 0..<10 {
      for input in 0..<10 {
        #expect(
          narrow.weight(1, system: 1)[neuron * 10 + input]
            == wide.weight(1, system: 1)[neuron * 90 + input])
      }
      #expect(narrow.bias(1, system: 1)[neuron] == wide.bias(1, system: 1)[neuron])
    }
    #expect(narrow.weight(1, system: 0)[0] != narrow.weight(1, system: 1)[0])
  }

  @Test func divergenceIsRecorded() {
    let trajectory = Self.networks(
      .relu, learningRate: 1e200, optimizer: .gradientDescent, steps: 8
    ).train(in: Double.self, workers: Workers(count: 1))
    #expect(trajectory.divergedAtStep.allSatisfy { $0 != nil && $0! >= 1 })
    #expect(trajectory.testLogits.prefix(200).allSatisfy { $0.isFinite })
    #expect(trajectory.testLogits.suffix(200).allSatisfy { $0.isNaN })
  }

  /// Interrupted after each step, with momentum in mini-batches.
  @Test func stateIsWhole() throws {
    let networks = Self.networks(batches: .batches(size: 130, shuffleSeed: nil))
    let whole = networks.train(in: Double.self, workers: Workers(count: 2))
    for stop in 0..<4 {
      let continued = try resumed(afterStep: stop) { action, isSecond in
        try networks.train(
          in: Double.self, workers: Workers(count: isSecond ? 1 : 2), atBoundary: action,
          atStep: { _, _ in })
      }
      #expect(continued?.testLogits == whole.testLogits)
      #expect(continued?.lossGradient == whole.lossGradient)
    }
  }
}
