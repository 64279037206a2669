import Foundation
import InfiniteWidth
import Testing

/// Limits of two and three hidden layers in the mean-field scaling, from the command line.
@Suite struct LayeredLimitTests: SmallExperiment {
  static let small =
    layeredConfiguration(hiddenLayers: 3) + """
      training:
        optimizer: rmsprop
        learning_rate: 1.0e-3
        steps: 4
      scaling: mean_field
      limit:
        particles: 64
        replicates: 1
      finite:
        widths: [8, 32]
      record:
        snapshots: [0, 1, 4]
      """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func file(_ name: String = "run.nc") throws -> NetCDFReader {
    try NetCDFReader(path: folder.path + "/" + name)
  }

  /// The stored weights make the stored logits, by plain loops.
  @Test func weightsOfTheFileMakeItsLogits() throws {
    let result = try run(
      "limit", "small.yaml", "-o", "run.nc", "--precision", "double", "--quiet")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(
      result.output.contains("64 x 64 x 16 particles in each of 1 replicate"), "\(result.output)")
    let file = try file()
    #expect(try file.text("limit") == "mean_field")
    #expect(try file.number("hidden_layers") == 3)
    #expect(try file.number("moving_layers") == 4)
    #expect(try file.number("zero_limit") == 0)
    #expect(try file.number("alpha") == -1.5)
    #expect(try file.text("layer_particles") == "64, 64, 16")
    #expect(try file.number("particles") == 64)
    let group = try #require(file.group("measure"))
    let problem = try Experiment(
      LoadedConfiguration.parse(text: Self.small, path: "small.yaml"), takesDeepNetworks: true,
      takesDeepScalings: true
    ).problem
    func weights(_ name: String, _ snapshot: Int, _ rows: Int, _ columns: Int) throws -> [[Double]]
    {
      let all = try file.read(
        name, in: group, start: [snapshot, 0, 0], count: [1, rows, columns])
      return (0..<rows).map { Array(all[($0 * columns)..<(($0 + 1) * columns)]) }
    }
    let logits: [Double] = try file.read("test_logits")
    for (snapshot, step) in [0, 1, 4].enumerated() {
      let layers = [
        try weights("input_weight", snapshot, 64, 5),
        try weights("hidden_increment_2", snapshot, 64, 64),
        try weights("hidden_increment_3", snapshot, 16, 64),
      ]
      let a = try weights("output_weight", snapshot, 16, 1)
      for point in 0..<10 {
        var values = Array(problem.testInputs.row(point))
        for (number, rows) in layers.enumerated() {
          let factor = number == 0 ? 1 : 4 / Double(values.count)
          values = rows.map { row in
            let z = factor * zip(row, values).reduce(0) { $0 + $1.0 * $1.1 }
            return z >= 0 ? z : 0.1 * z
          }
        }
        let f = 4 / 16.0 * zip(a, values).reduce(0) { $0 + $1.0[0] * $1.1 }
        #expect(abs(f - logits[step * 10 + point]) < 1e-14, "step \(step), point \(point)")
      }
      let isAtRest = layers[1].allSatisfy { $0.allSatisfy { $0 == 0 } }
      #expect(isAtRest == (step == 0))
    }
  }

  @Test func repeatsAndPlots() throws {
    try write("eight.yaml", replacing: "replicates: 1", with: "replicates: 8")
    for (name, threads) in [("one.nc", "1"), ("two.nc", "2")] {
      #expect(
        try run("limit", "eight.yaml", "-o", name, "--threads", threads, "--quiet").status == 0)
    }
    let one: [Double] = try file("one.nc").read("test_logits")
    #expect(try file("two.nc").read("test_logits") == one)
    let errors: [Double] = try file("one.nc").read("test_logits_error")
    #expect(errors[0] == 0 && errors.dropFirst().allSatisfy { $0 > 0 })
    let plot = try run("plot", "one.nc", "-o", "figures")
    #expect(plot.status == 0, "\(plot.errors)")
    #expect(folder.exists("figures/loss.svg"))
    let report = try run("report", "one.nc", "-o", "report.html")
    #expect(report.status == 0, "\(report.errors)")
  }

  @Test func dryRunSaysWhatItTakes() throws {
    let result = try run("limit", "small.yaml", "-o", "run.nc", "--dry-run")
    #expect(result.status == 0 && !folder.exists("run.nc"))
    // 24 points, 4 steps of 6 (64 x 64 + 64 x 16) + 4 x 64 x 5 operations a point, and 5 evaluations of 10 points at
    // a third of that.
    #expect(result.output.contains("particles       64 x 64 x 16 in each replicate"))
    #expect(result.output.contains("operations      3.6e+06"), "\(result.output)")
    #expect(result.output.contains("time            about"))
    let json = try run("limit", "small.yaml", "-o", "run.nc", "--dry-run", "--json")
    #expect(json.output.contains("\"operations\""))
    // Single precision, 3 snapshots: of the population 64 x 5 weights, 16 outputs and 10 probes of 144 neurons, and of
    // the replicate the first two again and its increments, 64 x 64 and 64 x 16.
    #expect(result.output.contains("snapshots       0.0868 MB on the disk"), "\(result.output)")
  }

  /// Gradient descent of three layers: a file of zeros that says why.
  @Test func limitsThatStayZero() throws {
    try write(
      "rest.yaml", replacing: "optimizer: rmsprop\n  learning_rate: 1.0e-3",
      with: "learning_rate: 0.2")
    let result = try run("limit", "rest.yaml", "-o", "rest.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    let file = try file("rest.nc")
    let logits: [Double] = try file.read("test_logits")
    #expect(logits.count == 50 && logits.allSatisfy { $0 == 0 })
    let loss: [Double] = try file.read("test_loss")
    #expect(loss.allSatisfy { abs($0 - Foundation.log(2)) < 1e-15 })
    #expect(try file.number("zero_limit") == 1)
    #expect(try file.number("moving_layers") == 0)
    let reason =
      "gradient descent with 3 hidden layers has no non-trivial mean-field limit: logits vanish as d^(-1)"
      + " (initial function d^(-3/2)), hidden increments as d^(-1/2); RMSProp with epsilon = 0 has one"
    #expect(try file.text("zero_limit_reason") == reason)
    #expect(result.output.contains(reason), "\(result.output)")
    #expect(file.group("measure") == nil)
    let plan = try run("limit", "rest.yaml", "-o", "other.nc", "--dry-run", "--quiet")
    #expect(plan.output.contains("measure         frozen: \(reason)"), "\(plan.output)")
  }

  static let refusals: [(old: String, new: String, text: String)] = [
    (
      "scaling: mean_field", "scaling: default",
      "scaling: received default, which has no limit with 3 hidden layers: increments of the logits grow with d;"
        + " accepted: mean_field, or ntk for the limit of kernels"
    ),
    (
      "hidden_layers: 3", "hidden_layers: 4",
      "network.hidden_layers: received 4; accepted with rmsprop in the mean_field scaling: 1, 2, 3, more have not"
        + " been validated"
    ),
    (
      "slope: 0.1\n", "slope: 0.1\n  initialization: pytorch_uniform\n",
      "network.initialization: received pytorch_uniform; accepted with 3 hidden layers in the mean_field scaling:"
        + " gaussian, whose initial processes have closed forms"
    ),
    (
      "activation: leaky_relu\n  slope: 0.1", "activation: tanh",
      "network.activation: received tanh; accepted with 3 hidden layers in the mean_field scaling: linear, relu,"
        + " leaky_relu, erf, gelu, sin, whose initial processes have closed forms"
    ),
    (
      "activation: leaky_relu\n  slope: 0.1", "activation: erf",
      "network.activation: received erf; accepted with 3 hidden layers in the mean_field scaling: with rmsprop relu"
        + " and leaky_relu of a slope other than 1; without a kink the first layer follows the signs of noise at"
        + " step 1 at every width, and there is no deterministic limit"
    ),
    (
      "particles: 64", "particles: 72",
      "limit.particles: received 72; accepted with 3 hidden layers: a multiple of 32, the particles of the widest"
        + " layer in each replicate, such as 96"
    ),
    (
      "particles: 64", "particles: 64\n  design: sphere",
      "limit.design: received sphere; accepted with several hidden layers: auto, or words joined by +, at most"
        + " one of independent, sobol, and quadruples, moments"
    ),
    (
      "particles: 64", "dynamics: flow",
      "limit.dynamics: received flow; accepted with 3 hidden layers in the mean_field scaling: discrete"
    ),
    (
      "particles: 64", "tolerance: 0.01",
      "limit.replicates: received 1; accepted: 2 or more with a tolerance, since the error is the spread of"
        + " replicates"
    ),
    (
      "particles: 64", "particles: 1600000",
      "limit.particles: 1 replicates of 1600000 x 1600000 x 400000 particles need"
    ),
  ]

  @Test(arguments: refusals.indices) func refuses(_ number: Int) throws {
    let refusal = Self.refusals[number]
    try refuse("limit", replacing: refusal.old, with: refusal.new, refusal.text)
  }

  /// Beyond the dimensions of Sobol' points.
  @Test func designsOfManyFeatures() throws {
    try write("wide.yaml", replacing: "dimension: 5", with: "dimension: 4097")
    #expect(try run("limit", "wide.yaml", "-o", "wide.nc", "--quiet").status == 0)
    #expect(try file("wide.nc").text("design") == "quadruples+moments")
    let wide = Self.small.replacingOccurrences(of: "dimension: 5", with: "dimension: 4097")
    try folder.write(
      "sobol.yaml",
      wide.replacingOccurrences(of: "particles: 64", with: "particles: 64\n  design: sobol"))
    let result = try run("limit", "sobol.yaml", "-o", "run.nc", "--quiet")
    #expect(result.status == 65)
    #expect(
      result.errors.contains(
        "limit.design: received sobol, but Sobol' points have at most 4096 coordinates, not 4097; auto would"
          + " choose quadruples+moments"), "\(result.errors)")
  }

  @Test func resumesWhereItWasFinished() throws {
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--resume", "--quiet").status == 0)
    let again = try run("limit", "small.yaml", "-o", "run.nc", "--resume")
    #expect(again.status == 0, "\(again.errors)")
    let other = try run(
      "limit", "small.yaml", "-o", "run.nc", "--resume", "--particles", "96", "--quiet")
    #expect(other.status == 65 && other.errors.contains("--particles"), "\(other.errors)")
  }
}
