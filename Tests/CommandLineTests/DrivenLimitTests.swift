import Foundation
import InfiniteWidth
import Testing

/// `infwidth limit --from`: fresh particles in the field of a solved limit.
@Suite struct DrivenLimitTests: SmallExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  func solve(_ options: String...) throws {
    let result = try Program.run(
      ["limit", "small.yaml", "-o", "run.nc", "--quiet"] + options, in: folder)
    #expect(result.status == 0, "\(result.errors)")
  }

  /// Every variable of the run, with other test points, recorded steps and snapshots.
  @Test func writesTheFileOfARun() throws {
    try solve("--particles", "8192")
    try folder.write(
      "new.yaml",
      Self.small.replacingOccurrences(of: "test: 30", with: "test: 50")
        .replacingOccurrences(of: "snapshots: [0, 6]", with: "{every: 3, snapshots: [3]}"))
    let result = try run(
      "limit", "new.yaml", "-o", "new.nc", "--from", "run.nc", "--particles", "3.28e4", "--quiet")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(
      result.output.contains(
        "\nDriven by the loss gradients of run.nc, whose error is not in the logit error; training"
          + " logits differ from its own by "), "\(result.output)")
    let old = try NetCDFReader(path: folder.path + "/run.nc")
    let new = try NetCDFReader(path: folder.path + "/new.nc")
    for variable in [
      "step", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "train_logits",
      "test_logits", "test_logits_error", "loss_gradient", "tangent_kernel_diagonal",
      "train_label", "test_label", "test_logits_standard_error",
    ] {
      #expect(
        try new.shape(of: variable).map(\.name) == old.shape(of: variable).map(\.name),
        "\(variable)")
    }
    #expect(try new.read("loss_gradient") == old.read("loss_gradient"))
    #expect(try new.read("step") == [0, 3, 6])
    #expect(try new.dimensionLength("test") == 50)
    #expect(try new.text("driven_by") == "run.nc" && new.number("particles") == 32_800)
    #expect(try new.number("driven_by_particles") == 8192)
    #expect(try new.text("comment")?.contains("which they do not") == true)
    #expect(
      try new.text("long_name", of: "test_logits")
        == "logits at the test points, of fresh particles driven by the loss gradients of run.nc")
    // Points drawn one after another: the first 30 test points are the same.
    let (a, b) = (try old.read("test_logits"), try new.read("test_logits"))
    let gap = try #require(try new.number("driving_gap"))
    #expect(gap > 0 && gap < 0.01)
    #expect((0..<30).allSatisfy { abs(a[6 * 30 + $0] - b[2 * 50 + $0]) < 0.01 })
    #expect(try recordKind(of: folder.path + "/new.nc") == .run)

    // The measure at step 3 makes the logits of step 3, f = sqrt(16) E[a phi(w x)], but for the control
    // variate, whose part is of the size of the error.
    let measure = try #require(new.group("measure"))
    let mass = try new.read("mass", in: measure)
    #expect(mass.count == 32_800 && abs(mass.reduce(0, +) - 1) < 1e-12)
    let (weights, w) = (
      try new.read("output_weight", in: measure), try new.read("input_weight", in: measure)
    )
    let problem = try Experiment(LoadedConfiguration.load(path: folder.path + "/new.yaml")).problem
    let errors = try new.read("test_logits_error")
    for t in 0..<5 {
      var sum = 0.0
      for r in mass.indices {
        let z = (0..<5).reduce(0.0) { $0 + w[5 * r + $1] * problem.testInputs[t, $1] }
        sum += mass[r] * weights[r] * (z >= 0 ? z : 0.1 * z)
      }
      #expect(abs(4 * sum - b[50 + t]) < 0.01 + 10 * errors[1])
    }
  }

  /// IC-MF and the kernel limits that move a measure: every realization of the run drives particles of its
  /// own, whose logits have the run's initial functions, on test points of the run and on others.
  @Test(arguments: ["ic_mean_field", "sym_default"]) func randomLimitsAreDriven(
    scaling: String
  ) throws {
    let text = Self.small.replacingOccurrences(of: "particles: 256", with: "realizations: 3")
    try folder.write("random.yaml", text)
    try folder.write("new.yaml", text.replacingOccurrences(of: "test: 30", with: "test: 50"))
    let solved = try run(
      "limit", "random.yaml", "-o", "run.nc", "--quiet", "--particles", "8192", "--scaling",
      scaling)
    #expect(solved.status == 0, "\(solved.errors)")
    let result = try run(
      "limit", "new.yaml", "-o", "new.nc", "--from", "run.nc", "--particles", "16384", "--scaling",
      scaling, "--seed", "77", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    let old = try RunRecord.read(folder.path + "/run.nc").trajectory
    let new = try RunRecord.read(folder.path + "/new.nc").trajectory
    #expect(new.members == 3 && new.lossGradient == old.lossGradient)
    let steps = old.steps.count
    let scale = old.trainingLogits.reduce(0) { max($0, abs($1)) }
    for member in 0..<3 {
      for index in 0..<steps {
        let row = member * steps + index
        for i in 0..<40 {
          let gap = new.trainingLogits[row * 40 + i] - old.trainingLogits[row * 40 + i]
          #expect(abs(gap) < 0.02 * scale, "\(member) \(index)")
        }
        for t in 0..<30 {
          let gap = new.testLogits[row * 50 + t] - old.testLogits[row * 30 + t]
          #expect(abs(gap) < 0.02 * scale, "\(member) \(index)")
        }
      }
      // The functions of two realizations differ by far more.
      let (one, other) = (member * steps, (member + 1) % 3 * steps)
      #expect(
        (0..<40).contains {
          abs(old.trainingLogits[one * 40 + $0] - old.trainingLogits[other * 40 + $0])
            > 0.1 * scale
        })
    }
  }

  /// A run by so few particles that it is nowhere near the limit, and fresh particles that it drives.
  @Test func fewParticlesAreWarnedOf() throws {
    try folder.write(
      "few.yaml",
      """
      data: {format: synthetic, dimension: 2, separation: 0.5, train: 40, test: 30}
      network: {activation: relu, reference_width: 64}
      training: {learning_rate: 1, steps: 40}
      scaling: mean_field
      limit: {particles: 16}
      """)
    let few = try run("limit", "few.yaml", "-o", "run.nc", "--quiet")
    #expect(few.status == 0)
    #expect(
      few.errors
        == "infwidth: warning: limit.particles: 4 particles in each of 4 replicates are so few that their bias may"
        + " exceed the stated error, which is their spread; accepted without this warning: 128 or more, or"
        + " fewer replicates\n")
    let driven = try run(
      "limit", "few.yaml", "-o", "x.nc", "--from", "run.nc", "--particles", "4096", "--quiet")
    #expect(driven.status == 0)
    #expect(
      driven.errors.hasPrefix(
        "infwidth: warning: training logits differ from those of run.nc by"), "\(driven.errors)")
    #expect(
      driven.errors.hasSuffix(": run.nc is not near the limit; solve it with more particles\n"))
    try solve("--particles", "4096", "--force")
    let near = try run(
      "limit", "small.yaml", "-o", "y.nc", "--from", "run.nc", "--particles", "16384", "--quiet")
    #expect(near.errors.isEmpty, "\(near.errors)")
  }

  @Test func wholeNumbersOfParticles() throws {
    try solve()
    for (text, number) in [("1e7", 10_000_000), ("10000000", 10_000_000), ("2.5e6", 2_500_000)] {
      let result = try run(
        "limit", "small.yaml", "-o", "x.nc", "--from", "run.nc", "--particles", text, "--dry-run")
      #expect(result.output.contains("particles       \(number)\n"), "\(result.output)")
      #expect(
        result.output.contains(
          "driven          by the loss gradients of a solved limit, up to 32768 particles at a time"
        ))
    }
    for text in ["1.5", "ten", "0x10", "1e400", ""] {
      let result = try run("limit", "small.yaml", "-o", "x.nc", "--particles", text)
      #expect(result.status == 64)
      #expect(
        result.errors.contains("accepted: a whole number, such as 65536 or 1e7"),
        "\(result.errors)")
    }
    #expect(!folder.exists("x.nc"))
  }

  struct Refusal: Sendable {
    var replace = "particles: 256"
    var with = "particles: 256"
    let message: String
    var status: Int32 = 65
    var options: [String] = []
    /// Of the run.
    var solving: [String] = []
    var from = "run.nc"
    /// The run is one of the changed configuration.
    var solvesOther = false
  }

  static let same =
    "; accepted with --from: the experiment of the run; its test points, limit.seed, limit.particles and what is recorded may be others"
  static let refusals: [Refusal] = [
    Refusal(
      replace: "learning_rate: 0.2", with: "learning_rate: 0.9",
      message: "other.yaml:11: training.learning_rate: received 0.9 where run.nc has 0.2" + same),
    Refusal(
      replace: "steps: 6", with: "steps: 7",
      message: "other.yaml:12: training.steps: received 7 where run.nc has 6" + same),
    Refusal(
      replace: "train: 40", with: "train: 41",
      message: "other.yaml:4: data.train: received 41 where run.nc has 40" + same),
    Refusal(
      replace: "limit:", with: "scaling: mean_field\nlimit:",
      message:
        "other.yaml:13: scaling: received mean_field where run.nc has {q_eta: 0.75, q_sigma: -0.75}"
        + same, solving: ["--scaling", "-0.75,0.75"]),
    Refusal(
      replace: "limit:", with: "scaling: intermediate\nlimit:",
      message:
        "other.yaml:13: scaling: the measure of the limit intermediate is frozen, so that --from has no particles to move; accepted: limits whose measure moves, such as mean_field"
    ),
    Refusal(
      replace: "slope: 0.1", with: "initialization: pytorch_uniform",
      message:
        "other.yaml:8: network.initialization: received a uniform law, whose initial functions are made of the run's own particles; accepted with --from and a random initial function: gaussian",
      options: ["--scaling", "ic_mean_field"], solving: ["--scaling", "ic_mean_field"],
      solvesOther: true),
    Refusal(
      with: "{particles: 256, dynamics: flow}",
      message: "other.yaml:14: limit.dynamics: received flow; accepted with --from: discrete"),
    Refusal(
      with: "particles: auto",
      message:
        "other.yaml:14: limit.particles: received auto; accepted with --from: a number, such as 1e6, or --particles"
    ),
    Refusal(message: "none.nc: the file does not exist", status: 66, from: "none.nc"),
    Refusal(
      message:
        "nets.nc: received finite nets; accepted with --from: a limit, written by infwidth limit",
      from: "nets.nc"),
    Refusal(
      message:
        "flow.nc: received a gradient flow, whose loss gradients are not those of training steps; accepted with --from: a run with limit.dynamics discrete",
      from: "flow.nc"),
    Refusal(
      message: "--tolerance belongs to solving a limit; with --from give --particles", status: 64,
      options: ["--tolerance", "0.1"]),
  ]

  @Test(arguments: refusals) func whatDoesNotFitIsRefusedInOneSentence(_ refusal: Refusal) throws {
    try write("other.yaml", replacing: refusal.replace, with: refusal.with)
    try solveNoting(refusal)
    let before = folder.contents()
    let result = try Program.run(
      ["limit", "other.yaml", "-o", "out.nc", "--from", refusal.from, "--quiet"]
        + refusal.options, in: folder)
    #expect(result.errors.hasPrefix("infwidth: error: \(refusal.message)\n"), "\(result.errors)")
    #expect(result.status == refusal.status)
    #expect(folder.contents() == before)
  }

  private func solveNoting(_ refusal: Refusal) throws {
    switch refusal.from {
    case "nets.nc":
      let result = try run("train", "small.yaml", "-o", "nets.nc", "--width", "8", "--quiet")
      #expect(result.status == 0, "\(result.errors)")
    case "flow.nc":
      try write("flow.yaml", replacing: "particles: 256", with: "{particles: 256, dynamics: flow}")
      let result = try run(
        "limit", "flow.yaml", "-o", "flow.nc", "--quiet", "--precision", "double")
      #expect(result.status == 0, "\(result.errors)")
    default:
      let result = try Program.run(
        [
          "limit", refusal.solvesOther ? "other.yaml" : "small.yaml", "-o", "run.nc", "--quiet",
        ] + refusal.solving, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
  }

  /// A run whose logits overflow, and one whose file was changed.
  @Test func fieldsThatEndEarlyAreRefused() throws {
    try write("small.yaml", replacing: "learning_rate: 0.2", with: "learning_rate: 1e30")
    let solved = try run("limit", "small.yaml", "-o", "run.nc", "--quiet")
    #expect(solved.status == 0)
    let step = Int(
      try #require(try NetCDFReader(path: folder.path + "/run.nc").number("diverged_at_step")))
    #expect(step >= 0)
    let result = try run("limit", "small.yaml", "-o", "out.nc", "--from", "run.nc", "--quiet")
    #expect(result.status == 65)
    #expect(
      result.errors
        == "infwidth: error: run.nc: the run diverged at step \(step), where its loss gradients end\n"
    )
  }

  @Test func theRunIsNotOverwritten() throws {
    try solve()
    let result = try run(
      "limit", "small.yaml", "-o", "./run.nc", "--from", "run.nc", "--force", "--quiet")
    #expect(result.status == 74)
    #expect(
      result.errors
        == "infwidth: error: ./run.nc: this is an input of the run; choose another name\n")
  }

  /// Particles of 1.6 kB each, preactivations and coefficients, in less than their 320 MB, the
  /// program included.
  @Test func memoryDoesNotGrowWithTheParticles() throws {
    try folder.write(
      "small.yaml",
      """
      data: {format: synthetic, dimension: 150, train: 200, test: 5}
      network: {activation: relu, reference_width: 16, initialization: gaussian}
      training: {learning_rate: 0.2, steps: 1}
      limit: {particles: 256, design: antithetic, replicates: 2}
      """)
    try solve()
    let peak = try peakMemory([
      "limit", "small.yaml", "-o", "out.nc", "--from", "run.nc", "--particles", "2e5", "--quiet",
    ])
    #expect(peak > 10_000_000 && peak < 220_000_000, "\(peak) bytes")
    #expect(
      try NetCDFReader(path: folder.path + "/out.nc").number("particles") == 200_000)
  }

  /// Peak resident memory of one run of the program, in bytes.
  private func peakMemory(_ arguments: [String]) throws -> Int {
    let program = Program.executable.path
    // The shell changes the folder and becomes the program.
    let words = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.path, program] + arguments
    var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var files = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&files)
    defer { posix_spawn_file_actions_destroy(&files) }
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0)
    var child: pid_t = 0
    #expect(posix_spawn(&child, "/bin/sh", &files, nil, &pointers, environ) == 0)
    // The kernel's account of a child that has ended includes the memory of the process it was spawned
    // from; the program's own high-water mark is there to be read only while it runs.
    var status: Int32 = 0
    var peak = 0
    while waitpid(child, &status, WNOHANG) == 0 {
      peak = max(peak, highWaterMark(of: child))
      usleep(2000)
    }
    #expect(status == 0)
    return peak
  }

  /// VmHWM in /proc, in bytes; 0 where it is not there any more.
  private func highWaterMark(of process: pid_t) -> Int {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
        .flatMap({ Int($0) })
    else { return 0 }
    return kilobytes * 1024
  }
}
