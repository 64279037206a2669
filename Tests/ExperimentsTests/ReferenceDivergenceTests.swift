import DataIO
import Execution
import Experiments
import Foundation
import ParticleSystems
import Testing

/// Networks of the other widths beside those of the reference width, in the place of the limit.
@Suite struct ReferenceDivergenceTests {
  static func text(_ scaling: String, widths: String, seeds: Int = 5) -> String {
    """
    data: {format: synthetic, dimension: 4, train: 20, test: 12}
    network: {activation: leaky_relu, slope: 0.1, reference_width: 16, initialization: gaussian}
    training: {learning_rate: 0.2, steps: 5}
    scaling: \(scaling)
    limit: {particles: 256, realizations: 4}
    finite: {widths: \(widths), seeds: \(seeds)}
    record: {probes: 3}
    """
  }

  let folder = NSTemporaryDirectory() + "reference \(UUID().uuidString)"

  private func experiment(_ scaling: String, _ widths: String, seeds: Int = 5) throws -> Experiment
  {
    try Experiment(
      LoadedConfiguration.parse(
        text: Self.text(scaling, widths: widths, seeds: seeds), path: "run.yaml"))
  }

  private let options = RunOptions(
    workers: Workers(count: 2), precision: .double, force: true, commandLine: "test")

  private func compare(_ experiments: [Experiment]) throws -> ComparisonRecord {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try ComparisonJob(
      experiments, request: ComparisonRequest(), options: options
    ).run(output: folder + "/cmp.nc")
  }

  /// Mean and variance over seeds of the logit at a test point.
  private func fit(_ nets: Trajectory, _ step: Int, _ point: Int) -> (
    mean: Double, variance: Double
  ) {
    let logits = (0..<nets.members).map {
      nets.testLogits[($0 * nets.steps.count + step) * nets.testPoints + point]
    }
    let mean = logits.reduce(0, +) / Double(logits.count)
    let squares = logits.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (mean, squares / Double(logits.count - 1))
  }

  /// The divergence of two normal laws, log(s2/s1) + (s1^2 + (m1 - m2)^2) / (2 s2^2) - 1/2, with logits of
  /// the width in units of (d/d*)^beta.
  @Test(arguments: [("mean_field", 0.0), ("sym_default", 0.5)])
  func divergencesAreThoseOfNormalLaws(scaling: String, beta: Double) throws {
    let experiment = try experiment(scaling, "[8, 16, 64]")
    let record = try compare([experiment]).scalings[0]
    let values = try #require(record.array("reference_logit_kl")).values
    let path = folder + "-nets.nc"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try NetworksJob(experiment, options: options).run(output: path)
    let nets = try NetsRecord.read(path)
    let steps = record.steps.count
    for (place, width) in record.widths.enumerated() {
      for step in 0..<steps {
        let unit = step == 0 ? 1 : pow(Double(width) / 16, beta)
        var sum = 0.0
        for point in 0..<12 {
          var p = fit(nets.trajectories[place], step, point)
          let q = fit(nets.trajectories[1], step, point)
          p = (p.mean / unit, p.variance / (unit * unit))
          sum +=
            0.5 * log(q.variance / p.variance)
            + (p.variance + (p.mean - q.mean) * (p.mean - q.mean)) / (2 * q.variance) - 0.5
        }
        let value = values[place * steps + step]
        if width == 16 {
          #expect(abs(value) < 1e-14)
        } else {
          #expect(abs(value - sum / 12) < 1e-10 * sum)
        }
      }
    }
  }

  /// The criterion has the values of the widest networks, in limits that do not fluctuate as well.
  @Test func theRankingHasTheWidestNetworks() throws {
    let record = try compare([
      experiment("mean_field", "[16, 64]"), experiment("ntk", "[16, 64]"),
    ])
    let ranking = try #require(record.ranking)
    let criterion = try #require(ranking.criteria.first { $0.name == "widest_logit_kl" })
    #expect(criterion.longName.contains("networks of width 64, in the place of the limit"))
    let steps = ranking.steps.count
    for (place, scaling) in record.scalings.enumerated() {
      let values = try #require(scaling.array("reference_logit_kl")).values
      #expect(
        Array(criterion.values[(place * steps)..<((place + 1) * steps)]) == Array(values[steps...]))
      #expect(values[steps...].allSatisfy { $0 > 0 && $0.isFinite })
    }
    let errors = criterion.standardErrors
    #expect(errors.allSatisfy { $0 > 0 && $0.isFinite })
  }

  /// There is nothing to put in the limit's place.
  @Test func theReferenceWidthAloneHasNone() throws {
    let record = try compare([experiment("mean_field", "[16]"), experiment("ntk", "[16]")])
    #expect(record.scalings[0].array("reference_logit_kl") == nil)
    #expect(record.ranking?.criteria.contains { $0.name == "widest_logit_kl" } == false)
  }

  @Test func oneSeedSaysWhy() throws {
    let record = try compare([experiment("mean_field", "[16, 64]", seeds: 1)])
    let array = try #require(record.scalings[0].array("reference_logit_kl"))
    #expect(array.comment == "one seed: a spread over seeds is not known")
    #expect(array.values.allSatisfy { $0.isNaN })
  }
}
