import Foundation
import InfiniteWidth
import Testing

/// `infwidth train` with several hidden layers in scalings around a network of reference width.
@Suite struct DeepScalingCommandTests: SmallExperiment {
  static let small =
    layeredConfiguration(
      hiddenLayers: 3, referenceWidth: 8, settings: "hidden_weight_std: 0.3",
      "initialization: pytorch_uniform") + """
      training:
        optimizer: rmsprop
        learning_rate: 0.002
        steps: 4
        batch: 10
      scaling: mean_field
      finite:
        widths: [8, 16, 32]
        seeds: 4
      """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  /// The file has what the library makes of the layers.
  @Test func trainWritesTheNetworks() throws {
    let result = try run(
      "train", "small.yaml", "-o", "nets.nc", "--precision", "double", "--quiet", "--csv", "tables")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(
      result.output.hasPrefix(
        "Finite networks: 4 seeds at each width, 3 hidden layers in the mean_field scaling, double"
          + " precision"))
    for name in ["test logits, RMS", "increments, layer 1", "increments, layer 4", "f_mixed"] {
      #expect(result.output.contains("\n\(name) "), "\(name)")
    }
    let file = try NetCDFReader(path: folder.path + "/nets.nc")
    #expect(try file.text("hidden_widths") == "8 8 8; 16 16 16; 32 32 32")
    #expect(try file.number("hidden_layers") == 3)
    #expect(try file.text("limit") == "mean_field" && file.number("alpha") == -1.5)
    #expect(try file.number("beta") == 0 && file.number("gamma") == 0)
    let loaded = try LoadedConfiguration.parse(text: Self.small, path: "small.yaml")
    #expect(loaded.configuration.training?.epsilon == 0)
    let experiment = try Experiment(loaded, takesDeepNetworks: true, takesDeepScalings: true)
    let optimizer = Optimizer.rmsProp(smoothing: 0.99, epsilon: 0)
    var settings = TrainingSettings(
      problem: experiment.problem, architecture: experiment.architecture, loss: .logistic,
      step: ParticleStep(logitScale: 1, outputStep: 1, inputStep: 1), steps: 4,
      batches: .batches(size: 10, shuffleSeed: nil), decomposes: true)
    settings.terms = .severalLayers
    settings.incrementLayers = 4
    let trajectory = DeepNetworks(
      layers: DeepScaling(.meanField, hiddenLayers: 3, optimizer: optimizer).layers(
        width: 16, inputDimension: 5, outputs: 1,
        reference: ReferenceNetwork(width: 8, learningRate: 0.002, optimizer: optimizer),
        law: InitialLaw(shape: .uniform, inputDimension: 5), hiddenWeightDeviation: 0.3),
      firstSeed: 1, seeds: 4, settings: settings
    ).train(in: Double.self, workers: Workers(count: 1))
    for (name, expected) in [
      ("test_logits", trajectory.testLogits), ("loss_gradient", trajectory.lossGradient),
      ("decomposition_std", trajectory.decompositionStandardDeviation),
      ("increment_rms", trajectory.weightIncrements),
    ] {
      let all = try values("nets.nc", name)
      let size = all.count / 3
      #expect(Array(all[size..<(2 * size)]) == expected, "\(name)")
    }
  }

  /// Means over seeds at the last step, and the slopes of the lines through their logarithms; from the file they are
  /// the same.
  @Test func tableOfLayers() throws {
    let result = try run("train", "small.yaml", "-o", "nets.nc", "--quiet", "--csv", "tables")
    #expect(result.status == 0)
    let increments = try values("nets.nc", "increment_rms")
    // (width, seed, step, layer); the third layer at the last of five steps.
    let means = (0..<3).map { width -> Double in
      let own = (0..<4).map { seed in increments[((width * 4 + seed) * 5 + 4) * 4 + 2] }
      return own.reduce(0, +) / 4
    }
    let text = try String(contentsOfFile: folder.path + "/tables/layers.csv", encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    #expect(lines[0] == "quantity,width_8,width_16,width_32,exponent,exponent_stderr,predicted")
    #expect(lines.count == 1 + 2 + 4 + 9)
    let row = lines.first { $0.hasPrefix("increment_rms_3,") }!
      .split(separator: ",").dropFirst().map { Double($0)! }
    #expect(zip(row, means).allSatisfy { abs($0 - $1) < 1e-12 })
    // The slope of a line through three points is between those of its parts.
    let slopes = [log2(means[1] / means[0]), log2(means[2] / means[1])]
    #expect(row[3] >= slopes.min()! && row[3] <= slopes.max()! && row[4] > 0)
    let record = try NetsRecord.read(folder.path + "/nets.nc")
    let experiment = try Experiment(
      LoadedConfiguration.parse(text: Self.small, path: "small.yaml"), takesDeepNetworks: true,
      takesDeepScalings: true)
    let options = RunOptions(
      workers: Workers(count: 1), precision: .single, force: false, commandLine: "test")
    #expect(LayersSummary(of: record, experiment, options: options).table().csv == text)
    let predicted: [String: Double] = [
      "logit_rms": 0, "logit_increment_rms": 0, "increment_rms_1": 0, "increment_rms_2": 0,
      "increment_rms_3": 0, "increment_rms_4": 0, "f_0": -1, "f_a": -1, "f_w": -1, "f_aw": -1,
      "f_v": 0, "f_vw": 0, "f_av": 0, "f_avw": 0, "f_mixed": -0.5,
    ]
    for line in lines.dropFirst() {
      let cells = line.split(separator: ",", omittingEmptySubsequences: false)
      #expect(Double(cells.last!) == predicted[String(cells[0])], "\(line)")
    }
    let logits = try values("nets.nc", "test_logits")
    var squares = 0.0
    for seed in 0..<4 {
      let start = (seed * 5 + 4) * 10
      for value in logits[start..<(start + 10)] { squares += value * value }
    }
    let first = lines[1].split(separator: ",")
    #expect(first[0] == "logit_rms" && abs(Double(first[1])! - (squares / 40).squareRoot()) < 1e-12)
  }

  /// What vanishes and what grows, and what has a limit instead.
  @Test(arguments: [
    (
      "optimizer: rmsprop", "optimizer: gd", "zero",
      "infwidth: warning: gradient descent with 3 hidden layers has no non-trivial mean-field limit: logits"
        + " vanish as d^(-1) (initial function d^(-3/2)), hidden increments as d^(-1/2); RMSProp with epsilon"
        + " = 0 has one.\n"
    ),
    (
      "optimizer: rmsprop", "optimizer: rmsprop\n  epsilon: 1e-8", "zero",
      "infwidth: warning: RMSProp with epsilon > 0 and 3 hidden layers has no non-trivial mean-field limit:"
        + " gradients vanish as d^(-1/2) at step 0, epsilon exceeds them and nothing moves; RMSProp with"
        + " epsilon = 0 has one.\n"
    ),
    (
      "optimizer: rmsprop\n  learning_rate: 0.002\n  steps: 4\n  batch: 10\nscaling: mean_field",
      "learning_rate: 0.002\n  steps: 4\nscaling: default", "none",
      "infwidth: warning: these networks have no limit: the tangent kernel grows as d; with gradient"
        + " descent ntk has a limit, and mean_field with one or two hidden layers.\n"
    ),
    ("hidden_layers: 3", "hidden_layers: 2", "mean_field", ""),
  ])
  func networksWithoutLimitAreTrained(old: String, new: String, limit: String, warning: String)
    throws
  {
    try write("other.yaml", replacing: old, with: new)
    let result = try run("train", "other.yaml", "-o", "nets.nc", "--quiet")
    #expect(result.status == 0)
    #expect(result.errors == warning)
    let file = try NetCDFReader(path: folder.path + "/nets.nc")
    #expect(try file.text("limit") == limit)
    for name in ["zero", "no"] {
      let isGiven = try file.text("\(name)_limit_reason") != nil
      #expect(isGiven == (limit == (name == "zero" ? "zero" : "none")))
    }
    let read = try run("plot", "nets.nc", "-o", "figures")
    #expect(read.status == 0, "\(read.errors)")
  }

  /// Their means with networks whose output weights start with the opposite sign; zero at first.
  @Test func mirrorImages() throws {
    try write(
      "other.yaml", replacing: "  seeds: 4", with: "  seeds: 4\n  mirror: true")
    let result = try run(
      "train", "other.yaml", "-o", "nets.nc", "--quiet", "--precision", "double")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.output.contains("\nmean with mirror image, RMS "))
    let experiment = try Experiment(
      LoadedConfiguration.parse(text: Self.small, path: "small.yaml"), takesDeepNetworks: true,
      takesDeepScalings: true)
    let optimizer = Optimizer.rmsProp(smoothing: 0.99, epsilon: 0)
    let networks = DeepNetworks(
      layers: DeepScaling(.meanField, hiddenLayers: 3, optimizer: optimizer).layers(
        width: 32, inputDimension: 5, outputs: 1,
        reference: ReferenceNetwork(width: 8, learningRate: 0.002, optimizer: optimizer),
        law: InitialLaw(shape: .uniform, inputDimension: 5), hiddenWeightDeviation: 0.3),
      firstSeed: 1, seeds: 4,
      settings: TrainingSettings(
        problem: experiment.problem, architecture: experiment.architecture, loss: .logistic,
        step: ParticleStep(logitScale: 1, outputStep: 1, inputStep: 1), steps: 4,
        batches: .batches(size: 10, shuffleSeed: nil)))
    let workers = Workers(count: 1)
    let own = networks.train(in: Double.self, workers: workers).testLogits
    let images = networks.mirrored.train(in: Double.self, workers: workers).testLogits
    let means = Array(try values("nets.nc", "mirror_test_logits").suffix(own.count))
    #expect(means == zip(own, images).map { ($0 + $1) / 2 })
    #expect(means.prefix(10).allSatisfy { $0 == 0 } && means.suffix(10).allSatisfy { $0 != 0 })
    // One hidden layer has none.
    try write(
      "one.yaml", replacing: "  seeds: 4", with: "  seeds: 4\n  mirror: true")
    let one = try String(contentsOfFile: folder.path + "/one.yaml", encoding: .utf8)
      .replacingOccurrences(of: "hidden_layers: 3", with: "hidden_layers: 1")
    try folder.write("one.yaml", one)
    let note = try run("train", "one.yaml", "-o", "one.nc")
    #expect(
      note.errors.contains(
        "infwidth: note: finite.mirror has no effect: it belongs to several hidden layers in a scaling other"
          + " than ntk\n"))
  }

  /// The default of epsilon is that of the scaling on the command line.
  @Test func scalingOfTheCommandLine() throws {
    try write("other.yaml", replacing: "scaling: mean_field\n", with: "")
    let result = try run(
      "train", "other.yaml", "-o", "nets.nc", "--quiet", "--scaling", "mean_field")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(try run("train", "small.yaml", "-o", "same.nc", "--quiet").status == 0)
    #expect(try values("nets.nc", "test_logits") == values("same.nc", "test_logits"))
  }

  @Test func notesNameWhatHasNoEffect() throws {
    try write(
      "other.yaml", replacing: "  hidden_layers: 3",
      with: "  hidden_layers: 3\n  layer_widths: [8, 8, 8]")
    let result = try run("train", "other.yaml", "-o", "nets.nc")
    #expect(
      result.errors.contains(
        "infwidth: note: network.layer_widths has no effect: it belongs to deep kernels\n"))
    try write("other.yaml", replacing: "hidden_layers: 3", with: "hidden_layers: 1")
    let one = try run("train", "other.yaml", "-o", "one.nc")
    #expect(
      one.errors.contains(
        "infwidth: note: network.hidden_weight_std has no effect: it belongs to several hidden layers in a"
          + " scaling other than ntk\n"))
  }

  @Test(arguments: [
    (
      "train", "scaling: mean_field", "scaling: sym_default",
      "bad.yaml:18: scaling: received sym_default; accepted with deep networks: mean_field, ntk, default,"
        + " ntk_published"
    ),
    (
      "train", "scaling: mean_field", "scaling: {q_sigma: -1, q_eta: 1}",
      "bad.yaml:18: scaling: received -1,1; accepted with deep networks: mean_field, ntk, default,"
        + " ntk_published"
    ),
    (
      "train", "  slope: 0.1", "  bias: true\n  bias_std: 0.1",
      "bad.yaml:8: network.bias: received true; accepted with 3 hidden layers in the mean_field scaling:"
        + " false"
    ),
    (
      "train", "  slope: 0.1", "  weight_std: 1.4",
      "bad.yaml:8: network.weight_std: received 1.4; accepted with 3 hidden layers in the mean_field"
        + " scaling: 1; use input_weight_std, hidden_weight_std and output_weight_std"
    ),
    (
      "train", "  slope: 0.1", "  width_scale: 2",
      "bad.yaml:8: network.width_scale: received 2.0; accepted with 3 hidden layers in the mean_field"
        + " scaling: 1"
    ),
    (
      "train", "  batch: 10\nscaling: mean_field", "  epsilon: 0\nscaling: ntk",
      "bad.yaml:17: training.epsilon: received 0; accepted: a number of at least 1e-15"
    ),
    (
      "train", "  batch: 10", "  epsilon: 1e-16",
      "bad.yaml:17: training.epsilon: received 1e-16; accepted: 0 or a number of at least 1e-15"
    ),
    (
      "train", "  hidden_weight_std: 0.3", "  hidden_weight_std: 0",
      "bad.yaml:11: network.hidden_weight_std: received 0; accepted: a positive number"
    ),
    (
      "compare", "  slope: 0.1", "  slope: 0.2",
      "bad.yaml:12: network.initialization: received pytorch_uniform; accepted with 3 hidden layers in the"
        + " mean_field scaling: gaussian, whose initial processes have closed forms"
    ),
  ])
  func refusals(command: String, old: String, new: String, message: String) throws {
    try write("bad.yaml", replacing: old, with: new)
    let result = try run(command, "bad.yaml", "-o", "x.nc", "--quiet")
    #expect(result.status == 65)
    #expect(result.errors == "infwidth: error: \(message)\n")
    #expect(!folder.exists("x.nc"))
  }
}
