import Foundation
import InfiniteWidth
import Testing

/// Networks with an output for each class, and optimizers, from the command line.
@Suite struct SeveralClassesTests {
  let folder: Program.Folder

  init() throws {
    folder = try Program.Folder()
    let rows = (0..<40).map { i in
      "\(Double(i % 7) / 3),\(Double(i % 5) - 2),\(Double(i % 4) - 1),\([2, 5, 9][i % 3])"
    }
    try folder.write("three.csv", rows.joined(separator: "\n") + "\n")
  }

  private func configuration(_ training: String, data: String = "", scaling: String = "mean_field")
    -> String
  {
    let source = data.isEmpty ? "format: csv, train_path: three.csv, train: 25, test: 15" : data
    return """
      data: {\(source)}
      network: {activation: tanh, reference_width: 16}
      training: {learning_rate: 0.1, steps: 4, \(training)}
      scaling: \(scaling)
      limit: {particles: 64, replicates: 2, realizations: 4}
      finite: {widths: [8, 20], seeds: 2}
      record: {snapshots: [0, 4], probes: 3}
      """
  }

  private func run(_ command: String, _ text: String) throws -> Program.Result {
    try folder.write("run.yaml", text)
    return try Program.run([command, "run.yaml", "-o", "out.nc", "--quiet", "--force"], in: folder)
  }

  private func file(_ command: String, _ text: String) throws -> NetCDFReader {
    let result = try run(command, text)
    #expect(result.status == 0, "\(result.errors)")
    return try NetCDFReader(path: folder.path + "/out.nc")
  }

  @Test(arguments: ["loss: softmax", "loss: squared"]) func theLimitHasAnOutputForEachClass(
    loss: String
  ) throws {
    let classes =
      "format: csv, train_path: three.csv, train: 25, test: 15, classes: [[2], [5], [9]]"
    // Without corrections by the exact kernel, which need several replicates.
    let file = try file(
      "limit",
      configuration(loss, data: classes).replacingOccurrences(
        of: "replicates: 2", with: "replicates: 1, design: antithetic"))
    #expect(try file.dimensionLength("output") == 3)
    #expect(try file.text("classes") == "2; 5; 9")
    #expect(Set(try file.read("train_label")) == [0, 1, 2])
    let logits = try file.read("test_logits")
    #expect(logits.count == 5 * 15 * 3 && logits.prefix(45).allSatisfy { $0 == 0 })
    let start = loss == "loss: softmax" ? log(3) : 0.5
    #expect(abs(try file.read("test_loss")[0] - start) < 1e-12)
    #expect(try file.read("loss_gradient").count == 4 * 25 * 3)
    #expect(try file.read("tangent_kernel_diagonal").allSatisfy { $0 > 0 })

    // The measure of the last step makes its logits: f_c = sqrt(16) E[a_c phi(w x)].
    let measure = try #require(file.group("measure"))
    let a = try file.read("output_weight", in: measure)
    let w = try file.read("input_weight", in: measure)
    let problem = try Experiment(LoadedConfiguration.load(path: folder.path + "/run.yaml")).problem
    for t in 0..<15 {
      for c in 0..<3 {
        var sum = 0.0
        for r in 64..<128 {
          let z = (0..<3).reduce(0.0) { $0 + w[3 * r + $1] * problem.testInputs[t, $1] }
          sum += a[3 * r + c] * tanh(z)
        }
        #expect(abs(4 * sum / 64 - logits[(4 * 15 + t) * 3 + c]) < 1e-5)
      }
    }
  }

  @Test func networksOfSeveralOutputsAreRecorded() throws {
    let file = try file("train", configuration("loss: softmax, optimizer: momentum"))
    #expect(try file.shape(of: "test_logits").map(\.length) == [2, 2, 5, 15, 3])
    #expect(try file.text("optimizer") == "momentum")
    #expect(try file.read("test_logits").allSatisfy { $0.isFinite })
  }

  /// Realization r of output c is Gaussian process number 2 r + c: those of one output, in order.
  @Test func initialFunctionsOfTheOutputsAreIndependentProcesses() throws {
    let data = "format: synthetic, dimension: 5, train: 20, test: 10"
    let single = try file("limit", configuration("loss: logistic", data: data, scaling: "ntk"))
      .read("test_logits")
    let double = try file("limit", configuration("loss: softmax", data: data, scaling: "ntk"))
      .read("test_logits")
    for process in 0..<4 {
      let (realization, output) = (process / 2, process % 2)
      for t in 0..<10 {
        #expect(
          double[(realization * 50 + t) * 2 + output] == single[process * 50 + t])
      }
    }
    #expect(double[100..<200] != double[0..<100])
  }

  @Test func theLogisticLossTakesTwoClasses() throws {
    let result = try run("limit", configuration("loss: logistic"))
    #expect(result.status == 65)
    #expect(
      result.errors
        == "infwidth: error: run.yaml:1: data.classes: received 3 classes; accepted with the logistic loss:"
        + " two classes, each a label or a list of labels, such as [[0, 1], [2, 3]]; more with the softmax"
        + " or the squared loss\n")
  }

  @Test func divergingLogitsOfTheSquaredLossAreRefusedWithTheSoftmaxLossForAdvice() throws {
    let classes =
      "format: csv, train_path: three.csv, train: 25, test: 15, classes: [[2], [5], [9]]"
    let result = try run(
      "limit", configuration("loss: squared", data: classes, scaling: "sym_default"))
    #expect(result.status == 65)
    #expect(result.errors.contains("accepted: the softmax loss, or a scaling of finite logits"))
  }

  @Test func limitsOfIndicatorsRun() throws {
    let file = try file("limit", configuration("loss: softmax", scaling: "sym_default"))
    // From step 1 on gradients are those of indicators, 0, 1/m or 1 minus the one-hot label, over n.
    let gradients = try file.read("loss_gradient")
    #expect(
      gradients[(25 * 3)..<(4 * 25 * 3)].allSatisfy {
        abs(25 * $0) < 1e-12 || abs(abs(25 * $0) - 1) < 1e-12
      })
    #expect(try file.read("test_loss").allSatisfy { $0 >= 0 })
  }

  @Test func rmspropRecordsNoTangentKernel() throws {
    let text = configuration("loss: softmax, optimizer: rmsprop, smoothing: 0.9")
    try folder.write("run.yaml", text)
    let result = try Program.run(["limit", "run.yaml", "-o", "out.nc"], in: folder)
    #expect(result.status == 0)
    #expect(
      result.errors.contains(
        "record.probes has no effect: the steps of rmsprop have no tangent kernel"))
    let file = try NetCDFReader(path: folder.path + "/out.nc")
    #expect(try file.dimensionLength("probe") == 0)
    #expect(try file.text("optimizer") == "rmsprop" && file.number("gamma") == 0)
    let logits = try file.read("test_logits")
    #expect(logits[45...].allSatisfy { $0 != 0 && $0.isFinite })
    let drawn = try Program.run(["plot", "out.nc", "-o", "figures"], in: folder)
    #expect(drawn.status == 0, "\(drawn.errors)")
  }
}
