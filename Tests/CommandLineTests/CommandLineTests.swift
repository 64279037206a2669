import Foundation
import InfiniteWidth
import Testing

@Suite struct CommandLineTests {
  let folder: Program.Folder

  init() throws {
    folder = try Program.Folder()
    try folder.write("small.yaml", Self.small)
  }

  static let small = """
    data:
      format: synthetic
      dimension: 5
      train: 40
      test: 30
    network:
      activation: leaky_relu
      slope: 0.1
      reference_width: 16
    training:
      learning_rate: 0.2
      steps: 6
    limit:
      particles: 256
    finite:
      widths: [8, 32]
      seeds: 3
    record:
      snapshots: [0, 6]
    """

  func run(_ arguments: String...) throws -> Program.Result {
    try Program.run(arguments, in: folder)
  }

  @Test func limitWritesTheFileOfTheContract() throws {
    let result = try run("limit", "small.yaml", "-o", "run.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    #expect(result.output.contains("Limit MF: alpha -0.5, beta 0, gamma 0. The measure moves"))
    let file = try NetCDFReader(path: folder.path + "/run.nc")
    for (variable, dimensions) in [
      "step": ["step"], "train_loss": ["realization", "step"],
      "test_loss": ["realization", "step"], "train_accuracy": ["realization", "step"],
      "test_accuracy": ["realization", "step"],
      "train_logits": ["realization", "step", "train", "output"],
      "test_logits": ["realization", "step", "test", "output"], "test_logits_error": ["step"],
      "loss_gradient": ["realization", "update", "train", "output"],
      "tangent_kernel_diagonal": ["realization", "step", "probe"], "train_label": ["train"],
      "test_label": ["test"],
    ] {
      #expect(try file.shape(of: variable).map(\.name) == dimensions, "\(variable)")
    }
    let measure = try #require(file.group("measure"))
    for (variable, dimensions) in [
      "step": ["snapshot"], "mass": ["particle"],
      "output_weight": ["snapshot", "particle", "output"],
      "input_weight": ["snapshot", "particle", "feature"],
    ] {
      #expect(
        try file.shape(of: variable, in: measure).map(\.name) == dimensions, "\(variable)")
    }
    let mass = try file.read("mass", in: measure)
    #expect(abs(mass.reduce(0, +) - 1) < 1e-12)
    #expect(try file.text("limit") == "mean_field")
    #expect(try file.number("alpha") == -0.5)
    #expect(try file.number("beta") == 0)
    #expect(try file.number("gamma") == 0)
    #expect(try file.number("particles") == 256)
    #expect(try file.number("diverged_at_step") == -1)
    #expect(try file.text("config") == Self.small)
    #expect(try file.text("history")?.contains("limit small.yaml -o run.nc --quiet") == true)
  }

  /// The measure at the last snapshot makes the last logits: f = sqrt(16) E[a phi(w x)]. One
  /// replicate has no spread to correct its logits by.
  @Test(arguments: ["auto", "antithetic", "reflected+moments", "sobol+quadruples"])
  func theMeasureOfTheFileMakesItsLogits(design: String) throws {
    try folder.write(
      "small.yaml",
      Self.small.replacingOccurrences(
        of: "particles: 256", with: "{particles: 256, replicates: 1, design: \(design)}"))
    let result = try run("limit", "small.yaml", "-o", "run.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    let file = try NetCDFReader(path: folder.path + "/run.nc")
    let measure = try #require(file.group("measure"))
    let mass = try file.read("mass", in: measure)
    let a = try file.read("output_weight", in: measure)
    let w = try file.read("input_weight", in: measure)
    let problem = try Experiment(LoadedConfiguration.load(path: folder.path + "/small.yaml"))
      .problem
    let logits = try file.read("test_logits")
    for t in 0..<30 {
      var sum = 0.0
      for r in 256..<512 {
        let z = (0..<5).reduce(0.0) { $0 + w[5 * r + $1] * problem.testInputs[t, $1] }
        sum += mass[r - 256] * a[r] * (z >= 0 ? z : 0.1 * z)
      }
      #expect(abs(4 * sum - logits[6 * 30 + t]) < 1e-5)
    }
  }

  @Test func trainWritesTheFileOfTheContract() throws {
    let result = try run("train", "small.yaml", "-o", "nets.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    let file = try NetCDFReader(path: folder.path + "/nets.nc")
    #expect(try file.read("width") == [8, 32])
    #expect(try file.read("seed") == [1, 2, 3])
    for (variable, dimensions) in [
      "train_loss": ["width", "seed", "step"],
      "test_logits": ["width", "seed", "step", "test", "output"],
      "loss_gradient": ["width", "seed", "update", "train", "output"],
      "tangent_kernel_diagonal": ["width", "seed", "step", "probe"],
      "decomposition_std": ["width", "seed", "step", "term"],
    ] {
      #expect(try file.shape(of: variable).map(\.name) == dimensions, "\(variable)")
    }
    #expect(try file.read("test_logits").allSatisfy { $0.isFinite })

    // Widths from the command line; a network does not depend on what is trained beside it.
    let wide = try run(
      "train", "small.yaml", "-o", "one.nc", "--quiet", "--width", "32", "--seed", "2")
    #expect(wide.status == 0)
    let one = try NetCDFReader(path: folder.path + "/one.nc").read("test_logits")
    let all = try file.read("test_logits")
    #expect(Array(one[..<(7 * 30)]) == Array(all[(4 * 7 * 30)..<(5 * 7 * 30)]))
  }

  @Test func sameSeedSameBitsForAnyThreadsAndOtherSeedOtherBits() throws {
    for (name, options) in [
      ("a", ["--threads", "1"]), ("b", ["--threads", "5"]), ("c", ["--seed", "9"]),
    ] {
      let result = try Program.run(
        ["limit", "small.yaml", "-o", name, "--quiet", "--particles", "4096"] + options,
        in: folder)
      #expect(result.status == 0)
    }
    let logits = try ["a", "b", "c"].map {
      try NetCDFReader(path: folder.path + "/" + $0).read("test_logits")
    }
    #expect(logits[0] == logits[1])
    #expect(logits[0] != logits[2])
  }

  @Test func finishedFilesAreKeptUnlessForced() throws {
    try folder.write("run.nc", "precious")
    let refused = try run("limit", "small.yaml", "-o", "run.nc", "--quiet")
    #expect(refused.status == 74)
    #expect(
      refused.errors
        == "infwidth: error: run.nc: the file exists; choose another name or pass --force\n")
    #expect(try String(contentsOfFile: folder.path + "/run.nc", encoding: .utf8) == "precious")
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet", "--force").status == 0)
  }

  @Test func jsonAndCSV() throws {
    let result = try run("limit", "small.yaml", "-o", "run.nc", "--quiet", "--json", "--csv", "t")
    #expect(result.status == 0)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    let steps = try #require(object["steps"] as? [[String: Any]])
    #expect(steps.count == 7)
    #expect(object["diverged_at_step"] as? Int == -1)
    let csv = try String(contentsOfFile: folder.path + "/t/limit.csv", encoding: .utf8)
    let lines = csv.split(separator: "\r\n")
    #expect(
      lines[0]
        == "step,train_loss,test_loss,test_loss_std,train_accuracy,test_accuracy,test_logits_error")
    #expect(lines.count == 8)
    // log 2 at step 0, where the logits vanish.
    #expect(lines[1].hasPrefix("0,0.69314718055994"))
  }

  @Test func divergenceIsARecordedOutcome() throws {
    try folder.write(
      "wild.yaml",
      Self.small.replacingOccurrences(
        of: "learning_rate: 0.2", with: "loss: squared\n  learning_rate: 1.0e+9"
      ).replacingOccurrences(of: "steps: 6", with: "steps: 30"))
    let result = try run("limit", "wild.yaml", "-o", "run.nc", "--quiet")
    #expect(result.status == 0)
    let step = try #require(
      try NetCDFReader(path: folder.path + "/run.nc").number("diverged_at_step"))
    #expect(step > 0 && step < 30)
    #expect(
      result.errors
        == "infwidth: warning: the limit diverged: logits are no longer finite at step \(Int(step));"
        + " lower training.learning_rate\n")
  }

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
      replace: "leaky_relu\n  slope: 0.1", with: "softplus",
      message:
        "bad.yaml:7: network.activation: softplus is not available in this version; available: linear, relu, leaky_relu, erf, tanh, gelu, sin"
    ),
    Refusal(
      replace: "reference_width: 16", with: "hidden_layers: 2",
      message:
        "bad.yaml:9: network.hidden_layers: 2 is not available in this version; available: 1"),
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
        "bad.yaml:14: limit.design: received halton; accepted: auto, or words joined by +, at most one of independent, sobol, sphere, at most one of antithetic, reflected, quadruples, and moments, radius (sphere stands alone)"
    ),
    Refusal(
      replace: "particles: 256", with: "{particles: 256, design: sphere}",
      message:
        "bad.yaml:14: limit.design: received sphere, but the spherical rule is for 2 or 3 coordinates (of a and w together), not 6; auto would choose sobol+moments"
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
    #expect(Self.small.contains(refusal.replace))
    try folder.write(
      "bad.yaml", Self.small.replacingOccurrences(of: refusal.replace, with: refusal.with))
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

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func aSignalLeavesNothingBehind(number: Int32) throws
  {
    try folder.write(
      "long.yaml",
      Self.small.replacingOccurrences(of: "steps: 6", with: "steps: 1000000")
        .replacingOccurrences(of: "record:", with: "record:\n  every: 100000"))
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = ["limit", "long.yaml", "-o", "run.nc", "--quiet"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    try process.run()
    // The run is on its way when its unfinished file is there.
    let deadline = Date(timeIntervalSinceNow: 20)
    while folder.contents().count == 2, Date() < deadline { usleep(20_000) }
    #expect(folder.contents().count == 3)
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal)
    #expect(process.terminationStatus == number)
    #expect(folder.contents() == ["long.yaml", "small.yaml"])
  }

  @Test func resultsThatNobodyGetsAreAFailure() throws {
    let process = Process()
    process.executableURL = Program.executable
    process.arguments = ["limit", "small.yaml", "-o", "run.nc", "--quiet"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 74)
    #expect(folder.exists("run.nc"))
  }

  /// The stated error is met; a tolerance out of reach ends with what was reached, and says so.
  @Test func automaticParticlesReachTheTolerance() throws {
    try folder.write(
      "auto.yaml", Self.small.replacingOccurrences(of: "particles: 256", with: "tolerance: 0.001"))
    let result = try run("limit", "auto.yaml", "-o", "auto.nc", "--quiet", "--json")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.output.contains("\"tolerance_reached\" : true"))
    let errors: [Double] = try NetCDFReader(path: folder.path + "/auto.nc").read(
      "test_logits_error")
    #expect(errors.max()! <= 0.001)
    let tiny = Self.small.replacingOccurrences(of: "particles: 256", with: "tolerance: 0.001")
      .replacingOccurrences(of: "train: 40\n  test: 30", with: "train: 4\n  test: 2")
      .replacingOccurrences(of: "snapshots: [0, 6]", with: "every: 6")
    try folder.write("tiny.yaml", tiny)
    let far = try run(
      "limit", "tiny.yaml", "-o", "far.nc", "--tolerance", "1e-9", "--quiet", "--json")
    #expect(far.status == 0)
    #expect(far.output.contains("\"tolerance_reached\" : false"))
    #expect(far.errors.hasPrefix("infwidth: warning: the error is "))
    #expect(far.errors.contains(", not 1e-09: ") && far.errors.contains("exceed the budget"))
  }

  @Test func aDryRunPrintsThePlanAndWritesNothing() throws {
    let result = try run("limit", "small.yaml", "-o", "plan.nc", "--dry-run")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    for line in [
      "limit           MF, alpha -0.5, beta 0, gamma 0", "particles       256",
      "design          sobol+moments, 8 replicates", "representation  weights of every particle",
      "exact           means and second moments of the sample: matched",
    ] {
      #expect(result.output.contains(line + "\n"), "\(result.output)")
    }
    #expect(!folder.exists("plan.nc"))
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

  @Test func versionAndHelp() throws {
    #expect(try run("--version").output == "InfiniteWidth 0.1.0\n")
    for command in ["limit", "train", "regime", "plot"] {
      let help = try run(command, "--help")
      #expect(help.status == 0)
      #expect(help.output.contains("USAGE: infwidth \(command)"))
    }
  }
}
