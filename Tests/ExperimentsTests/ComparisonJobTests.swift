import Comparison
import DataIO
import Diagnostics
import Execution
import Foundation
import LinearAlgebra
import Networks
import ParticleSystems
import Testing

@testable import Experiments

/// Comparisons of small synthetic experiments, against what limits and networks say themselves.
@Suite struct ComparisonJobTests {
  final class Folder {
    let path = NSTemporaryDirectory() + "comparison \(UUID().uuidString)"
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func callAsFunction(_ name: String) -> String { path + "/" + name }
  }

  let folder: Folder

  init() throws { folder = try Folder() }

  static func text(
    _ scaling: String, seeds: Int = 5, widths: String = "[8, 16, 32]", limit: String = ""
  ) -> String {
    """
    data: {format: synthetic, dimension: 4, train: 20, test: 12}
    network: {activation: leaky_relu, slope: 0.1, reference_width: 16, initialization: gaussian}
    training: {learning_rate: 0.2, steps: 5}
    scaling: \(scaling)
    limit: {particles: 256, realizations: 4\(limit)}
    finite: {widths: \(widths), seeds: \(seeds)}
    record: {snapshots: [0, 5], probes: 3, probe_kernels: true}
    """
  }

  func experiment(_ text: String) throws -> Experiment {
    try Experiment(LoadedConfiguration.parse(text: text, path: "run.yaml"))
  }

  func options(threads: Int = 2) -> RunOptions {
    RunOptions(
      workers: Workers(count: threads), precision: .double, force: true, commandLine: "test")
  }

  func compare(
    _ texts: [String], request: ComparisonRequest = ComparisonRequest(), threads: Int = 2
  ) throws -> ComparisonRecord {
    try ComparisonJob(
      texts.map(experiment), request: request, options: options(threads: threads)
    ).run(output: folder("cmp.nc"))
  }

  func solve(_ text: String) throws -> (limit: Trajectory, nets: NetsRecord) {
    let experiment = try experiment(text)
    let limit = try LimitJob(experiment, options: options()).run(output: folder("run.nc"))
    try NetworksJob(experiment, options: options()).run(output: folder("nets.nc"))
    return (limit.trajectory, try NetsRecord.read(folder("nets.nc")))
  }

  func values(_ scaling: ScalingComparison, _ name: String) throws -> [Double] {
    try #require(scaling.array(name)).values
  }

  /// Logits of one network or realization at one step.
  func logits(_ trajectory: Trajectory, _ member: Int, _ step: Int) -> [Double] {
    let size = trajectory.testPoints * trajectory.outputs
    let start = (member * trajectory.steps.count + step) * size
    return Array(trajectory.testLogits[start..<(start + size)])
  }

  @Test func gapsAreThoseOfTheRuns() throws {
    let text = Self.text("mean_field")
    let record = try compare([text])
    let (limit, nets) = try solve(text)
    let scaling = record.scalings[0]
    let rms = try values(scaling, "logit_rms_gap")
    let losses = try values(scaling, "test_loss_gap")
    let disagreement = try values(scaling, "class_disagreement")
    for width in 0..<3 {
      for step in 0..<6 {
        let expected = logits(limit, 0, step)
        var (squares, loss, differing) = (0.0, 0.0, 0.0)
        for seed in 0..<5 {
          let own = logits(nets.trajectories[width], seed, step)
          for (f, g) in zip(own, expected) {
            squares += (f - g) * (f - g) / (5 * 12)
            differing += (g == 0 ? 0.5 : f * g < 0 ? 1 : 0) / (5 * 12)
          }
          loss += (nets.trajectories[width].testLoss[seed * 6 + step] - limit.testLoss[step]) / 5
        }
        let place = width * 6 + step
        #expect(abs(rms[place] - squares.squareRoot()) < 1e-12)
        #expect(abs(losses[place] - loss) < 1e-12)
        if step > 0 { #expect(abs(disagreement[place] - differing) < 1e-12) }
      }
    }
    // The limit's mean is deterministic: no divergence, and a reason.
    let kl = try #require(scaling.array("logit_kl"))
    #expect(kl.values.allSatisfy { $0.isNaN })
    #expect(kl.comment?.hasPrefix("the limit does not fluctuate") == true)
    #expect(scaling.rates.map(\.metric).contains("wasserstein1[norm(w)]"))
    #expect(try values(scaling, "coupling_distance2")[0] == 0)
  }

  @Test func threadsAndFilesChangeNothing() throws {
    let text = Self.text("mean_field")
    let one = try compare([text], threads: 1)
    let three = try compare([text], threads: 3)
    // Numbers that are not there are not equal to themselves.
    func bits(_ record: ComparisonRecord) -> [[UInt64]] {
      record.scalings[0].arrays.map { $0.values.map(\.bitPattern) }
        + record.scalings[0].rates.map { [$0.rate.bitPattern, $0.rateStandardError.bitPattern] }
    }
    #expect(bits(one) == bits(three))
    _ = try solve(text)
    let read = try compare(
      [text], request: ComparisonRequest(limitPath: folder("run.nc"), netsPath: folder("nets.nc")))
    for name in [
      "logit_rms_gap", "test_loss_gap", "tangent_kernel_gap", "decomposition_f_aw",
      "tangent_kernel_frobenius_gap", "tangent_kernel_change",
    ] {
      #expect(try values(read.scalings[0], name) == values(one.scalings[0], name))
    }
    for name in WeightLawDistances.lineMetrics + ["sliced_wasserstein2", "weight_increment"] {
      let (a, b) = (try values(read.scalings[0], name), try values(one.scalings[0], name))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }, "\(name)")
    }
    #expect(
      read.scalings[0].array("coupling_distance2")?.comment
        == "the networks were read from a file, which holds their weights at snapshots at most")
    // Networks that are trained beside a limit from a file have all metrics.
    let mixed = try compare([text], request: ComparisonRequest(limitPath: folder("run.nc")))
    for name in ["wasserstein2", "energy_distance", "sliced_wasserstein2", "coupling_distance2"] {
      let (a, b) = (try values(mixed.scalings[0], name), try values(one.scalings[0], name))
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }, "\(name)")
    }
  }

  /// A random limit that is given the networks' own initial functions has them at step 0, and is nearer to
  /// each network than an independent draw.
  @Test(arguments: ["ntk", "ic_mean_field", "sym_default"])
  func pairedLimits(scaling: String) throws {
    let record = try compare([Self.text(scaling)])
    let result = record.scalings[0]
    let paired = try values(result, "paired_logit_rms_gap")
    let independent = try values(result, "logit_rms_gap")
    for width in 0..<3 {
      #expect(paired[width * 6] < 1e-10)
      #expect(independent[width * 6] > 0.1)
      for step in 1..<6 where scaling != "sym_default" {
        #expect(paired[width * 6 + step] < independent[width * 6 + step])
      }
    }
    #expect(result.realizations == 4)
    let kl = try #require(result.array("logit_kl"))
    #expect(kl.comment == nil && kl.values.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(result.rates.first { $0.metric == "logit_rms_gap" }?.predicted.isNaN == true)
    if scaling == "ic_mean_field" {
      // Of the same functions the first update is the same.
      let coupling = try values(result, "coupling_distance2")
      for (place, distance) in coupling.enumerated() {
        #expect(place % 6 < 2 ? distance < 1e-20 : distance > 1e-8)
      }
    }
  }

  @Test func oneSeedHasNoSpread() throws {
    let record = try compare([Self.text("mean_field", seeds: 1)])
    let scaling = record.scalings[0]
    let fluctuation = try #require(scaling.array("logit_fluctuation"))
    #expect(fluctuation.values.allSatisfy { $0.isNaN })
    #expect(fluctuation.comment == "one seed: a spread over seeds is not known")
    #expect(try values(scaling, "logit_rms_gap").allSatisfy { $0.isFinite })
    #expect(try values(scaling, "logit_rms_gap_stderr").allSatisfy { $0.isNaN })
    #expect(try values(scaling, "logit_rms_gap_floor").allSatisfy { $0.isNaN })
    #expect(scaling.array("logit_kl")?.comment == "one seed: the law of its logits is not known")
    for rate in scaling.rates where rate.metric.hasPrefix("logit") {
      #expect(rate.rate.isNaN)
      #expect(rate.verdict.hasPrefix("unavailable: one seed"), "\(rate.metric): \(rate.verdict)")
    }
  }

  /// At the reference width all scalings are one network, which is compared with each limit.
  @Test func severalScalings() throws {
    let record = try compare(
      ["mean_field", "ntk", "ic_mean_field", "sym_default"].map { Self.text($0, widths: "[8, 32]") }
    )
    #expect(record.scalings.map(\.widths) == Array(repeating: [8, 16, 32], count: 4))
    let losses = try record.scalings.map {
      Array(try values($0, "network_test_loss")[(5 * 6)..<(10 * 6)])
    }
    for other in losses.dropFirst() {
      #expect(zip(losses[0], other).allSatisfy { abs($0 - $1) < 1e-10 })
    }
    let ranking = try #require(record.ranking)
    #expect(
      ranking.criteria.map(\.name) == [
        "logit_gap", "logit_law_distance", "logit_kl", "widest_logit_kl",
      ])
    let gap = ranking.criteria[0]
    for (number, scaling) in record.scalings.enumerated() {
      let name = number == 0 ? "logit_rms_gap" : "paired_logit_rms_gap"
      let expected = try values(scaling, name)[6..<12]
      #expect(gap.values[(number * 6)..<(number * 6 + 6)] == expected)
    }
    for step in 0..<6 {
      let all = (0..<4).map { gap.values[$0 * 6 + step] }
      #expect(gap.best[step] == all.firstIndex(of: all.min()!))
      #expect(gap.ties[gap.best[step] * 6 + step])
    }
    // The mean-field limit has no initial function: it is no tie at step 0.
    #expect(!gap.ties[0])
    try checkFloors(record)
    #expect(
      record.notes == [
        "Width 16 is not among finite.widths; it was added, since limits are ranked by the networks of the"
          + " reference width."
      ])
    #expect(try ComparisonRecord.read(folder("cmp.nc")).notes == record.notes)
    let file = try NetCDFReader(path: folder("cmp.nc"))
    #expect(try file.groupNames() == ["mean_field", "ntk", "ic_mean_field", "sym_default"])
    #expect(try file.read("best_logit_gap", as: Int.self) == gap.best)
    let stored: [Double] = try file.read("logit_rms_gap", in: file.group("ntk"))
    #expect(try stored == values(record.scalings[1], "logit_rms_gap"))
  }

  /// Floors of the criteria: of gaps the limit's own error; of laws what samples of as many networks and
  /// realizations of one law have.
  func checkFloors(_ record: ComparisonRecord) throws {
    let ranking = try #require(record.ranking)
    let file = try NetCDFReader(path: folder("cmp.nc"))
    for (number, scaling) in record.scalings.enumerated() {
      func row(_ criterion: Int) -> ArraySlice<Double> {
        ranking.criteria[criterion].floors[(number * 6)..<(number * 6 + 6)]
      }
      let isRandom = number > 0
      let name = isRandom ? "paired_logit_rms_gap" : "logit_rms_gap"
      #expect(try row(0) == values(scaling, "\(name)_limit_error")[6..<12])
      // The kernels of Gaussian laws are exact, and with them the limits that they alone make.
      if scaling.limit.name == "ntk" { #expect(row(0).allSatisfy { $0 == 0 }) }
      let fluctuation = try values(scaling, "logit_fluctuation")[6..<12]
      let errors = try values(scaling, "logit_rms_gap_limit_error")[6..<12]
      for ((floor, deviation), error) in zip(zip(row(1), fluctuation), errors) {
        let sampling =
          isRandom
          ? GaussianLawDistance.expected(deviation: deviation, count: 5, referenceCount: 4)! : 0
        #expect(abs(floor - (sampling * sampling + error * error).squareRoot()) < 1e-12)
      }
      let expected = GaussianFit.expectedDivergence(count: 4, referenceCount: 5)!
      #expect(row(2).allSatisfy { isRandom ? $0 == expected : $0.isNaN })
      #expect(try row(3) == values(scaling, "reference_logit_kl_floor")[12..<18])
      // Networks of one seed share their first neurons: their samples are nearer than independent ones.
      let independent = GaussianFit.expectedDivergence(count: 5, referenceCount: 5)!
      #expect(row(3).allSatisfy { $0 > 0 && $0 < independent })
      #expect(try values(scaling, "reference_logit_kl_floor")[6..<12].allSatisfy { $0 < 1e-12 })
    }
    for criterion in ranking.criteria {
      let stored = try file.read("at_floor_\(criterion.name)", as: Int.self)
      #expect(stored == criterion.atFloor.map { $0 ? 1 : 0 })
    }
    // NTK starts from the networks' own functions, and is exact.
    #expect(ranking.criteria[0].atFloor[6] && !ranking.criteria[0].atFloor[0])
  }

  /// chi^2 from the file alone: ((y - intercept - rate log d) / e)^2 over the widths that are fitted.
  @Test func weightsOfFitsAreInTheFile() throws {
    _ = try compare([Self.text("mean_field", widths: "[4, 8, 16, 32]")])
    let file = try NetCDFReader(path: folder("cmp.nc"))
    func column(_ name: String) throws -> [Double] { try file.read(name) }
    let widths = try file.read("width", as: Int.self)
    let (rates, intercepts) = (try column("rate"), try column("rate_intercept"))
    let (logarithms, errors) = (
      try column("rate_fitted_log"), try column("rate_fitted_log_stderr")
    )
    let (chiSquares, counts) = (
      try column("rate_chi_square"), try file.read("rate_fitted_widths", as: Int.self)
    )
    var fits = 0
    for metric in rates.indices where rates[metric].isFinite {
      fits += 1
      var (sum, count) = (0.0, 0)
      for (place, width) in widths.enumerated() {
        let (y, error) = (
          logarithms[metric * widths.count + place], errors[metric * widths.count + place]
        )
        guard y.isFinite else { continue }
        count += 1
        let residual = (y - intercepts[metric] - rates[metric] * log(Double(width))) / error
        sum += residual * residual
      }
      #expect(count == counts[metric])
      #expect(abs(sum - chiSquares[metric]) < 1e-8 * max(1, sum))
    }
    #expect(fits > 5)
  }

  /// An error that is not estimated is missing; that of a limit without particles is zero, with a reason.
  @Test func errorsOfLimits() throws {
    let ntk = try compare([Self.text("ntk")]).scalings[0]
    #expect(try values(ntk, "class_disagreement_limit_error").allSatisfy(\.isNaN))
    #expect(try values(ntk, "paired_logit_rms_gap_limit_error").allSatisfy { $0 == 0 })
    #expect(ntk.rates.first { $0.metric == "class_disagreement" }?.limitError.isNaN == true)
    #expect(ntk.rates.first { $0.metric == "paired_logit_rms_gap" }?.limitError == 0)
    #expect(
      ntk.exactLimitRemark
        == "The limit's own error is zero: it is computed from its kernel, without particles, and nothing in it"
        + " is random but the initial function, so that numbers marked paired, in which limit and network start"
        + " from one function, hold nothing but the networks' distance from their limit.")
    #expect(try compare([Self.text("mean_field")]).scalings[0].exactLimitRemark == nil)
  }

  @Test func ratesAreFittedAtTheStepAskedFor() throws {
    let record = try compare([Self.text("mean_field")], request: ComparisonRequest(rateStep: 2))
    let scaling = record.scalings[0]
    let rate = try #require(scaling.rates.first { $0.metric == "logit_rms_gap" })
    let all = try values(scaling, "logit_rms_gap")
    #expect(rate.step == 2 && rate.values == (0..<3).map { all[$0 * 6 + 2] })
    // Laws of weights at the last snapshot before.
    #expect(scaling.rates.first { $0.metric == "energy_distance" }?.step == 0)
  }

  /// Four of 256 resamples of four seeds are one network four times: the logarithm of what rounding leaves of its
  /// spread would make every error of a rate larger than 1.
  @Test func resamplesOfOneNetworkHaveNoSpread() throws {
    let scaling = try compare([Self.text("ntk", seeds: 4)]).scalings[0]
    for name in ["logit_fluctuation", "paired_logit_fluctuation"] {
      let rate = try #require(scaling.rates.first { $0.metric == name })
      #expect(rate.rate.isFinite && rate.rateStandardError < 1)
    }
  }

  /// The law of a random limit is not that of its only realization.
  @Test func oneRealizationHasNoLaw() throws {
    let text = Self.text("ntk").replacing("realizations: 4", with: "realizations: 1")
    let scaling = try compare([text]).scalings[0]
    for name in ["logit_law_distance", "logit_kl"] {
      let array = try #require(scaling.array(name))
      #expect(array.values.allSatisfy { $0.isNaN })
      #expect(array.comment == "one realization: the law of the limit is not known")
    }
    let paired = try #require(scaling.array("paired_logit_rms_gap"))
    #expect(paired.values.allSatisfy { $0.isFinite })
  }

  /// Networks of the reference width are not compared with themselves, and limits of one kind are told apart.
  @Test func rankingsOfWhatDiffers() throws {
    func record(_ widths: String) throws -> ComparisonRecord {
      try compare(
        ["{q_sigma: -0.75, q_eta: 0.5}", "{q_sigma: -0.7, q_eta: 0.4}"].map {
          Self.text($0, widths: widths)
        })
    }
    let wider = try record("[8, 16, 32]")
    let widest = try record("[4, 8, 16]")
    let names = [wider, widest].map { $0.ranking?.criteria.map(\.name) ?? [] }
    #expect(names[0] == ["logit_gap", "logit_law_distance", "logit_kl", "widest_logit_kl"])
    #expect(names[1] == ["logit_gap", "logit_law_distance", "logit_kl"])
    let titles = wider.scalings.map(\.title)
    #expect(titles == ["intermediate (-0.75,0.5)", "intermediate (-0.7,0.4)"])
  }

  /// Test inputs are part of the experiment, labels or not.
  @Test func changedTestPointsAreRefused() throws {
    func points(_ last: String) throws {
      let rows = (0..<32).map { row in
        "\((row * row) % 7),\((row * 5) % 11),\(row == 31 ? last : "1"),\(row % 2)"
      }
      try rows.joined(separator: "\n").write(
        toFile: folder("points.csv"), atomically: true, encoding: .utf8)
    }
    let text = Self.text("mean_field").replacing(
      "format: synthetic, dimension: 4,",
      with: "format: csv, train_path: \"\(folder("points.csv"))\",")
    try points("1")
    _ = try LimitJob(experiment(text), options: options()).run(output: folder("run.nc"))
    let request = ComparisonRequest(limitPath: folder("run.nc"))
    _ = try ComparisonJob([experiment(text)], request: request, options: options())
    try points("2")
    let error = #expect(throws: Diagnostic.self) {
      try ComparisonJob([experiment(text)], request: request, options: options())
    }
    #expect(
      error?.message
        == "the test data have changed since the run \(folder("run.nc")); accepted: the points that it was made from"
    )
  }
}
