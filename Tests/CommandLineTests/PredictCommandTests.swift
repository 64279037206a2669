import Foundation
import InfiniteWidth
import Testing

/// The configuration of predictions, of which suites have variants.
let predictionConfiguration = """
  data:
    format: synthetic
    dimension: 5
    train: 24
    test: 15
  network:
    activation: relu
    bias: true
    hidden_layers: 2
    layer_widths: [32, 16]
    weight_std: 1.4
    bias_std: 0.1
    parameterization: standard
  training:
    loss: squared
    learning_rate: 0.01
    steps: 20
  scaling: ntk
  limit:
    kernel_file: kernel.nc
    realizations: 400
  prediction:
    times: [infinity, 5, 20]
    dynamics: discrete
    noise_std: 0.3
    covariance: true
  """

/// `infwidth predict` from a configuration to PREDICTION.nc, a figure and a page.
@Suite struct PredictCommandTests: SmallExperiment {
  static let small = predictionConfiguration

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func file(_ name: String) throws -> NetCDFReader {
    try NetCDFReader(path: "\(folder.path)/\(name)")
  }

  private func record(_ name: String) throws -> PredictionRecord {
    try PredictionRecord.read("\(folder.path)/\(name)")
  }

  /// Mean and spread over 400 realizations of the limit of the same configuration, and its losses.
  @Test func realizationsOfTheLimitSpreadAsPredicted() throws {
    for arguments in [
      ["kernel", "small.yaml", "-o", "kernel.nc", "--quiet"],
      ["predict", "small.yaml", "-o", "p.nc", "--kernels", "kernel.nc", "--quiet"],
      ["limit", "small.yaml", "-o", "run.nc", "--quiet"],
    ] {
      let result = try Program.run(arguments, in: folder)
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.errors.isEmpty, "\(result.errors)")
    }
    let prediction = try record("p.nc")
    #expect(prediction.times == [5, 20, .infinity])
    let run = try file("run.nc")
    let logits = try run.read("test_logits")
    let losses = try run.read("test_loss")
    let runs = 400
    for (law, step) in zip(prediction.ensembles, [5, 20]) {
      for point in 0..<15 {
        let values = (0..<runs).map { logits[($0 * 21 + step) * 15 + point] }
        let mean = values.reduce(0, +) / Double(runs)
        let square = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(runs - 1)
        let deviation = law.testDeviation[point]
        #expect(deviation > 0.01)
        #expect(abs(mean - law.testMean[point]) < 5 * deviation / Double(runs).squareRoot())
        #expect(
          abs(square / (deviation * deviation) - 1) < 5 * (2 / Double(runs - 1)).squareRoot())
      }
      let loss = (0..<runs).map { losses[$0 * 21 + step] }
      let mean = loss.reduce(0, +) / Double(runs)
      let error =
        (loss.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(runs * (runs - 1))).squareRoot()
      #expect(abs(mean - law.scores.testMemberLoss) < 5 * error)
    }
  }

  /// The zero function names no class, and points that coincide with other labels cannot both be classified: rounding
  /// does not decide.
  @Test(arguments: ["discrete", "flow"]) func tiesAreTies(dynamics: String) throws {
    let points = (0..<12).map { row in
      "\(Double(row * 7 % 12) / 4),\(Double(row * 5 % 11) / 8 - 0.5),\(row % 2)"
    }
    let rows = points + ["0.3,0.4,0", "0.3,0.4,1"]
    try folder.write("points.csv", rows.joined(separator: "\n"))
    try folder.write(
      "ties.yaml",
      """
      data: {format: csv, train_path: points.csv, test_path: points.csv, classes: [0, 1], train: 14, test: 12}
      network: {activation: relu, bias: true, hidden_layers: 2, weight_std: 1.4, bias_std: 0.3}
      training: {loss: squared, learning_rate: 0.01, steps: 5}
      prediction: {times: [0, infinity], dynamics: \(dynamics)}
      """)
    let result = try run("predict", "ties.yaml", "-o", "t.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    let ensembles = try record("t.nc").ensembles
    #expect(ensembles[0].trainingMean.allSatisfy { $0 == 0 })
    #expect(ensembles[0].testMean.allSatisfy { $0 == 0 })
    #expect(ensembles[0].scores.trainingAccuracy == 0.5)
    #expect(ensembles[0].scores.testAccuracy == 0.5)
    // Both of the two at the same place count one half.
    #expect(ensembles[1].scores.trainingAccuracy == 13.0 / 14)
  }

  @Test func fileOfItsOwn() throws {
    let result = try run("predict", "small.yaml", "-o", "p.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    #expect(
      result.output.contains(
        "Predictions of 2 hidden layers, standard parameterization"), "\(result.output)")
    #expect(result.output.contains("Largest stable learning rate of gradient descent: "))
    let file = try file("p.nc")
    for name in try file.variableNames() {
      #expect(try file.text("units", of: name) == "1", "\(name)")
      #expect(try file.text("long_name", of: name)?.isEmpty == false, "\(name)")
    }
    for (name, shape) in [
      ("ntk_test_mean", ["time", "test", "output"]), ("ntk_train_std", ["time", "train"]),
      ("ntk_test_covariance", ["time", "test", "other_test"]), ("nngp_test_loss", []),
      ("nngp_test_covariance", ["test", "other_test"]), ("ntk_test_loss", ["time"]),
    ] { #expect(try file.shape(of: name).map(\.name) == shape) }
    #expect(try file.text("config") == Self.small)
    #expect(try file.number("ntk_directions_left_out") == 0)
    #expect(try recordKind(of: folder.path + "/p.nc") == .prediction)
    let record = try record("p.nc")
    let covariance = try file.read("ntk_test_covariance")
    for (t, law) in record.ensembles.enumerated() {
      for i in 0..<15 {
        #expect(abs(covariance[(t * 15 + i) * 15 + i] - pow(law.testDeviation[i], 2)) < 1e-12)
      }
      let scores = law.scores
      let gaps = (0..<15).map { record.testLabels[$0] - law.testMean[$0] }
      #expect(abs(scores.testLoss - gaps.reduce(0) { $0 + $1 * $1 / 30 }) < 1e-14)
      let density = (0..<15).reduce(0.0) { sum, i in
        let variance = pow(law.testDeviation[i], 2) + 0.09
        return sum + (log(2 * .pi * variance) + gaps[i] * gaps[i] / variance) / 30
      }
      #expect(abs(scores.testDensityLoss - density) < 1e-13)
      let right = (0..<15).count { record.testLabels[$0] * law.testMean[$0] > 0 }
      #expect(abs(scores.testAccuracy - Double(right) / 15) < 1e-14)
    }
    // The training points are fitted at the end.
    #expect(record.ensembles[2].scores.trainingLoss < 1e-20)
    #expect(record.bayesian.scores.trainingLoss > 1e-4)
  }

  /// Kernels from a file and computed are the same numbers, with any number of threads.
  @Test func kernelsOfAFileAndThreads() throws {
    for arguments in [
      ["kernel", "small.yaml", "-o", "kernel.nc"],
      ["predict", "small.yaml", "-o", "a.nc", "--kernels", "kernel.nc", "--threads", "1"],
      ["predict", "small.yaml", "-o", "b.nc", "--threads", "3"],
    ] {
      let result = try Program.run(arguments + ["--quiet"], in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    for name in ["nngp_test_mean", "ntk_test_mean", "ntk_test_covariance", "ntk_train_std"] {
      #expect(try file("a.nc").read(name) == file("b.nc").read(name), "\(name)")
    }
    #expect(try file("a.nc").text("kernel_file") == "kernel.nc")
  }

  @Test func jsonTablesFiguresAndPages() throws {
    let result = try run("predict", "small.yaml", "-o", "p.nc", "--json", "--csv", "tables")
    #expect(result.status == 0, "\(result.errors)")
    let json =
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    let rows = try #require(json?["predictions"] as? [[String: Any]])
    #expect(rows.count == 4)
    #expect(rows[0]["prediction"] as? String == "nngp")
    #expect(rows[3]["time"] as? String == "infinity")
    let record = try record("p.nc")
    let loss = try #require(rows[1]["test_loss"] as? Double)
    #expect(abs(loss - record.ensembles[0].scores.testLoss) < 1e-15)
    let table = try String(
      contentsOfFile: folder.path + "/tables/predictions.csv", encoding: .utf8)
    #expect(
      table.hasPrefix(
        "prediction,time,train_loss,test_loss,train_member_loss,test_member_loss,train_accuracy,test_accuracy,test_mean_std,test_density_loss,train_member_accuracy,test_member_accuracy\r\nnngp,,"
      ))
    #expect(table.contains("\r\nntk,inf,"))
    let figures = try run("plot", "p.nc", "-o", "figures")
    #expect(figures.status == 0, "\(figures.errors)")
    #expect(
      figures.output.split(separator: "\n").filter { $0.hasSuffix(".svg") } == [
        "figures/prediction_scores.svg", "figures/prediction_calibration.svg",
        "figures/prediction_points.svg",
      ])
    let page = try run("report", "p.nc", "-o", "page.html")
    #expect(page.status == 0, "\(page.errors)")
    let text = try String(contentsOfFile: folder.path + "/page.html", encoding: .utf8)
    #expect(text.contains("Predictions of kernels") && text.contains("trained to the end"))
    #expect(text.contains("gradient descent on the squared loss is stable below"))
  }

  /// Twenty points in the plane and a linear network: two directions, and eighteen of rounding.
  @Test func directionsOfRoundingAreLeftOut() throws {
    try folder.write(
      "plane.yaml",
      "data: {format: synthetic, dimension: 2, train: 20, test: 3}\nnetwork: {activation: linear}\n"
    )
    let result = try run("predict", "plane.yaml", "-o", "p.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "infwidth: warning: the tangent kernel on the training points has 18 eigenvalues within rounding"
          + " of zero (smallest "), "\(result.errors)")
    #expect(
      result.errors.contains("; a Cholesky factorization takes a jitter of "), "\(result.errors)")
    #expect(try file("p.nc").number("ntk_directions_left_out") == 18)
    let record = try record("p.nc")
    #expect(record.times == [.infinity])
    // Least squares in the plane.
    let problem = try KernelExperiment(LoadedConfiguration.load(path: folder.path + "/plane.yaml"))
      .problem
    var (a, b, c, u, v) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for i in 0..<20 {
      let (x, y) = (problem.trainingInputs[i, 0], problem.trainingInputs[i, 1])
      a += x * x
      b += x * y
      c += y * y
      u += x * problem.trainingLabels[i]
      v += y * problem.trainingLabels[i]
    }
    let determinant = a * c - b * b
    let slope = ((c * u - b * v) / determinant, (a * v - b * u) / determinant)
    for i in 0..<3 {
      let expected = slope.0 * problem.testInputs[i, 0] + slope.1 * problem.testInputs[i, 1]
      #expect(abs(record.ensembles[0].testMean[i] - expected) < 1e-12)
      #expect(abs(record.bayesian.testMean[i] - expected) < 1e-12)
    }
  }

  /// By the eigenvalue and, for more points, by the sums of rows, which bound it.
  @Test func stableLearningRatesOfKernels() throws {
    try write("exact.yaml", replacing: "train: 24", with: "train: 1000")
    try write("bound.yaml", replacing: "train: 24", with: "train: 1001")
    var rates: [Double] = []
    for name in ["exact", "bound"] {
      let result = try run("kernel", "\(name).yaml", "-o", "\(name).nc", "--quiet")
      #expect(result.status == 0, "\(result.errors)")
      #expect(result.output.contains("squared loss: at least ") == (name == "bound"))
      rates.append(try #require(try file("\(name).nc").number("largest_stable_learning_rate")))
    }
    let exact = try #require(try file("exact.nc").number("ntk_maximum_eigenvalue"))
    #expect(abs(rates[0] - 2000 / exact) < 1e-12 * rates[0])
    #expect(try file("exact.nc").text("largest_stable_learning_rate_from") == "eigenvalue")
    #expect(try file("bound.nc").text("largest_stable_learning_rate_from") == "row sums")
    let theta = try file("bound.nc").read("ntk_train_train")
    let largest = (0..<1001).map { i in
      (0..<1001).reduce(0.0) { $0 + abs(theta[i * 1001 + $1]) }
    }.max()!
    #expect(abs(rates[1] - 2002 / largest) < 1e-12 * rates[1])
    #expect(rates[1] < 1.001 * rates[0] && rates[1] > 0.2 * rates[0])
  }
}
