import Foundation
import InfiniteWidth
import Testing

/// `infwidth kernel` from a configuration to KERNEL.nc.
@Suite struct KernelCommandTests: SmallExperiment {
  static let small = """
    data:
      format: synthetic
      dimension: 5
      train: 40
      test: 30
    network:
      activation: relu
      bias: true
      hidden_layers: 2
      layer_widths: [32, 16]
      weight_std: 1.4
      bias_std: 0.1
      parameterization: standard
    """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func matrices() throws -> (
    experiment: KernelExperiment, train: DeepKernelMatrices<Double>
  ) {
    let experiment = try KernelExperiment(
      LoadedConfiguration.load(path: folder.path + "/small.yaml"))
    let points = DeepKernelPoints<Double>(experiment.problem.trainingInputs, experiment.kernels)
    return (experiment, experiment.kernels.matrices(points, workers: Workers(count: 1)))
  }

  @Test func writesTheFileOfTheContract() throws {
    let result = try run("kernel", "small.yaml", "-o", "kernel.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    #expect(
      result.output.contains("Kernels of 2 hidden layers, standard parameterization, double"))
    #expect(
      result.output.contains(
        "\nLargest stable learning rate of gradient descent, full batch, squared loss: "))
    #expect(folder.contents() == ["kernel.nc", "small.yaml"])
    let file = try NetCDFReader(path: folder.path + "/kernel.nc")
    for kernel in ["nngp", "ntk"] {
      for (block, dimensions) in [
        "train_train": ["train", "other_train"], "test_train": ["test", "train"],
        "test_test": ["test", "other_test"],
      ] {
        let shape = try file.shape(of: "\(kernel)_\(block)")
        #expect(shape.map(\.name) == dimensions)
        #expect(shape.map(\.length) == dimensions.map { $0.hasSuffix("train") ? 40 : 30 })
      }
    }
    for name in try file.variableNames() {
      #expect(try file.text("units", of: name) == "1", "\(name)")
      #expect(try file.text("long_name", of: name)?.isEmpty == false, "\(name)")
    }
    let (experiment, expected) = try matrices()
    #expect(try file.read("nngp_train_train") == expected.nngp.elements)
    #expect(try file.read("ntk_train_train") == expected.tangent.elements)
    let test = DeepKernelPoints<Double>(experiment.problem.testInputs, experiment.kernels)
    let training = DeepKernelPoints<Double>(
      experiment.problem.trainingInputs, experiment.kernels)
    let across = experiment.kernels.matrices(test, training, workers: Workers(count: 1))
    #expect(try file.read("nngp_test_train") == across.nngp.elements)
    #expect(try file.read("ntk_test_train") == across.tangent.elements)
    let below = experiment.kernels.matrices(test, workers: Workers(count: 1))
    #expect(try file.read("ntk_test_test") == below.tangent.elements)
    #expect(try file.read("train_label") == experiment.problem.trainingLabels)
    #expect(try file.read("test_label") == experiment.problem.testLabels)
    #expect(try file.text("config") == Self.small)
    #expect(try file.text("history")?.contains("kernel small.yaml -o kernel.nc") == true)
    #expect(try file.text("parameterization") == "standard")
    #expect(try recordKind(of: folder.path + "/kernel.nc") == .kernel)
  }

  @Test func singlePrecisionAndThreads() throws {
    for (name, arguments) in [
      ("double.nc", ["--threads", "1"]),
      ("single.nc", ["--precision", "single", "--threads", "1"]),
      ("threads.nc", ["--precision", "single", "--threads", "3"]),
    ] {
      let result = try Program.run(
        ["kernel", "small.yaml", "-o", name, "--quiet"] + arguments, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    func values(_ name: String) throws -> [Double] {
      try NetCDFReader(path: "\(folder.path)/\(name)").read("ntk_train_train")
    }
    let (double, single) = (try values("double.nc"), try values("single.nc"))
    #expect(try values("threads.nc") == single)
    #expect(single.allSatisfy { Double(Float($0)) == $0 } && single != double)
    let largest = double.max()!
    #expect(zip(single, double).allSatisfy { abs($0 - $1) < 5e-6 * largest })
  }

  @Test func jsonTablesAndNotes() throws {
    try write(
      "other.yaml", replacing: "parameterization: standard",
      with: "parameterization: standard\n  width_scale: 3\n  input_weight_std: 2\nscaling: ntk")
    let result = try run("kernel", "other.yaml", "-o", "kernel.nc", "--json", "--csv", "tables")
    #expect(result.status == 0)
    #expect(
      result.errors.split(separator: "\n") == [
        "infwidth: note: network.input_weight_std has no effect: kernels of deep networks take"
          + " network.weight_std",
        "infwidth: note: scaling has no effect: the parameterization takes its place",
        "infwidth: note: network.width_scale has no effect: kernels are those of its limit",
      ])
    let json =
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let kernels = json?["kernels"] as? [String: [String: Any]]
    let expected = try matrices().train
    let trace = (0..<40).reduce(0) { $0 + expected.tangent[$1, $1] }
    let mean = try #require(kernels?["ntk"]?["diagonal_mean"] as? Double)
    #expect(abs(mean - trace / 40) < 1e-12 * mean)
    #expect(kernels?["nngp"]?["relative_jitter"] as? Double == 0)
    let table = try String(contentsOfFile: folder.path + "/tables/kernels.csv", encoding: .utf8)
    #expect(
      table.hasPrefix(
        "kernel,diagonal_mean,off_diagonal_mean,minimum_eigenvalue,maximum_eigenvalue,relative_jitter,largest_stable_learning_rate\r\nnngp,"
      ))
  }

  /// Twenty points in the plane and a linear network: two eigenvalues, and eighteen rounding errors.
  @Test func kernelsThatAreNotPositiveDefinite() throws {
    try folder.write(
      "plane.yaml",
      "data: {format: synthetic, dimension: 2, train: 20, test: 1}\nnetwork: {activation: linear}\n"
    )
    let result = try run("kernel", "plane.yaml", "-o", "kernel.nc", "--quiet")
    #expect(result.status == 0)
    let file = try NetCDFReader(path: folder.path + "/kernel.nc")
    let smallest = try #require(try file.number("nngp_minimum_eigenvalue"))
    let largest = try #require(try file.number("nngp_maximum_eigenvalue"))
    let jitter = try #require(try file.number("nngp_relative_jitter"))
    #expect(abs(smallest) < 1e-14 * largest && largest > 1 && jitter > 0 && jitter <= 1e-13)
    #expect(
      result.errors.contains(
        "infwidth: warning: the NNGP kernel on the training points is not positive definite in double"
          + " precision: smallest eigenvalue "))
    #expect(
      result.errors.contains(
        "; a Cholesky factorization takes a jitter of \(jitter) times the mean diagonal\n"))
  }

  @Test func finishedFilesAreNotReplaced() throws {
    try folder.write("kernel.nc", "finished")
    let refused = try run("kernel", "small.yaml", "-o", "kernel.nc")
    #expect(refused.status == 74)
    #expect(try String(contentsOfFile: folder.path + "/kernel.nc", encoding: .utf8) == "finished")
    let forced = try run("kernel", "small.yaml", "-o", "kernel.nc", "--force", "--quiet")
    #expect(forced.status == 0)
    let input = try run("kernel", "small.yaml", "-o", "small.yaml", "--force")
    #expect(input.status == 74)
    #expect(
      input.errors
        == "infwidth: error: small.yaml: this is an input of the run; choose another name\n")
    #expect(folder.contents() == ["kernel.nc", "small.yaml"])
  }

  @Test(arguments: [
    (
      "activation: relu", "activation: tanh",
      "bad.yaml:7: network.activation: received tanh, whose kernels have no closed form; accepted: linear, relu, leaky_relu, erf, gelu, sin"
    ),
    (
      "activation: relu", "activation: softplus",
      "bad.yaml:7: network.activation: received softplus, whose kernels have no closed form; accepted: linear, relu, leaky_relu, erf, gelu, sin"
    ),
    (
      "layer_widths: [32, 16]", "initialization: pytorch_uniform",
      "bad.yaml:10: network.initialization: received pytorch_uniform; accepted with kernels of deep networks: gaussian"
    ),
    (
      "  layer_widths: [32, 16]\n", "",
      "bad.yaml:6: network.layer_widths: missing; give 2 base widths, one per hidden layer, which the standard parameterization needs"
    ),
    (
      "hidden_layers: 2\n  layer_widths: [32, 16]\n  weight_std: 1.4\n  bias_std: 0.1",
      "weight_std: 1.4",
      "bad.yaml:6: network.bias_std: missing; give a number of at least 0, which bias: true needs"
    ),
    (
      "weight_std: 1.4", "weight_std: 1e200",
      "bad.yaml:6: network: a kernel is not finite in double precision; lower network.weight_std or the inputs"
    ),
  ])
  func refusals(old: String, new: String, message: String) throws {
    try write("bad.yaml", replacing: old, with: new)
    let result = try run("kernel", "bad.yaml", "-o", "kernel.nc")
    #expect(result.status == 65)
    #expect(result.errors.contains("infwidth: error: \(message)\n"), "\(result.errors)")
    #expect(folder.contents() == ["bad.yaml", "small.yaml"])
  }

  @Test func otherCommandsRefuseKernels() throws {
    #expect(try run("kernel", "small.yaml", "-o", "kernel.nc", "--quiet").status == 0)
    let figures = try run("plot", "kernel.nc", "-o", "figures")
    #expect(figures.status == 65)
    #expect(
      figures.errors
        == "infwidth: error: kernel.nc: received kernels, which have no figures; accepted: limits, finite nets, densities, comparisons, predictions and studies\n"
    )
    #expect(try run("report", "kernel.nc", "-o", "page.html").status == 65)
    #expect(try run("density", "kernel.nc", "-o", "density.nc").status == 65)
  }
}
