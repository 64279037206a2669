import Foundation
import InfiniteWidth
import Testing

@Suite struct CommandLineTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

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

  @Test(arguments: ["0x1p-4", "0", "-1", "nan", "inf", "1e-400", "ten"])
  func tolerancesArePositiveDecimals(value: String) throws {
    let result = try run("limit", "small.yaml", "-o", "t.nc", "--tolerance", value)
    #expect(result.status == 64)
    #expect(
      result.errors.contains("--tolerance: received \(value); accepted: a positive number"),
      "\(result.errors)")
  }

  @Test func aDryRunPrintsThePlanAndWritesNothing() throws {
    let result = try run("limit", "small.yaml", "-o", "plan.nc", "--dry-run", "--threads", "2")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    for line in [
      "limit           MF, alpha -0.5, beta 0, gamma 0", "particles       256",
      "design          sobol+moments+radius, 8 replicates",
      "representation  weights of every particle",
      "blocks          8 of up to 32 particles, on 2 threads",
      "exact           means and second moments of the sample: matched",
    ] {
      #expect(result.output.contains(line + "\n"), "\(result.output)")
    }
    // Every step of every particle is in the pilot of so small a run.
    let time = #/time +about [0-9.]+ seconds, from a pilot of 256 particles over 6 steps\n/#
    #expect(result.output.contains(time), "\(result.output)")
    let memory =
      #/memory +0\.[0-9]+ GB of [0-9.]+ GB: .*program, data and work space 0\.[0-9]+ GB\n/#
    #expect(result.output.contains(memory), "\(result.output)")
    #expect(!folder.exists("plan.nc"))
  }

  @Test func versionAndHelp() throws {
    #expect(try run("--version").output == "InfiniteWidth 0.1.0\n")
    let lines = try run("help").output.split(separator: "\n")
    let first = try #require(lines.firstIndex(of: "Exit status:")) + 1
    #expect(
      lines[first..<(first + 7)].map { $0.prefix { $0 != "(" } } == [
        "  0   done ", "  64  bad command line", "  65  bad data or configuration",
        "  66  input missing or unreadable", "  70  internal error",
        "  74  output could not be written",
        "  75  stopped by a signal, with a checkpoint from which --resume continues",
      ])
    for command in ["limit", "train", "regime", "plot"] {
      let help = try run(command, "--help")
      #expect(help.status == 0)
      #expect(help.output.contains("USAGE: infwidth \(command)"))
    }
  }
}
