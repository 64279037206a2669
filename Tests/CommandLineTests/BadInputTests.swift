import Foundation
import Testing

/// What the program refuses, in which words and with which status.
@Suite struct BadInputTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  struct Refusal: Sendable {
    let replace: String
    let with: String
    let message: String
    var command = "limit"
    var status: Int32 = 65
  }

  /// Each with the line and key at fault, the value and what is accepted; nothing is written.
  static let refusals = [
    Refusal(
      replace: "leaky_relu\n  slope: 0.1", with: "softplus\n  hidden_layers: 2",
      message:
        "bad.yaml:7: network.activation: received softplus, whose kernels have no closed form; accepted: linear, relu, leaky_relu, erf, gelu, sin"
    ),
    Refusal(
      replace: "leaky_relu\n  slope: 0.1", with: "tanh\n  hidden_layers: 2",
      message:
        "bad.yaml:7: network.activation: received tanh, whose kernels have no closed form; accepted: linear, relu, leaky_relu, erf, gelu, sin"
    ),
    Refusal(
      replace: "reference_width: 16", with: "initialization: sphere",
      message:
        "bad.yaml:9: network.initialization: sphere is not available in this version; available: gaussian, pytorch_uniform"
    ),
    Refusal(
      replace: "steps: 6", with: "steps: 6\n  optimizer: rmsprop\nscaling: ntk",
      message:
        "bad.yaml:13: training.optimizer: rmsprop has no limit of constant kernel (alpha 0, beta 0, gamma -0.5), since its steps are not linear in the loss gradient; accepted in this scaling: gd or momentum, or with rmsprop a scaling of gamma 0, the nearest by name being sym_default"
    ),
    Refusal(
      replace: "steps: 6", with: "steps: 6\n  optimizer: rmsprop\nscaling: {q_sigma: -1, q_eta: 1}",
      message:
        "bad.yaml:14: scaling: the scaling has no limit (alpha -0.5, beta 1, gamma 1): gamma = 1 > 0: relative increments of the weights grow with the width as d^1, and the dynamics diverges. The nearest scaling by name that has one: mean_field"
    ),
    Refusal(
      replace: "steps: 6",
      with: "steps: 6\n  optimizer: rmsprop\n  loss: squared\nscaling: sym_default",
      message:
        "bad.yaml:14: training.loss: the squared loss has no limit in this scaling (alpha 0, beta 0.5, gamma 0): logits diverge like d^0.5, and its gradient with them; accepted: the logistic loss, or a scaling of finite logits, the nearest being {q_sigma: -1, q_eta: 0}"
    ),
    Refusal(
      replace:
        "activation: leaky_relu\n  slope: 0.1\n  reference_width: 16\ntraining:\n  learning_rate: 0.2\n  steps: 6\nlimit:\n  particles: 256",
      with:
        "activation: tanh\n  reference_width: 16\ntraining:\n  learning_rate: 0.2\n  steps: 6\nlimit:\n  particles: 256\n  design: radius",
      message:
        "bad.yaml:14: limit.design: received radius, but the radius can be left out for linear, relu and leaky_relu only; auto would choose sobol+moments"
    ),
    Refusal(
      replace: "particles: 256", with: "particles: auto\n  replicates: 1",
      message:
        "bad.yaml:15: limit.replicates: received 1; accepted: 2 or more with automatic particles, whose number is chosen by the spread of replicates"
    ),
    Refusal(
      replace: "particles: 256", with: "particles: 250",
      message:
        "bad.yaml:14: limit.particles: received 250; accepted: a multiple of 8 (8 replicates of particles in groups of 1), such as 256"
    ),
    Refusal(
      replace: "particles: 256", with: "{particles: 256, design: halton}",
      message:
        "bad.yaml:14: limit.design: received halton; accepted: auto, or words joined by +, at most one of independent, sobol, sphere, at most one of antithetic, reflected, quadruples, and moments, radius, importance (sphere stands alone, radius and importance exclude each other)"
    ),
    Refusal(
      replace: "particles: 256", with: "{particles: 256, design: sphere}",
      message:
        "bad.yaml:14: limit.design: received sphere, but the spherical rule is for 2 or 3 coordinates (of a and w together), not 6; auto would choose sobol+moments+radius"
    ),
    Refusal(
      replace: "limit:", with: "scaling: default\nlimit:",
      message:
        "bad.yaml:13: scaling: the scaling has no limit (alpha 0, beta 1, gamma 0.5): q_sigma + q_a = 0.5 > 0: relative increments of the output weights grow with the width as d^0.5, and the dynamics diverges. The nearest scaling by name that has one: sym_default"
    ),
    Refusal(
      replace: "steps: 6",
      with: "steps: 6\n  loss: squared\nscaling: {q_sigma: -0.75, q_eta: 0.75}",
      message:
        "bad.yaml:13: training.loss: the squared loss has no limit in this scaling (alpha -0.25, beta 0.25, gamma 0): logits diverge like d^0.25, and its gradient with them; accepted: the logistic loss, or a scaling of finite logits, the nearest being {q_sigma: -0.85, q_eta: 0.7}"
    ),
    Refusal(
      replace: "particles: 256", with: "particles: 256\n  seed: 18446744073709551615",
      message:
        "bad.yaml:15: limit.seed: received 18446744073709551615; accepted: seeds from 0 to 9007199254740992"
    ),
    Refusal(
      replace: "steps: 6", with: "steps: 0",
      message:
        "bad.yaml:12: training.steps: received 0; accepted: a whole number of at least 1"),
    Refusal(
      replace: "learning_rate: 0.2", with: "learning_rate: -0.2",
      message: "bad.yaml:11: training.learning_rate: received -0.2; accepted: a positive number"),
    Refusal(
      replace: "widths: [8, 32]", with: "widths: [0]",
      message:
        "bad.yaml:16: finite.widths: received 0; accepted: a whole number of at least 1"),
    Refusal(
      replace: "  widths: [8, 32]\n", with: "",
      message:
        "bad.yaml:15: finite.widths: missing; give the widths to train, such as [128, 512, 2048], or --width",
      command: "train"),
    Refusal(
      replace: "steps: 6", with: "stpes: 6",
      message: "bad.yaml:12: training.stpes: unknown key; did you mean steps?"),
    Refusal(
      replace: "format: synthetic\n  dimension: 5", with: "format: csv\n  train_path: none.csv",
      message: "none.csv: data.train_path: there is no such file", status: 66),
  ]

  @Test(arguments: refusals) func badInputIsRefusedInOneSentence(_ refusal: Refusal) throws {
    try write("bad.yaml", replacing: refusal.replace, with: refusal.with)
    let before = folder.contents()
    let result = try run(refusal.command, "bad.yaml", "-o", "out.nc", "--quiet")
    #expect(result.errors == "infwidth: error: \(refusal.message)\n")
    #expect(result.status == refusal.status)
    #expect(result.output.isEmpty)
    #expect(folder.contents() == before)
  }

  @Test(arguments: [
    ["limit"], ["limit", "small.yaml"],
    ["limit", "small.yaml", "-o", "x.nc", "--precision", "half"],
    ["limit", "small.yaml", "-o", "x.nc", "--threads", "0"],
    ["train", "small.yaml", "-o", "x.nc", "--width", "8", "8"],
    ["limit", "small.yaml", "-o", "x.nc", "--particles", "0"], ["nonsense"],
  ]) func badCommandLinesExitWith64(arguments: [String]) throws {
    let result = try Program.run(arguments, in: folder)
    #expect(result.status == 64)
    #expect(!result.errors.isEmpty)
    #expect(folder.contents() == ["small.yaml"])
  }

  /// Files of different experiments with the same points are not drawn together.
  @Test func plotRefusesFilesOfDifferentExperiments() throws {
    try folder.write(
      "other.yaml",
      Self.small.replacingOccurrences(of: "learning_rate: 0.2", with: "learning_rate: 0.9"))
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    #expect(try run("train", "other.yaml", "-o", "nets.nc", "--quiet").status == 0)
    let result = try run("plot", "run.nc", "nets.nc", "-o", "figs")
    #expect(result.status == 65)
    #expect(
      result.errors
        == "infwidth: error: nets.nc: training.learning_rate: received 0.9 where run.nc has 0.2; "
        + "give files of one experiment\n")
    for (output, message) in [
      ("run.nc", "run.nc: this is a file; name a folder"),
      ("", "the name of the output folder is empty"),
    ] {
      let result = try run("plot", "run.nc", "-o", output)
      #expect(result.status == 74)
      #expect(result.errors == "infwidth: error: \(message)\n")
    }
    #expect(!folder.exists("figs"))
  }

  /// The machine's own memory is part of the sentence.
  @Test func recordsThatDoNotFitInMemoryAreRefused() throws {
    try folder.write(
      "huge.yaml", Self.small.replacingOccurrences(of: "steps: 6", with: "steps: 2000000000"))
    let result = try run("limit", "huge.yaml", "-o", "run.nc", "--quiet")
    #expect(result.status == 65)
    #expect(
      result.errors.hasPrefix(
        "infwidth: error: huge.yaml:18: record.every: the record of 2000000000 steps, 40 training"
          + " and 30 test points and 1 realization needs up to 7680.0 GB of memory"))
    #expect(!folder.exists("run.nc"))
  }

  @Test func inputsAreNotOverwrittenEvenByForce() throws {
    let result = try run("limit", "small.yaml", "-o", "./small.yaml", "--force", "--quiet")
    #expect(result.status == 74)
    #expect(
      result.errors
        == "infwidth: error: ./small.yaml: this is an input of the run; choose another name\n")
    #expect(try String(contentsOfFile: folder.path + "/small.yaml", encoding: .utf8) == Self.small)
  }

  @Test func missingConfigurationExitsWith66() throws {
    let result = try run("limit", "nowhere.yaml", "-o", "x.nc")
    #expect(result.status == 66)
    #expect(result.errors == "infwidth: error: nowhere.yaml: no such configuration file\n")
  }
}
