import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `limit.dynamics: flow` from the command line, on handwritten digits.
@Suite struct GradientFlowCommandTests {
  let folder: Program.Folder

  init() throws { folder = try Program.Folder() }

  /// - Parameter refinement: so many times as many steps, each so many times smaller.
  private func configuration(
    scaling: String = "mean_field", limit: String, training: String = "", refinement: Int = 1
  ) -> String {
    """
    data: {format: csv, train_path: "\(TrainingOracleTests.digits)", train: 20, test: 12, classes: [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]], normalize: {mean: 4.884, std: 6.017}}
    network: {activation: erf, reference_width: 32}
    training: {learning_rate: \(0.2 / Double(refinement)), steps: \(4 * refinement)\(training)}
    scaling: \(scaling)
    limit: {particles: 128, replicates: 2, realizations: 2, design: antithetic, \(limit)}
    record: {snapshots: [0, \(3 * refinement)], probes: 3, every: \(refinement)}
    """
  }

  private func run(_ text: String, _ options: String...) throws -> Program.Result {
    try folder.write("run.yaml", text)
    return try Program.run(
      ["limit", "run.yaml", "-o", "out.nc", "--force", "--precision", "double"] + options,
      in: folder)
  }

  private func file(_ text: String) throws -> NetCDFReader {
    let result = try run(text, "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    return try NetCDFReader(path: folder.path + "/out.nc")
  }

  @Test(arguments: ["mean_field", "ic_mean_field", "ntk", "intermediate"])
  func trainingStepsApproachTheFlow(scaling: String) throws {
    let flow = try file(
      single(
        configuration(scaling: scaling, limit: "dynamics: flow, integrator_tolerance: 1e-9")))
    #expect(try flow.text("dynamics") == "flow")
    #expect(try flow.number("integrator_tolerance") == 1e-9)
    #expect(try #require(try flow.number("integrator_steps_accepted")) > 1)
    #expect(try #require(try flow.number("integrator_steps_rejected")) >= 0)
    #expect(try flow.number("diverged_at_step") == -1)
    let logits = try flow.read("test_logits")
    let refinements = [8, 16, 32]
    let errors = try refinements.map { refinement in
      let steps = try file(
        single(configuration(scaling: scaling, limit: "dynamics: discrete", refinement: refinement))
      )
      #expect(try steps.text("dynamics") == "discrete")
      #expect(try steps.number("integrator_tolerance") == nil)
      return largestDifference(try steps.read("test_logits"), logits)
    }
    #expect(logits.contains { abs($0) > 0.01 })
    let order = -logLogSlope(refinements.map(Double.init), errors)
    #expect(abs(order - 1) < 0.1, "\(order), \(errors)")
  }

  /// One replicate: training steps then have no control variates, which the flow never has.
  private func single(_ text: String) -> String {
    text.replacingOccurrences(of: "replicates: 2", with: "replicates: 1")
  }

  /// The particles of a snapshot make the logits recorded at its step.
  @Test func snapshotsAreStatesOfTheFlow() throws {
    let file = try file(configuration(limit: "dynamics: flow"))
    let logits = try file.read("train_logits")
    let measure = try #require(file.group("measure"))
    let a = try file.read("output_weight", in: measure)
    let w = try file.read("input_weight", in: measure)
    let mass = try file.read("mass", in: measure)
    #expect(try file.read("step", in: measure) == [0, 3])
    let problem = try Experiment(LoadedConfiguration.load(path: folder.path + "/run.yaml")).problem
    for t in 0..<20 {
      var sum = 0.0
      for r in 0..<128 {
        let first = (128 + r) * 64
        let z = (0..<64).reduce(0.0) { $0 + w[first + $1] * problem.trainingInputs[t, $1] }
        sum += mass[r] * a[128 + r] * erf(z)
      }
      #expect(abs(32.0.squareRoot() * sum - logits[3 * 20 + t]) < 1e-10)
    }
  }

  @Test func theOutputSaysWhatWasDone() throws {
    let text = configuration(limit: "dynamics: flow, integrator_tolerance: 1e-5")
    let result = try run(text)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\nGradient flow: "), "\(result.output)")
    #expect(result.output.contains(" rejected (tolerance 1e-05).\n"))
    #expect(!result.errors.contains("integrator_tolerance"))
    let plan = try run(text, "--dry-run").output
    #expect(plan.contains("gradient flow, tolerance 1e-05"), "\(plan)")
    let note = try run(configuration(limit: "integrator_tolerance: 1e-5")).errors
    #expect(note.contains("limit.integrator_tolerance has no effect: the dynamics is discrete"))
  }

  @Test func automaticParticlesFlowToo() throws {
    let file = try file(
      configuration(limit: "dynamics: flow, integrator_tolerance: 1e-4, tolerance: 0.2")
        .replacingOccurrences(of: "particles: 128, replicates: 2", with: "replicates: 4"))
    #expect(try file.number("tolerance_reached") == 1)
    #expect(try #require(try file.number("integrator_steps_accepted")) > 1)
  }

  @Test(arguments: [
    (
      configuration: ["sym_default", "dynamics: flow", ""],
      message:
        "run.yaml:5: limit.dynamics: received flow, but loss gradients of this limit are signs of its logits: the right-hand side of its gradient flow is discontinuous; accepted: discrete, or a scaling of beta 0 or less"
    ),
    (
      configuration: ["mean_field", "dynamics: flow", ", optimizer: momentum"],
      message:
        "run.yaml:3: training.optimizer: received momentum; accepted with limit.dynamics flow: gd"
    ),
    (
      configuration: ["ntk", "dynamics: flow", ", optimizer: momentum"],
      message:
        "run.yaml:3: training.optimizer: received momentum; accepted with limit.dynamics flow: gd"
    ),
    (
      configuration: ["mean_field", "dynamics: flow", ", batch: 7"],
      message: "run.yaml:3: training.batch: received 7; accepted with limit.dynamics flow: full"
    ),
    (
      configuration: ["mean_field", "dynamics: flow", ", batch: 20, shuffle_seed: 1"],
      message: "run.yaml:3: training.batch: received 20; accepted with limit.dynamics flow: full"
    ),
    (
      configuration: ["mean_field", "dynamics: flow, integrator_tolerance: 0.5", ""],
      message:
        "run.yaml:5: limit.integrator_tolerance: received 0.5; accepted: 8.881784197001252e-16 to 0.01 in double precision"
    ),
    (
      configuration: ["ntk", "dynamics: flow, integrator_tolerance: 1e-16", ""],
      message:
        "run.yaml:5: limit.integrator_tolerance: received 1e-16; accepted: 8.881784197001252e-16 to 0.01 in double precision"
    ),
  ])
  func whatDoesNotFlowIsRefused(configuration values: [String], message: String) throws {
    let result = try run(
      configuration(scaling: values[0], limit: values[1], training: values[2]))
    #expect(result.status == 65)
    #expect(result.errors == "infwidth: error: \(message)\n")
    #expect(!folder.exists("out.nc"))
  }

  @Test func singlePrecisionBoundsTheTolerance() throws {
    try folder.write(
      "run.yaml", configuration(limit: "dynamics: flow, integrator_tolerance: 1e-9"))
    let result = try Program.run(["limit", "run.yaml", "-o", "out.nc"], in: folder)
    #expect(result.status == 65)
    #expect(
      result.errors
        == "infwidth: error: run.yaml:5: limit.integrator_tolerance: received 1e-09; accepted: 4.76837158203125e-07 to 0.01 in single precision; give --precision double for less\n"
    )
  }
}
