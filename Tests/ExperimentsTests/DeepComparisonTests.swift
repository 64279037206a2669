import DataIO
import Execution
import Foundation
import Networks
import TestSupport
import Testing

@testable import Experiments

/// Deep networks beside the limit of their kernels, over widths.
@Suite struct DeepComparisonTests {
  private func compare(_ parameterization: String, rateStep: Int? = nil) throws -> ScalingComparison
  {
    let text = """
      data: {format: synthetic, dimension: 4, train: 20, test: 12}
      network: {activation: erf, bias: true, hidden_layers: 2, layer_widths: [4, 6], weight_std: 1.4,
        bias_std: 0.2, parameterization: \(parameterization)}
      training: {learning_rate: \(parameterization == "ntk" ? 0.5 : 0.02), steps: 5}
      limit: {realizations: 4}
      finite: {widths: [32, 64, 128, 256], seeds: 12}
      record: {probes: 3, probe_kernels: true}
      """
    let experiment = try Experiment(
      LoadedConfiguration.parse(text: text, path: "run.yaml"), takesDeepNetworks: true)
    let path = NSTemporaryDirectory() + "deep \(UUID().uuidString).nc"
    defer { try? FileManager.default.removeItem(atPath: path) }
    var request = ComparisonRequest()
    request.rateStep = rateStep
    return try ComparisonJob(
      [experiment], request: request,
      options: RunOptions(
        workers: Workers(count: 2), precision: .double, force: true, commandLine: "test")
    ).run(output: path).scalings[0]
  }

  private func rate(_ comparison: ScalingComparison, _ metric: String) throws -> ComparedRate {
    try #require(comparison.rates.first { $0.metric == metric }, "\(metric)")
  }

  /// Networks follow f - eta Theta g from their own initial functions, with errors of the kernel's.
  @Test(arguments: ["ntk", "standard"])
  func gapsFallAtThePredictedRates(_ parameterization: String) throws {
    let comparison = try compare(parameterization)
    for metric in [
      "paired_logit_rms_gap", "tangent_kernel_frobenius_gap", "paired_tangent_kernel_gap",
    ] {
      let rate = try rate(comparison, metric)
      #expect(rate.predicted == -0.5)
      #expect(abs(rate.rate + 0.5) < 3 * rate.rateStandardError + 0.03, "\(metric) \(rate.rate)")
      #expect(rate.rateStandardError < 0.12)
    }
    // Training has moved the functions by much more than the widest networks are off.
    let change = try rate(comparison, "paired_logit_rms_gap").values.last!
    let fluctuation = try rate(comparison, "logit_fluctuation")
    #expect(change < 0.1 * fluctuation.values.last!)
    #expect(fluctuation.predicted == 0)
    let kernel = try rate(comparison, "tangent_kernel_change")
    #expect(kernel.predicted == -1)
    #expect(abs(kernel.rate + 1) < 3 * kernel.rateStandardError + 0.1, "\(kernel.rate)")
  }

  @Test func naiveNetworksHaveTheKernelsOfTheirWidth() throws {
    let comparison = try compare("naive_standard", rateStep: 0)
    let kernel = try rate(comparison, "tangent_kernel_frobenius_gap")
    #expect(abs(kernel.rate + 0.5) < 3 * kernel.rateStandardError + 0.03, "\(kernel.rate)")
    #expect(kernel.predicted.isNaN)
    #expect(comparison.notes.contains { $0.contains("has no limit") })
  }
}
