import Foundation
import InfiniteWidth
import Testing

/// Deep finite networks from the command line.
@Suite struct DeepNetworksTests: SmallExperiment {
  static let network = """
      activation: erf
      bias: true
      hidden_layers: 3
      layer_widths: [8, 20, 3]
      weight_std: 1.3
      bias_std: 0.2
      parameterization: standard
    """

  static let small = """
    data:
      format: synthetic
      dimension: 5
      train: 24
      test: 10
    network:
    \(network)
    training:
      learning_rate: 0.02
      steps: 4
    limit:
      realizations: 5
    finite:
      widths: [8, 32, 64]
      seeds: 5
    record:
      probes: 4
      probe_kernels: true
    """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  /// The file has what the library makes of the layers, in the configuration's terms.
  @Test func trainWritesTheNetworks() throws {
    let result = try run(
      "train", "small.yaml", "-o", "nets.nc", "--precision", "double", "--quiet")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(
      result.output.hasPrefix(
        "Finite networks: 5 seeds at each width, 3 hidden layers in the standard parameterization, the"
          + " width is that of the first, double precision"))
    let file = try NetCDFReader(path: folder.path + "/nets.nc")
    #expect(try file.text("hidden_widths") == "8 20 3; 32 80 12; 64 160 24")
    #expect(try file.text("parameterization") == "standard")
    #expect(try file.text("scaling") == "ntk")
    let problem = try Experiment(
      LoadedConfiguration.parse(text: Self.small, path: "small.yaml"), takesDeepNetworks: true
    ).problem
    let architecture = DeepArchitecture(
      activation: .erf, hiddenLayers: 3, baseWidths: [8, 20, 3], weightDeviation: 1.3,
      biasDeviation: 0.2, parameterization: .standard)
    let trajectory = DeepNetworks(
      layers: architecture.layers(
        hiddenWidths: [32, 80, 12], inputDimension: 5, outputs: 1, learningRate: 0.02,
        optimizer: .gradientDescent), firstSeed: 1, seeds: 5,
      settings: TrainingSettings(
        problem: problem, architecture: Architecture(activation: .erf, hasBias: true),
        loss: .logistic, step: ParticleStep(logitScale: 1, outputStep: 1, inputStep: 1), steps: 4,
        probes: 4, pairsProbes: true)
    ).train(in: Double.self, workers: Workers(count: 1))
    for (name, expected) in [
      ("test_logits", trajectory.testLogits), ("train_loss", trajectory.trainingLoss),
      ("tangent_kernel_diagonal", trajectory.tangentKernelDiagonal),
      ("tangent_kernel", trajectory.tangentKernel),
      ("loss_gradient", trajectory.lossGradient),
    ] {
      let all = try values("nets.nc", name)
      let size = all.count / 3
      #expect(Array(all[size..<(2 * size)]) == expected, "\(name)")
    }
  }

  @Test func compareMeasuresTheApproach() throws {
    try folder.write(
      "wide.yaml",
      Self.small.replacingOccurrences(of: "widths: [8, 32, 64]", with: "widths: [16, 32, 64, 128]"))
    let result = try run(
      "compare", "wide.yaml", "-o", "cmp.nc", "--figures", "figures", "--csv", "tables", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    #expect(folder.contents().contains("figures"))
    let file = try NetCDFReader(path: folder.path + "/cmp.nc")
    let metrics = try file.readStrings("metric")
    #expect(metrics.contains("paired_logit_rms_gap"))
    #expect(!metrics.contains { $0.hasPrefix("wasserstein") })
    // From files it is the same.
    for arguments in [
      ["limit", "wide.yaml", "-o", "run.nc", "--quiet"],
      ["train", "wide.yaml", "-o", "nets.nc", "--quiet"],
      [
        "compare", "wide.yaml", "-o", "again.nc", "--limit", "run.nc", "--nets", "nets.nc",
        "--quiet",
      ],
      ["plot", "run.nc", "nets.nc", "-o", "plots"],
    ] {
      let result = try Program.run(arguments, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    let report = try run("report", "cmp.nc", "run.nc", "nets.nc", "-o", "report.html")
    #expect(report.status == 0, "\(report.errors)")
    for name in ["paired_logit_rms_gap", "tangent_kernel_frobenius_gap", "test_loss_gap", "rate"] {
      let (mine, theirs) = (try values("cmp.nc", name), try values("again.nc", name))
      #expect(zip(mine, theirs).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }, "\(name)")
      #expect(mine.contains { $0 != 0 && !$0.isNaN })
    }
  }

  @Test func naiveNetworksAreComparedWithTheKernelsOfTheirWidth() throws {
    try write(
      "naive.yaml", replacing: "parameterization: standard",
      with: "parameterization: naive_standard")
    let train = try run("train", "naive.yaml", "-o", "nets.nc", "--quiet")
    #expect(train.status == 0)
    #expect(
      train.errors
        == "infwidth: warning: these networks have no limit: in the naive_standard parameterization the"
        + " tangent kernel grows like the width.\n")
    let result = try run(
      "compare", "naive.yaml", "-o", "cmp.nc", "--quiet", "--rate-step", "0")
    #expect(result.status == 0, "\(result.errors)")
    // Relative to kernels that grow eightfold.
    let gaps = try values("cmp.nc", "tangent_kernel_frobenius_gap")
    #expect((0..<3).allSatisfy { gaps[$0 * 5] < 1 } && gaps[10] < 0.6 * gaps[0])
    let limit = try run("compare", "naive.yaml", "-o", "x.nc", "--limit", "nets.nc", "--quiet")
    #expect(limit.status == 64)
    #expect(
      limit.errors
        == "infwidth: error: --limit: received nets.nc; accepted with the naive_standard parameterization:"
        + " none, since networks of each width are compared with the kernels of that width\n")
  }

  /// The scaling is that of the parameterization, said or not.
  @Test func finishedFilesAreThoseOfTheConfiguration() throws {
    try write(
      "said.yaml", replacing: "parameterization: standard",
      with: "parameterization: standard\nscaling: ntk")
    #expect(try run("train", "small.yaml", "-o", "nets.nc", "--quiet").status == 0)
    for configuration in ["small.yaml", "said.yaml"] {
      let again = try run("train", configuration, "-o", "nets.nc", "--resume", "--quiet")
      #expect(again.status == 0, "\(again.errors)")
    }
  }

  @Test func notesNameWhatHasNoEffect() throws {
    try write(
      "notes.yaml", replacing: Self.network,
      with: """
          activation: tanh
          bias: true
          hidden_layers: 2
          bias_std: 0
          reference_width: 16
          width_scale: 2
        """)
    let result = try run("train", "notes.yaml", "-o", "nets.nc")
    #expect(result.status == 0)
    for key in ["network.reference_width", "network.width_scale", "network.bias"] {
      #expect(result.errors.contains("infwidth: note: \(key) has no effect"), "\(result.errors)")
    }
  }

  @Test(arguments: [
    (
      "train", "widths: [8, 32, 64]", "widths: [1]", 65,
      "bad.yaml:20: finite.widths: received 1, the width of the first hidden layer, which leaves hidden"
        + " layer 3 no neurons; accepted with these network.layer_widths: 2 or more"
    ),
    (
      "train", "parameterization: standard", "parameterization: standard\nscaling: mean_field", 65,
      "bad.yaml:13: network.parameterization: received standard; accepted with 3 hidden layers in the mean_field"
        + " scaling: none; leave the key out, or give scaling: ntk"
    ),
    (
      "train", "  layer_widths: [8, 20, 3]\n", "", 65,
      "bad.yaml:6: network.layer_widths: missing; give 3 base widths, one per hidden layer, which the"
        + " standard parameterization needs"
    ),
    (
      "train", "activation: erf", "activation: erf\n  initialization: pytorch_uniform", 65,
      "bad.yaml:8: network.initialization: received pytorch_uniform; accepted with kernels of deep networks:"
        + " gaussian"
    ),
    (
      "compare", "activation: erf", "activation: tanh", 65,
      "bad.yaml:7: network.activation: received tanh, whose kernels have no closed form; accepted: linear,"
        + " relu, leaky_relu, erf, gelu, sin"
    ),
    (
      "compare", "steps: 4", "steps: 4\n  optimizer: rmsprop", 65,
      "bad.yaml:17: training.optimizer: rmsprop has no limit of constant kernel (alpha 0, beta 0, gamma"
        + " -0.5), since its steps are not linear in the loss gradient; accepted in this scaling: gd or"
        + " momentum, or with rmsprop a scaling of gamma 0, the nearest by name being sym_default"
    ),
  ])
  func refusals(command: String, old: String, new: String, status: Int32, message: String) throws {
    try write("bad.yaml", replacing: old, with: new)
    let result = try run(command, "bad.yaml", "-o", "x.nc", "--quiet")
    #expect(result.status == status)
    #expect(result.errors == "infwidth: error: \(message)\n")
    #expect(!folder.exists("x.nc"))
  }
}
