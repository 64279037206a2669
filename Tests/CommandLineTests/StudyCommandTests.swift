import Foundation
import InfiniteWidth
import Testing

/// `infwidth study`: each of its networks as the other commands have it.
@Suite struct StudyCommandTests: SmallExperiment {
  static let small = """
    data:
      format: synthetic
      dimension: 5
      train: 24
      test: 50
    network:
      activation: erf
      bias: true
      weight_std: 1.3
      bias_std: 0.2
    prediction:
      noise_std: 0.3
    study:
      parameterizations: [standard, ntk]
      hidden_layers: [3, 1]
      base_width: 12
      width_ratios: [0.5, 2]
      steps: 7
      learning_rate_share: 0.25
    finite:
      widths: [32, 8]
      seeds: 3
    """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func study(_ name: String = "study.nc", _ options: String...) throws -> StudyRecord {
    let result = try Program.run(
      ["study", "small.yaml", "-o", name, "--quiet"] + options, in: folder)
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    return try StudyFile.read("\(folder.path)/\(name)")
  }

  /// The configuration of one of the networks alone.
  private func single(_ entry: StudyRecord.Case) -> String {
    """
    data: {format: synthetic, dimension: 5, train: 24, test: 50}
    network:
      activation: erf
      bias: true
      hidden_layers: \(entry.hiddenLayers)
      layer_widths: [\(entry.widthsText)]
      weight_std: 1.3
      bias_std: 0.2
      parameterization: \(entry.parameterization)
    training: {loss: squared, learning_rate: \(entry.learningRate), steps: 7}
    prediction: {times: [7, infinity], dynamics: discrete, noise_std: 0.3}
    scaling: ntk
    finite: {widths: [8, 32], seeds: 3}
    record: {probes: 0}
    """
  }

  private func close(_ a: StudyRecord.Law, _ b: PredictionScores) -> Bool {
    let pairs = [
      (a.meanFunction.trainingLoss, b.trainingLoss), (a.meanFunction.testLoss, b.testLoss),
      (a.one.trainingLoss, b.trainingMemberLoss), (a.one.testLoss, b.testMemberLoss),
      (a.one.trainingAccuracy, b.trainingMemberAccuracy),
      (a.one.testAccuracy, b.testMemberAccuracy),
    ]
    return pairs.allSatisfy { abs($0 - $1) < 1e-10 * max(1e-3, abs($1)) }
      && a.meanFunction.trainingAccuracy == b.trainingAccuracy
      && a.meanFunction.testAccuracy == b.testAccuracy
  }

  @Test func kernelsAreThoseOfPredict() throws {
    let record = try study()
    #expect(record.steps == 7 && record.noiseDeviation == 0.3 && record.testPoints == 50)
    #expect(
      record.cases.map { "\($0.parameterization) \($0.widthRatio): \($0.widthsText)" } == [
        "standard 0.5: 12, 6, 3", "standard 2.0: 12, 24, 48", "standard 1.0: 12",
        "ntk 0.5: 12, 6, 3", "ntk 2.0: 12, 24, 48", "ntk 1.0: 12",
      ])
    for (number, entry) in record.cases.enumerated() {
      try folder.write("one.yaml", single(entry))
      let result = try run("predict", "one.yaml", "-o", "p\(number).nc", "--quiet")
      #expect(result.status == 0, "\(result.errors)")
      let path = "\(folder.path)/p\(number).nc"
      let alone = try PredictionRecord.read(path)
      #expect(close(entry.bayesian, alone.bayesian.scores))
      #expect(close(entry.trained, alone.ensembles[0].scores))
      #expect(close(entry.end, alone.ensembles[1].scores))
      let stable = try #require(
        try NetCDFReader(path: path).number("largest_stable_learning_rate"))
      #expect(abs(entry.learningRate / stable - 0.25) < 1e-10)
    }
    // Kernels of the ntk parameterization do not know the widths, those of the standard one do.
    #expect(record.cases[3].trained == record.cases[4].trained)
    #expect(
      abs(
        record.cases[0].trained.meanFunction.testLoss
          - record.cases[1].trained.meanFunction.testLoss)
        > 1e-4 * record.cases[0].trained.meanFunction.testLoss)
  }

  /// Bit by bit those of `infwidth train`, with one hidden layer in the standard parameterization too.
  @Test func networksAreThoseOfTrain() throws {
    let record = try study()
    #expect(record.widths == [8, 32] && record.seeds == 3)
    for (number, entry) in record.cases.enumerated()
    where entry.hiddenLayers > 1 || entry.parameterization == "standard" {
      try folder.write("one.yaml", single(entry))
      let result = try run("train", "one.yaml", "-o", "n\(number).nc", "--quiet")
      #expect(result.status == 0, "\(result.errors)")
      let nets = try NetsRecord.read("\(folder.path)/n\(number).nc", parts: .testLogits)
      for (networks, trajectory) in zip(entry.networks, nets.trajectories) {
        let last = trajectory.steps.count - 1
        #expect(trajectory.steps[last] == 7)
        for (seed, member) in networks.members.enumerated() {
          #expect(member.testLoss == trajectory.testLoss[seed * (last + 1) + last])
          #expect(member.trainingLoss == trajectory.trainingLoss[seed * (last + 1) + last])
          #expect(member.testAccuracy == trajectory.testAccuracy[seed * (last + 1) + last])
        }
        let labels = nets.testLabels
        let mean = labels.indices.map { point in
          (0..<3).reduce(0.0) {
            $0 + trajectory.testLogits[($1 * (last + 1) + last) * labels.count + point] / 3
          }
        }
        let loss = zip(mean, labels).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / 2 }
        #expect(abs(networks.meanFunction.testLoss - loss / Double(labels.count)) < 1e-7)
        let right = zip(mean, labels).count { $0 * $1 > 0 }
        #expect(networks.meanFunction.testAccuracy == Double(right) / Double(labels.count))
      }
    }
  }

  /// Expected of one network of infinite width: the mean over finite ones of width 1024, within their spread.
  @Test func wideNetworksHaveTheLossOfTheirKernels() throws {
    try folder.write(
      "small.yaml",
      Self.small.replacing("[32, 8]", with: "[32, 1024]")
        .replacing("base_width: 12", with: "base_width: 16")
        .replacing("[0.5, 2]", with: "[0.5, 1]")
        .replacing("seeds: 3", with: "seeds: 16"))
    let record = try study("wide.nc", "--threads", "2")
    for entry in record.cases {
      let wide = entry.networks[1]
      for (score, expected) in [
        (wide.statistics(\.testLoss), entry.trained.one.testLoss),
        (wide.statistics(\.testAccuracy), entry.trained.one.testAccuracy),
      ] {
        #expect(
          abs(score.mean - expected) < 4 * score.standardError + 0.02 * expected,
          "\(entry.parameterization) \(entry.widthsText): \(score), expected \(expected)")
      }
    }
  }

  @Test func sameBitsWithAnyThreadsAndAfterResume() throws {
    var one = try study("one.nc", "--threads", "1")
    let two = try study("two.nc", "--threads", "2")
    one.path = two.path
    #expect(one == two)
    let again = try run("study", "small.yaml", "-o", "one.nc", "--resume")
    #expect(again.status == 0 && again.errors.contains("finished"), "\(again.errors)")
    let other = try run("study", "small.yaml", "-o", "one.nc", "--resume", "--seed", "9")
    #expect(other.status == 65 && other.errors.contains("--seed: received 9"), "\(other.errors)")
  }

  /// What is printed, tables, figures and a page; without `finite` of kernels alone.
  @Test func results() throws {
    let result = try run(
      "study", "small.yaml", "-o", "study.nc", "--quiet", "--csv", "tables")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.hasPrefix("Study of 6 networks, "))
    #expect(result.output.contains("ntk, trained by 7 steps; end, trained to the end."))
    #expect(result.output.contains("up to 7.1 % from the choice of the points"))
    #expect(folder.exists("tables/study_kernels.csv") && folder.exists("tables/study_networks.csv"))
    let plot = try run("plot", "study.nc", "-o", "figures")
    #expect(plot.status == 0, "\(plot.errors)")
    for name in ["study_depth", "study_width_ratio", "study_width"] {
      #expect(folder.exists("figures/\(name).svg") && folder.exists("figures/\(name).png"))
    }
    let report = try run("report", "study.nc", "-o", "page.html")
    #expect(report.status == 0, "\(report.errors)")
    let page = try String(contentsOfFile: folder.path + "/page.html", encoding: .utf8)
    #expect(page.contains("Deep networks side by side"))
    let json = try run("study", "small.yaml", "-o", "j.nc", "--quiet", "--json")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let entries = try #require(object["kernels"] as? [[String: Any]])
    #expect(entries.count == 6 && entries[1]["parameterization"] as? String == "standard")
    #expect(entries[1]["base_widths"] as? String == "12, 24, 48")
    #expect((object["networks"] as? [Any])?.count == 12)

    let short = String(Self.small.prefix(upTo: Self.small.firstRange(of: "finite:")!.lowerBound))
    try folder.write("small.yaml", short)
    let kernels = try study("kernels.nc")
    #expect(kernels.widths.isEmpty && kernels.cases.count == 6)
    #expect(kernels.cases[0].networks.isEmpty)
  }

  @Test(arguments: [
    (
      "parameterizations: [standard, ntk]", "parameterizations: [naive_standard]",
      "small.yaml:14: study.parameterizations: received naive_standard, whose kernels grow with the width;"
        + " accepted in a study: ntk, standard"
    ),
    (
      "hidden_layers: [3, 1]", "hidden_layers: [3, 3]",
      "small.yaml:15: study.hidden_layers: the number of layers 3 is listed twice"
    ),
    (
      "width_ratios: [0.5, 2]", "width_ratios: [0.1, 2]",
      "small.yaml:17: study.width_ratios: the ratio 0.1 makes a hidden layer of less than 1 or of more than"
        + " 2147483647 neurons of the base width 12 in 3 layers; accepted: ratios nearer to 1"
    ),
    (
      "learning_rate_share: 0.25", "learning_rate_share: 1.5",
      "small.yaml:19: study.learning_rate_share: received 1.5; accepted: a number above 0 and below 1"
    ),
    (
      "widths: [32, 8]", "widths: [1, 8]",
      "small.yaml:21: finite.widths: received 1, the width of the first hidden layer, which leaves hidden layer"
        + " 3 no neurons; accepted with these network.layer_widths: 2 or more"
    ),
    (
      "activation: erf", "activation: tanh",
      "small.yaml:7: network.activation: received tanh, whose kernels have no closed form; accepted: linear,"
        + " relu, leaky_relu, erf, gelu, sin"
    ),
    (
      "study:", "studies:",
      "small.yaml:13: studies: unknown key; known keys here: data, network, training, scaling, limit, finite, record,"
        + " prediction, study, scales"
    ),
  ])
  func refusals(given: String, instead: String, message: String) throws {
    try folder.write("small.yaml", Self.small.replacing(given, with: instead))
    let result = try run("study", "small.yaml", "-o", "study.nc", "--quiet")
    #expect(result.status == 65)
    #expect(result.errors == "infwidth: error: \(message)\n")
    #expect(!folder.exists("study.nc"))
  }

  @Test func aConfigurationWithoutAStudy() throws {
    try folder.write(
      "small.yaml", "data: {format: synthetic, dimension: 5, train: 24, test: 50}\n")
    let result = try run("study", "small.yaml", "-o", "study.nc", "--quiet")
    #expect(result.status == 65)
    #expect(
      result.errors
        == "infwidth: error: small.yaml: study: missing; give a section study: with at least"
        + " hidden_layers: [1, 2, 3]\n")
  }
}
