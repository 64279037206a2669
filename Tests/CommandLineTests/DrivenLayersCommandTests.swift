import Foundation
import InfiniteWidth
import Testing

/// `infwidth limit --from` with several hidden layers: fresh particles that see the populations of a solved limit.
@Suite struct DrivenLayersCommandTests: SmallExperiment {
  static let small = """
    data:
      format: synthetic
      dimension: 5
      train: 16
      test: 8
    network: {activation: leaky_relu, slope: 0.1, hidden_layers: 2, reference_width: 16}
    training:
      learning_rate: 0.3
      steps: 3
    scaling: mean_field
    limit:
      particles: 128
      replicates: 4
    record: {snapshots: [0, 3], probes: 2}
    """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func solve(_ options: String...) throws {
    let result = try Program.run(
      ["limit", "small.yaml", "-o", "run.nc", "--quiet"] + options, in: folder)
    #expect(result.status == 0, "\(result.errors)")
  }

  private func file(_ name: String) throws -> NetCDFReader {
    try NetCDFReader(path: folder.path + "/" + name)
  }

  /// Every variable of the run, with other test points, recorded steps and snapshots; what is stored of the last layer
  /// makes the logits at the probes.
  @Test func writesTheFileOfARun() throws {
    try solve("--precision", "double", "--seed", "3")
    try folder.write(
      "new.yaml",
      Self.small.replacingOccurrences(of: "test: 8", with: "test: 20")
        .replacingOccurrences(
          of: "snapshots: [0, 3], probes: 2", with: "every: 2, snapshots: [2], probes: 20"))
    let result = try run(
      "limit", "new.yaml", "-o", "new.nc", "--from", "run.nc", "--particles", "1e3", "--quiet",
      "--precision", "double")
    #expect(result.status == 65, "a multiple of 32")
    let driven = try run(
      "limit", "new.yaml", "-o", "new.nc", "--from", "run.nc", "--particles", "1024", "--quiet",
      "--precision", "double")
    #expect(driven.status == 0 && driven.errors.isEmpty, "\(driven.errors)")
    #expect(
      driven.output.contains(
        "\n1024 x 256 particles in each of 4 replicates (sobol+quadruples+moments design).\n"
          + "Driven by the populations of run.nc, whose error is in the logit error; training logits differ from its"
          + " own by "), "\(driven.output)")
    let (old, new) = (try file("run.nc"), try file("new.nc"))
    for variable in [
      "step", "train_loss", "test_loss", "train_accuracy", "test_accuracy", "train_logits",
      "test_logits", "test_logits_error", "test_logits_bias", "loss_gradient", "train_label",
      "test_label", "test_logits_standard_error",
    ] {
      #expect(
        try new.shape(of: variable).map(\.name) == old.shape(of: variable).map(\.name),
        "\(variable)")
    }
    #expect(try new.read("loss_gradient") == old.read("loss_gradient"))
    #expect(try new.read("step") == [0, 2, 3])
    #expect(try new.text("driven_by") == "run.nc" && new.number("driven_by_particles") == 128)
    #expect(try new.number("particles") == 1024 && new.text("layer_particles") == "1024, 256")
    #expect(
      try new.text("long_name", of: "test_logits")
        == "logits at the test points, of fresh particles of the last hidden layer driven by the populations of run.nc"
    )
    #expect(
      try new.text("long_name", of: "test_logits_error")?
        .hasSuffix(", that of the populations of run.nc included") == true)
    let gap = try #require(try new.number("driving_gap"))
    #expect(gap > 0 && gap < 0.01)
    // Points drawn one after another: the first 8 test points are the same.
    let (a, b): ([Double], [Double]) = (try old.read("test_logits"), try new.read("test_logits"))
    #expect((0..<8).allSatisfy { abs(a[3 * 8 + $0] - b[2 * 20 + $0]) < 0.01 && a[3 * 8 + $0] != 0 })

    // f = s mean(a phi(z^2)) over all fresh particles of the last layer, less the bias, which is of the size of the error.
    let measure = try #require(new.group("measure"))
    #expect(!new.hasVariable("hidden_increment_2", in: measure))
    #expect(try new.dimensionLength("layer1", in: measure) == 1024)
    let layer = try MeasureFile(folder.path + "/new.nc", layer: 2)
    #expect(layer.particles == 4 * 256 && layer.steps == [2])
    let weights = try layer.weights(snapshot: 0, first: 0, count: 1024).output
    let z = try layer.preactivations(snapshot: 0, first: 0, count: 1024)
    let errors: [Double] = try new.read("test_logits_error")
    for point in 0..<20 {
      let sum = (0..<1024).reduce(0.0) { sum, r in
        let z = z[r * 20 + point]
        return sum + weights[r] * (z >= 0 ? z : 0.1 * z) / 1024
      }
      #expect(abs(4 * sum - b[20 + point]) < 10 * errors[1], "\(4 * sum) \(b[20 + point])")
    }
    // Those of the first replicate once more, and w x.
    let first = try MeasureFile(folder.path + "/new.nc", layer: 1)
    let w = try first.weights(snapshot: 0, first: 0, count: 4096).input
    let own: [Double] = try new.read("input_weight", in: measure)
    #expect(own == Array(w.prefix(1024 * 5)) && Set(w).count > 1000)
    let problem = try Experiment(
      LoadedConfiguration.load(path: folder.path + "/new.yaml"), takesDeepNetworks: true,
      takesDeepScalings: true
    ).problem
    let seen = try first.preactivations(snapshot: 0, first: 0, count: 4096)
    for t in [0, 1, 2000, 4095] {
      let expected = (0..<5).reduce(0.0) { $0 + w[t * 5 + $1] * problem.testInputs[3, $1] }
      #expect(abs(seen[t * 20 + 3] - expected) < 1e-12)
    }
    for arguments in [
      ["density", "new.nc", "-o", "density.nc", "--quiet"], ["plot", "new.nc", "-o", "figures"],
      ["report", "new.nc", "-o", "report.html"],
    ] {
      let result = try Program.run(arguments, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    let page = try String(contentsOfFile: folder.path + "/report.html", encoding: .utf8)
    #expect(
      page.contains(
        "driven by the populations of <code>run.nc</code>, whose error is in the logit error"))
  }

  /// A run of a tolerance is made again with all of its simulations, and another seed draws other particles.
  @Test func runsOfSeveralSimulations() throws {
    try solve("--tolerance", "0.0005")
    #expect(try file("run.nc").text("particles_of_simulations") == "128, 256")
    for (name, seed) in [("one.nc", "1"), ("other.nc", "2")] {
      let result = try run(
        "limit", "small.yaml", "-o", name, "--from", "run.nc", "--seed", seed, "--quiet")
      #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    }
    let one: [Double] = try file("one.nc").read("test_logits")
    let other: [Double] = try file("other.nc").read("test_logits")
    #expect(one != other && zip(one, other).allSatisfy { abs($0 - $1) < 0.01 })
    let again = try run(
      "limit", "small.yaml", "-o", "one.nc", "--from", "run.nc", "--resume", "--quiet")
    #expect(again.status == 0, "\(again.errors)")
    let plan = try run("limit", "small.yaml", "-o", "x.nc", "--from", "run.nc", "--dry-run")
    #expect(
      plan.output.contains("particles   128 x 32 fresh ones for each of 4 replicates\n"),
      "\(plan.output)")
    #expect(
      plan.output.contains(
        "driven      by the populations of a solved limit, 256 x 64 particles, made again once\n"
      ))
  }

  struct Refusal: Sendable {
    var replace = "particles: 128"
    var with = "particles: 128"
    let message: String
    var options: [String] = []
    var solving: [String] = []
    var from = "run.nc"
  }

  static let refusals: [Refusal] = [
    Refusal(
      replace: "learning_rate: 0.3", with: "learning_rate: 0.9",
      message:
        "other.yaml:8: training.learning_rate: received 0.9 where run.nc has 0.3; accepted with --from: the"
        + " experiment of the run; its test points, limit.seed, limit.particles and what is recorded may be others"
    ),
    Refusal(
      with: "particles: auto",
      message:
        "other.yaml:12: limit.particles: received auto; accepted with --from: a number, such as 8192, or --particles"
    ),
    Refusal(
      replace: "replicates: 4", with: "replicates: 8",
      message:
        "other.yaml:13: limit.replicates: received 8; accepted with --from: 4, fresh particles for each replicate of"
        + " run.nc, or auto"),
    Refusal(
      message:
        "--precision: received double where run.nc has single; accepted with --from: that of the run, whose"
        + " populations are made again", options: ["--precision", "double"]),
    Refusal(
      message:
        "driven.nc: received particles that were driven themselves; accepted with --from: the run that drove them,"
        + " run.nc", from: "driven.nc"),
    Refusal(
      replace: "hidden_layers: 2", with: "hidden_layers: 3",
      message:
        "--from: received run.nc; accepted: none, since the limit is zero at every step, so that no particles move:"
        + " gradient descent with 3 hidden layers has no non-trivial mean-field limit"),
    Refusal(
      message:
        "run.nc: there are no loss gradients in the file, which drive particles; accepted: a run with"
        + " record.loss_gradient true", solving: ["--scale", "bare"]),
  ]

  @Test(arguments: refusals.indices) func whatDoesNotFitIsRefused(_ number: Int) throws {
    let refusal = Self.refusals[number]
    let bare = "\nscales: {bare: {record: {loss_gradient: false}}}"
    try folder.write("small.yaml", Self.small + bare)
    let result = try Program.run(
      ["limit", "small.yaml", "-o", "run.nc", "--quiet"] + refusal.solving, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    if refusal.from == "driven.nc" {
      let result = try run(
        "limit", "small.yaml", "-o", "driven.nc", "--from", "run.nc", "--quiet")
      #expect(result.status == 0, "\(result.errors)")
    }
    try write("other.yaml", replacing: refusal.replace, with: refusal.with)
    let before = folder.contents()
    let refused = try Program.run(
      ["limit", "other.yaml", "-o", "out.nc", "--from", refusal.from, "--quiet"]
        + refusal.options, in: folder)
    #expect(refused.errors.hasPrefix("infwidth: error: \(refusal.message)"), "\(refused.errors)")
    #expect(refused.status == 65 && folder.contents() == before)
  }
}
