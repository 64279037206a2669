import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `infwidth compare` of networks of two and three hidden layers with their mean-field limits.
@Suite struct CompareLayersTests: SmallExperiment {
  static let small =
    layeredConfiguration(hiddenLayers: 2, settings: "hidden_weight_std: 0.036") + """
      training:
        learning_rate: 0.3
        steps: 4
      scaling: mean_field
      limit:
        particles: 64
        replicates: 4
      finite:
        widths: [8, 16, 32]
        seeds: 4
      record:
        snapshots: [0, 4]
        probes: 2
      """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func file(_ name: String) throws -> NetCDFReader {
    try NetCDFReader(path: folder.path + "/" + name)
  }

  @Test func comparesAndDraws() throws {
    let result = try run(
      "compare", "small.yaml", "-o", "cmp.nc", "--figures", "figures", "--csv", "tables")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.hasPrefix(
        "Networks beside the limit MF of 2 hidden layers (alpha -1.0, beta 0.0, gamma 0.0, 64 particles):"
          + " 4 seeds at each width, step 4."), "\(result.output)")
    for metric in [
      "logit_rms_gap", "logit_bias", "test_loss_gap", "decomposition_f_v", "increment_rms_3",
      "logit_increment_rms", "wasserstein1[a]", "wasserstein2[norm(w)]",
    ] {
      #expect(result.output.contains("\n\(metric) "), "\(metric)")
    }
    #expect(
      result.output.contains(
        "Not available: sliced_wasserstein2, energy_distance (a and w belong to different neurons)."
      ))
    #expect(
      result.errors.contains(
        "infwidth: note: mean_field: The limit is of 64 x 16 particles in each of 4 replicates."))
    #expect(
      result.errors.contains(
        "infwidth: note: record.probes has no effect: preactivations at points are kept by infwidth limit and"
          + " infwidth train"))
    #expect(!result.errors.contains("hidden_weight_std"))
    for name in ["functions", "weights", "terms", "increments", "training", "densities"] {
      #expect(folder.exists("figures/comparison_\(name).svg"), "\(name)")
    }
    let file = try file("cmp.nc")
    #expect(try file.number("hidden_layers") == 2)
    #expect(try file.text("hidden_widths") == "8 8; 16 16; 32 32")
    for name in [
      "logit_rms_gap", "class_disagreement", "test_loss_gap", "wasserstein1", "wasserstein2",
      "sliced_wasserstein2", "energy_distance", "coupling_distance2", "rate", "rate_predicted",
    ] {
      #expect(file.hasVariable(name), "\(name)")
    }
    // The same figures from the file, and a page.
    #expect(try run("plot", "cmp.nc", "-o", "again").status == 0)
    #expect(folder.exists("again/comparison_increments.png"))
    let report = try run("report", "cmp.nc", "-o", "report.html")
    #expect(report.status == 0, "\(report.errors)")
    let page = try String(contentsOfFile: folder.path + "/report.html", encoding: .utf8)
    #expect(page.contains("MF of 2 hidden layers") && page.contains("decomposition_f_vw"))
  }

  /// Functions are those of `limit` and `train`, to the bit, by any number of threads.
  @Test func comparesFiles() throws {
    for (name, threads) in [("one.nc", "1"), ("two.nc", "2")] {
      #expect(
        try run("compare", "small.yaml", "-o", name, "--threads", threads, "--quiet").status == 0)
    }
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    #expect(
      try run("train", "small.yaml", "-o", "nets.nc", "--csv", "tables", "--quiet").status == 0)
    let read = try run(
      "compare", "small.yaml", "-o", "read.nc", "--limit", "run.nc", "--nets", "nets.nc", "--quiet")
    #expect(read.status == 0, "\(read.errors)")
    let limit = try run(
      "compare", "small.yaml", "-o", "limit.nc", "--limit", "run.nc", "--quiet")
    #expect(limit.status == 0, "\(limit.errors)")
    // The rate is fitted to gaps less the limit's own error: that of laws is known of all replicates alone.
    for name in [
      "logit_rms_gap", "logit_bias", "decomposition_f_av", "increment_rms_2", "wasserstein1",
      "wasserstein1_floor", "wasserstein1_limit_error", "rate",
    ] {
      let own: [Double] = try file("one.nc").read(name)
      func bits(_ path: String) throws -> [UInt64] {
        let values: [Double] = try file(path).read(name)
        return values.map(\.bitPattern)
      }
      #expect(try bits("two.nc") == own.map(\.bitPattern), "\(name)")
      #expect(try bits("read.nc") == own.map(\.bitPattern), "\(name)")
      #expect(try bits("limit.nc") == own.map(\.bitPattern), "\(name)")
    }
    let rates = try ComparisonRecord.read(folder.path + "/one.nc").scalings[0].rates
    let rows = try String(contentsOfFile: folder.path + "/tables/layers.csv", encoding: .utf8)
      .split(whereSeparator: \.isNewline).map { $0.split(separator: ",") }
    for (row, metric) in [
      ("increment_rms_2", "increment_rms_2"), ("logit_increment_rms", "logit_increment_rms"),
      ("f_v", "decomposition_f_v"),
    ] {
      let fitted = try #require(rows.first { $0[0] == row })[4..<6].compactMap { Double($0) }
      let rate = try #require(rates.first { $0.metric == metric })
      // Sums over seeds are in another order.
      #expect(
        largestDifference(fitted, [rate.rate, rate.rateStandardError]) < 1e-12, "\(row)")
    }
    let errors: [Double] = try file("one.nc").read("wasserstein1_limit_error")
    #expect(errors.allSatisfy { $0 > 0 })
  }

  @Test func besideZero() throws {
    try write("zero.yaml", replacing: "hidden_layers: 2", with: "hidden_layers: 3")
    let result = try run("compare", "zero.yaml", "-o", "zero.nc")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "infwidth: note: mean_field: The limit is zero at every step: gradient descent with 3 hidden"
          + " layers has no non-trivial mean-field limit: "))
    #expect(
      result.errors.contains("infwidth: note: limit.particles has no effect: the limit is zero"))
    #expect(!result.errors.contains("record.snapshots"))
    #expect(
      result.output.contains("The limit's own error is zero: its function is zero at every step."))
    #expect(try file("zero.nc").text("zero_limit_reason") != nil)
    let distances: [Double] = try file("zero.nc").read("wasserstein1")
    #expect(distances.allSatisfy { $0 > 0 })
  }

  @Test func resumesWhereItWasFinished() throws {
    #expect(try run("compare", "small.yaml", "-o", "cmp.nc", "--resume", "--quiet").status == 0)
    let again = try run("compare", "small.yaml", "-o", "cmp.nc", "--resume")
    #expect(again.status == 0, "\(again.errors)")
  }

  static let refusals: [(old: String, new: String, text: String)] = [
    (
      "scaling: mean_field", "scaling: default",
      "scaling: received default, which has no limit with 2 hidden layers: the tangent kernel grows as d;"
        + " accepted: mean_field, or ntk for the limit of kernels"
    ),
    (
      "scaling: mean_field", "scaling: sym_default",
      "scaling: received sym_default; accepted with deep networks: mean_field, ntk, default, ntk_published"
    ),
    (
      "  particles: 64", "  dynamics: flow",
      "limit.dynamics: received flow; accepted with 2 hidden layers in the mean_field scaling: discrete"
    ),
    (
      "  slope: 0.1\n", "  slope: 0.1\n  initialization: pytorch_uniform\n",
      "network.initialization: received pytorch_uniform; accepted with 2 hidden layers in the mean_field"
        + " scaling: gaussian, whose initial processes have closed forms"
    ),
  ]

  @Test(arguments: refusals.indices) func refuses(_ number: Int) throws {
    let refusal = Self.refusals[number]
    try refuse("compare", replacing: refusal.old, with: refusal.new, refusal.text)
  }

  @Test func refusesSeveralScalings() throws {
    let result = try run(
      "compare", "small.yaml", "-o", "cmp.nc", "--scaling", "mean_field", "--scaling", "ntk",
      "--quiet")
    #expect(result.status == 64)
    #expect(
      result.errors
        == "infwidth: error: --scaling: received 2 scalings; accepted with 2 hidden layers: one\n",
      "\(result.errors)")
  }

  @Test func refusesFilesOfOtherLayers() throws {
    try write("other.yaml", replacing: "hidden_layers: 2", with: "hidden_layers: 3")
    #expect(try run("limit", "other.yaml", "-o", "other.nc", "--quiet").status == 0)
    let result = try run(
      "compare", "small.yaml", "-o", "cmp.nc", "--limit", "other.nc", "--quiet")
    #expect(result.status == 65)
    #expect(
      result.errors.contains(
        "other.nc: network.hidden_layers: received 3 where small.yaml has 2; runs that are compared are of"
          + " one experiment"), "\(result.errors)")
  }
}
