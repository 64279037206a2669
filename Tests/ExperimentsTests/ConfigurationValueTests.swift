import Experiments
import Foundation
import Networks
import Testing

@Suite struct ConfigurationValueTests {
  @Test func theCompleteExampleHasTheValuesItStates() throws {
    let expected = ExperimentConfiguration(
      data: DataSection(
        format: .cifar10, trainPath: "train.bin", testPath: "test.bin",
        classes: [ClassSetting(labels: [0]), ClassSetting(labels: [1])], train: 1000, test: 2000,
        normalize: .affine(mean: 0.4734, standardDeviation: 0.2516)),
      network: NetworkSection(
        activation: .leakyReLU, slope: 0.1, bias: false, hiddenLayers: 1, referenceWidth: 128,
        initialization: .gaussian, inputWeightStandardDeviation: 0.0104,
        outputWeightStandardDeviation: 0.577, layerWidths: [512], weightStandardDeviation: 1,
        biasStandardDeviation: 0, parameterization: .ntk, widthScale: 1),
      training: TrainingSection(
        loss: .logistic, optimizer: .gradientDescent, learningRate: 0.02, steps: 50, batch: .full),
      scaling: .named(.meanField),
      limit: LimitSection(
        particles: .automatic, tolerance: 1e-3, design: "auto", replicates: .automatic,
        realizations: 10, seed: 1, dynamics: .discrete, integratorTolerance: 1e-6),
      finite: FiniteSection(widths: [128, 256, 512, 1024, 2048, 4096], seeds: 10),
      record: RecordSection(every: .steps(1), snapshots: [0, 10, 50], probes: 10))
    #expect(try parsed(completeExample).configuration == expected)
  }

  @Test func theDataAloneLeavesDefaultsAndAbsentSections() throws {
    let configuration = try parsed("data: {format: csv, train_path: a.csv}").configuration
    #expect(configuration.data == DataSection(format: .csv, trainPath: "a.csv"))
    #expect(configuration.network == nil)
    #expect(configuration.training == nil)
    #expect(configuration.finite == nil)
    #expect(configuration.scaling == .named(.meanField))
    #expect(configuration.limit.particles == .automatic)
    #expect(configuration.limit.tolerance == 0.001)
    #expect(configuration.limit.realizations == 10)
    #expect(configuration.limit.integratorTolerance == 1e-6)
    #expect(configuration.record.every == .steps(1))
    #expect(configuration.record.snapshots == [])
    #expect(configuration.record.probes == 10)
  }

  @Test func emptySectionsHaveDefaults() throws {
    let configuration = try parsed(
      "data: {format: csv, train_path: a}\nnetwork:\nlimit:\nfinite: {}\nrecord: ~\n"
    ).configuration
    #expect(configuration.network == NetworkSection())
    #expect(configuration.network?.activation == .relu)
    #expect(configuration.network?.referenceWidth == 128)
    #expect(configuration.network?.inputWeightStandardDeviation == nil)
    #expect(configuration.finite?.widths == nil)
    #expect(configuration.finite?.seeds == 10)
  }

  /// Values that are spelled in more than one way, each read through its key.
  @Test func alternativeSpellings() throws {
    let base = "data: {format: csv, train_path: a, train: 100}\n"
    func limit(_ entry: String) throws -> LimitSection {
      try parsed(base + "limit: {\(entry)}").configuration.limit
    }
    func training(_ entry: String) throws -> TrainingSection? {
      try parsed(base + "training: {learning_rate: 1, steps: 5, \(entry)}").configuration.training
    }
    func scaling(_ entry: String) throws -> ScalingSection {
      try parsed(base + "scaling: \(entry)").configuration.scaling
    }
    #expect(try limit("particles: 1e5").particles == .fixed(100_000))
    #expect(try limit("particles: 65536").particles == .fixed(65536))
    #expect(try limit("replicates: 8").replicates == .fixed(8))
    #expect(try limit("seed: 18446744073709551615").seed == .max)
    #expect(try limit("seed: 0").seed == 0)
    #expect(try limit("design: \"sobol\"").design == "sobol")
    #expect(try limit("seed: 2").multirate == .off)
    #expect(try limit("multirate: off").multirate == .off)
    #expect(try limit("multirate: auto").multirate == .automatic)
    #expect(try limit("multirate: 8, small_share: 0.125").multirate == .fixed(8))
    #expect(try limit("multirate: 8, small_share: 0.125").smallShare == 0.125)
    #expect(try limit("seed: 2").rank == .off)
    #expect(try limit("rank: auto").rank == .automatic)
    #expect(try limit("rank: 3").rank == .fixed(3))
    #expect(try limit("dynamics: flow, integrator_tolerance: 1e-9").integratorTolerance == 1e-9)
    #expect(try training("batch: 32")?.batch == .points(32))
    #expect(try training("batch: full")?.batch == .full)
    #expect(try training("optimizer: momentum, momentum: 0")?.momentum == 0)
    #expect(try training("optimizer: momentum")?.momentum == 0.9)
    #expect(try training("optimizer: rmsprop")?.smoothing == 0.99)
    #expect(try training("optimizer: rmsprop, epsilon: 1e-6")?.epsilon == 1e-6)
    #expect(try scaling("ic_mean_field") == .named(.initialCorrectedMeanField))
    let exponents = try (#require(DecimalExponent(text: "-0.75")), DecimalExponent(text: "0.50"))
    #expect(
      try scaling("{q_sigma: -0.75, q_eta: 0.5}")
        == .exponents(sigma: exponents.0, eta: #require(exponents.1)))
    #expect(
      try scaling("{q_w: -.75, q_sigma: -0.75, q_a: \"0.5\"}")
        == .layerwise(sigma: exponents.0, a: #require(exponents.1), w: exponents.0))
  }

  @Test func recordedStepsAndClasses() throws {
    let configuration = try parsed(
      """
      data:
        format: mnist
        train_path: images
        train_labels_path: labels
        classes: [[0, 1, 2], 7, [8]]
        normalize: standardize
        subset_seed: 7
      record:
        every: logarithmic
        snapshots: [50, 0, 10]
        probes: 0
      """
    ).configuration
    #expect(configuration.data.classes?.map(\.labels) == [[0, 1, 2], [7], [8]])
    #expect(configuration.data.normalize == .standardize)
    #expect(configuration.data.subsetSeed == 7)
    #expect(
      configuration.record
        == RecordSection(
          every: .logarithmic, snapshots: [0, 10, 50], probes: 0))
  }

  @Test func syntheticDataReadNoFile() throws {
    let data = try parsed(
      "data: {format: synthetic, train: 20, dimension: 3, separation: 1.5, seed: 4}"
    ).configuration.data
    #expect(
      data
        == DataSection(format: .synthetic, train: 20, dimension: 3, separation: 1.5, seed: 4))
  }

  @Test func exponentsAreExactDecimals() throws {
    let third = try #require(DecimalExponent(text: "-0.1"))
    #expect((0..<10).reduce(ExactDecimal.zero) { sum, _ in sum + third.exactValue } == -1)
    #expect(third.text == "-0.1")
    #expect(third.value == -0.1)
    for text in ["", "-", ".", "1/2", "1e-1", "0.1.2", "--1", "1 ", "nan", "100.1", "0x1"] {
      #expect(DecimalExponent(text: text) == nil, "\(text)")
    }
  }
}
