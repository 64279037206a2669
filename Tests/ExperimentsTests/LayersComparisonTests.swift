import DataIO
import DeepMeanField
import Execution
import FiniteWidth
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import Experiments

/// Networks of several hidden layers beside their mean-field limit, over widths.
///
/// Initial hidden weights are small, 3^{-1/2} / 16: networks of the usual ones get near the limit at widths of 10^4 and
/// more.
@Suite struct LayersComparisonTests {
  static func text(
    layers: Int, training: String, limit: String = "particles: 1024, replicates: 8",
    finite: String = "widths: [32, 64, 128, 256, 512], seeds: 12", record: String = "every: 6",
    hidden: String = ", hidden_weight_std: 0.036"
  ) -> String {
    """
    data: {format: synthetic, dimension: 5, train: 20, test: 12}
    network: {activation: leaky_relu, slope: 0.1, hidden_layers: \(layers), reference_width: 16\(hidden)}
    training: {\(training), steps: 6}
    scaling: mean_field
    limit: {\(limit)}
    finite: {\(finite)}
    record: {\(record)}
    """
  }

  static func experiment(_ text: String) throws -> Experiment {
    try Experiment(
      LoadedConfiguration.parse(text: text, path: "run.yaml"), takesDeepNetworks: true,
      takesDeepScalings: true)
  }

  static func options(_ precision: Precision = .single) -> RunOptions {
    RunOptions(workers: Workers(count: 2), precision: precision, force: true, commandLine: "test")
  }

  private func compare(_ text: String) throws -> ScalingComparison {
    let path = NSTemporaryDirectory() + "layers \(UUID().uuidString).nc"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let record = try ComparisonJob(
      [Self.experiment(text)], request: ComparisonRequest(), options: Self.options()
    ).run(output: path)
    // As the file has it; entries that are not numbers compare by their text.
    #expect("\(try ComparisonRecord.read(path).scalings)" == "\(record.scalings)")
    return record.scalings[0]
  }

  private func rate(_ comparison: ScalingComparison, _ metric: String) throws -> ComparedRate {
    try #require(comparison.rates.first { $0.metric == metric }, "\(metric)")
  }

  static let moving: [(layers: Int, training: String)] = [
    (2, "learning_rate: 0.3"), (2, "learning_rate: 1.0e-3, optimizer: rmsprop"),
    (3, "learning_rate: 1.0e-3, optimizer: rmsprop"),
  ]

  /// Gaps and fluctuations fall as d^{-1/2}; all layers move at every width.
  @Test(arguments: moving.indices) func networksApproachTheirLimit(_ number: Int) throws {
    let (layers, training) = Self.moving[number]
    let comparison = try compare(Self.text(layers: layers, training: training))
    #expect(comparison.title == "MF of \(layers) hidden layers")
    for metric in ["logit_rms_gap", "logit_fluctuation"] {
      let rate = try rate(comparison, metric)
      #expect(rate.predicted == -0.5)
      #expect(rate.rateStandardError < 0.15, "\(rate)")
      #expect(abs(rate.rate + 0.5) < 3 * rate.rateStandardError, "\(metric): \(rate)")
    }
    let bias = try rate(comparison, "logit_bias")
    #expect(bias.predicted == -0.5 && bias.predictionSource.contains("remember"))
    for layer in 1...(layers + 1) {
      let increment = try rate(comparison, "increment_rms_\(layer)")
      #expect(increment.predicted == 0)
      #expect(abs(increment.rate) < 0.2 && increment.values.allSatisfy { $0 > 0 })
    }
    #expect(comparison.rates.contains { $0.metric == "decomposition_f_avw" })
    let hasMixed = comparison.rates.contains { $0.metric == "decomposition_f_mixed" }
    #expect(hasMixed == (layers == 3))
    #expect(!comparison.arrays.contains { $0.name.contains("tangent_kernel") })
  }

  /// Gradient descent of three layers: the networks' functions fall as d^{-1}, their initial ones faster.
  @Test func networksBesideZero() throws {
    let comparison = try compare(
      Self.text(
        layers: 3, training: "learning_rate: 0.2", limit: "seed: 1",
        finite: "widths: [64, 128, 256, 512, 1024], seeds: 12", hidden: ""))
    #expect(comparison.limit.name == "zero" && comparison.particles == 0)
    #expect(
      comparison.exactLimitRemark
        == "The limit's own error is zero: its function is zero at every step.")
    let note = try #require(comparison.notes.first)
    #expect(
      note.hasPrefix(
        "The limit is zero at every step: gradient descent with 3 hidden layers has no non-trivial"
          + " mean-field limit: ")
        && note.hasSuffix(". Gaps are the networks' own functions."), "\(note)")
    for (metric, exponent) in [
      ("logit_rms_gap", -1.0), ("logit_bias", -1), ("logit_increment_rms", -1),
      ("logit_fluctuation", -1.5), ("test_loss_gap", -1), ("increment_rms_2", -0.5),
      ("increment_rms_3", -0.5), ("increment_rms_1", -1), ("increment_rms_4", -1),
    ] {
      #expect(try rate(comparison, metric).predicted == exponent, "\(metric)")
    }
    // Means over seeds, which have no part of the initial function; the root mean square of the gap, which has, falls
    // faster at these widths.
    for metric in [
      "logit_bias", "logit_fluctuation", "increment_rms_1", "increment_rms_2", "increment_rms_4",
    ] {
      let rate = try rate(comparison, metric)
      #expect(rate.rateStandardError < 0.2, "\(rate)")
      #expect(abs(rate.rate - rate.predicted) < 3 * rate.rateStandardError, "\(rate)")
    }
    let gap = try rate(comparison, "logit_rms_gap")
    #expect(gap.rate < -0.9 && gap.rate > -1.6, "\(gap)")
    // With nothing in the limit, gaps are root mean squares of the networks' logits.
    let logits = try #require(comparison.array("network_test_logits")).values
    let squares = logits.suffix(12 * 12).reduce(0) { $0 + $1 * $1 } / 144
    #expect(abs(gap.values.last! - squares.squareRoot()) < 1e-12)
  }

  /// Wasserstein-1 distances of input and output weights, from the networks' and the limit's own weights by plain
  /// quantiles.
  @Test func lawsOfWeights() throws {
    let experiment = try Self.experiment(
      Self.text(
        layers: 2, training: "learning_rate: 0.3", limit: "particles: 64, replicates: 2",
        finite: "widths: [16, 24], seeds: 3", record: "snapshots: [0, 6]"))
    let path = NSTemporaryDirectory() + "laws \(UUID().uuidString).nc"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let comparison = try ComparisonJob(
      [experiment], request: ComparisonRequest(), options: Self.options(.double)
    ).run(output: path).scalings[0]
    var limit: [[Double]] = [[], []]
    let job = try LayeredLimitJob(experiment, options: Self.options(.double))
    _ = job.limit.run(in: Double.self, workers: Workers(count: 1)) { step, snapshot in
      guard step == 6 else { return }
      for particles in snapshot.particles {
        limit[0] += particles.outputWeights.contents
        limit[1] += norms(Array(particles.inputWeights.contents), 5)
      }
    }
    #expect(limit.map(\.count) == [32, 128])
    for (place, width) in [16, 24].enumerated() {
      let unit = 4 / Double(width)
      var distances = [0.0, 0]
      var settings = experiment.deepSettings()
      settings.snapshots = []
      _ = DeepNetworks(
        layers: experiment.deepLayers(width: width), firstSeed: 1, seeds: 3, settings: settings
      ).train(in: Double.self, workers: Workers(count: 1)) { step, networks in
        guard step == 6 else { return }
        for seed in 0..<3 {
          let a = UnsafeBufferPointer(start: networks.weight(2, system: seed), count: width)
          let w = UnsafeBufferPointer(start: networks.weight(0, system: seed), count: width * 5)
          distances[0] += wasserstein(a.map { $0 / unit }, limit[0]) / 3
          distances[1] += wasserstein(norms(Array(w), 5), limit[1]) / 3
        }
      }
      for (distance, axis) in zip(distances, ["a", "norm(w)"]) {
        let rate = try rate(comparison, "wasserstein1[\(axis)]")
        #expect(abs(rate.values[place] - distance) < 1e-12, "\(axis) \(distance) \(rate)")
        #expect(rate.predicted == -0.5 && rate.limitError > 0)
      }
    }
    for (name, reason) in [
      ("energy_distance", "a and w belong to different neurons"),
      ("coupling_distance2", "the coupling belongs to networks of one hidden layer"),
    ] {
      #expect(comparison.array(name)?.comment == reason)
    }
  }

  private func norms(_ weights: [Double], _ features: Int) -> [Double] {
    stride(from: 0, to: weights.count, by: features).map { first in
      (0..<features).reduce(0) { $0 + weights[first + $1] * weights[first + $1] }.squareRoot()
    }
  }

  /// Both samples repeated to a common number of points of equal mass, sorted, matched.
  private func wasserstein(_ x: [Double], _ y: [Double]) -> Double {
    let a = x.sorted().flatMap { Array(repeating: $0, count: y.count) }
    let b = y.sorted().flatMap { Array(repeating: $0, count: x.count) }
    return zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Double(a.count)
  }
}
