import DataIO
import Dynamics
import Execution
import Foundation
import Kernels
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import Experiments

/// Tangent kernels between probes, from configurations to files and comparisons.
@Suite struct ProbeKernelTests {
  private let folder: ComparisonJobTests.Folder

  init() throws { folder = try ComparisonJobTests.Folder() }

  private func experiment(
    _ scaling: String, activation: String = "erf", initialization: String = "gaussian",
    record: String = "probes: 4, probe_kernels: true", design: String = "auto"
  ) throws -> Experiment {
    try Experiment(
      LoadedConfiguration.parse(
        text: """
          data: {format: synthetic, dimension: 9, train: 6, test: 7}
          network: {activation: \(activation), reference_width: 16, initialization: \(initialization)}
          training: {learning_rate: 0.3, steps: 4}
          scaling: \(scaling)
          limit: {particles: 4096, replicates: 8, design: \(design)}
          finite: {widths: [8, 16, 32], seeds: 5}
          record: {\(record)}
          """, path: "run.yaml"))
  }

  private var options: RunOptions {
    RunOptions(
      workers: Workers(count: 2), precision: .double, force: true, commandLine: "test")
  }

  private func limit(_ experiment: Experiment) throws -> Trajectory {
    try LimitJob(experiment, options: options).run(output: folder("run.nc")).trajectory
  }

  /// (probe, probe)
  private func exact(_ experiment: Experiment) -> [Double] {
    let problem = experiment.problem
    let probes = Matrix(
      rows: 4, columns: 9, elements: Array(problem.testInputs.elements.prefix(36)))
    return InitialKernels(
      law: experiment.law, architecture: experiment.architecture, reference: experiment.reference
    ).matrices(
      KernelPoints(probes, architecture: experiment.architecture), workers: options.workers
    ).tangent.elements
  }

  private func diagonal(_ kernels: [Double]) -> [Double] {
    stride(from: 0, to: kernels.count, by: 16).flatMap { row in
      (0..<4).map { kernels[row + 5 * $0] }
    }
  }

  /// A kernel limit has the exact kernel at every step, and the mean-field limit starts from it.
  @Test(arguments: ["erf", "relu", "tanh"]) func exactKernels(activation: String) throws {
    let frozen = try experiment("intermediate", activation: activation)
    let expected = exact(frozen)
    let constant = try limit(frozen)
    #expect(constant.tangentKernel.count == 5 * 16)
    for step in 0..<5 {
      #expect(
        largestDifference(Array(constant.tangentKernel[(16 * step)..<(16 * step + 16)]), expected)
          < 1e-12)
    }
    let moving = try limit(experiment("mean_field", activation: activation))
    for entry in 0..<16 {
      let error = moving.tangentKernelStandardError[entry]
      #expect(abs(moving.tangentKernel[entry] - expected[entry]) < 4 * error)
      #expect(error > 0 && error < 0.05 * abs(expected[0]))
    }
    #expect(largestDifference(diagonal(moving.tangentKernel), moving.tangentKernelDiagonal) == 0)
    #expect(
      largestDifference(
        diagonal(moving.tangentKernelStandardError), moving.tangentKernelDiagonalStandardError)
        == 0)
    let last = Array(moving.tangentKernel.suffix(16))
    #expect(largestDifference(last, expected) > 20 * moving.tangentKernelStandardError.last!)
    for i in 0..<4 { for j in 0..<4 { #expect(last[4 * i + j] == last[4 * j + i]) } }
    #expect(try RunRecord.read(folder("run.nc")).trajectory.tangentKernel == moving.tangentKernel)
  }

  /// Particles whose sizes stand for their masses.
  @Test(arguments: ["importance", "radius"]) func massesOfParticles(design: String) throws {
    let experiment = try experiment("mean_field", activation: "relu", design: design)
    let run = try limit(experiment)
    let expected = exact(experiment)
    for entry in 0..<16 {
      let error = run.tangentKernelStandardError[entry]
      #expect(abs(run.tangentKernel[entry] - expected[entry]) < 4 * error)
      #expect(error < 0.05 * abs(expected[0]))
    }
  }

  /// phi(z) = z: K(x, x') = eta (d* s_w^2 + sigma*^2 d* s_a^2) x . x', with sigma*^2 d* = 1.
  @Test func linearNetwork() throws {
    let experiment = try experiment("ntk", activation: "linear")
    let kernel = try limit(experiment).tangentKernel
    let (sa, sw) = (experiment.law.outputWeightDeviation, experiment.law.inputWeightDeviation)
    let x = experiment.problem.testInputs
    for i in 0..<4 {
      for j in 0..<4 {
        let product = zip(x.row(i), x.row(j)).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(kernel[4 * i + j] - 0.3 * (16 * sw * sw + sa * sa) * product) < 1e-12)
      }
    }
  }

  /// Logits and diagonals of a limit whose basis spans the probes are the same but for sampling, and those
  /// of networks are the same.
  @Test func nothingElseChanges() throws {
    let with = try limit(experiment("mean_field"))
    let without = try limit(experiment("mean_field", record: "probes: 4"))
    #expect(without.tangentKernel.isEmpty && without.tangentKernelStandardError.isEmpty)
    for (i, difference) in zip(with.testLogits, without.testLogits).map({ $0 - $1 }).enumerated() {
      let error =
        with.testLogitsStandardError[i] * with.testLogitsStandardError[i]
        + without.testLogitsStandardError[i] * without.testLogitsStandardError[i]
      #expect(abs(difference) <= 5 * error.squareRoot() + 1e-14)
    }
    // A uniform law is drawn in the inputs' own coordinates, where nothing has to be spanned.
    let uniform = try limit(experiment("mean_field", initialization: "pytorch_uniform"))
    #expect(uniform.tangentKernel.allSatisfy { $0.isFinite })
    try NetworksJob(experiment("mean_field"), options: options).run(output: folder("a.nc"))
    try NetworksJob(experiment("mean_field", record: "probes: 4"), options: options)
      .run(output: folder("b.nc"))
    let (a, b) = (try NetsRecord.read(folder("a.nc")), try NetsRecord.read(folder("b.nc")))
    for (one, other) in zip(a.trajectories, b.trajectories) {
      #expect(one.testLogits == other.testLogits && other.tangentKernel.isEmpty)
      #expect(diagonal(one.tangentKernel) == other.tangentKernelDiagonal)
    }
  }

  /// Gaps and changes are those of the files.
  @Test(arguments: ["mean_field", "ntk"]) func comparison(scaling: String) throws {
    let experiment = try experiment(scaling)
    let limit = try limit(experiment)
    try NetworksJob(experiment, options: options).run(output: folder("nets.nc"))
    let nets = try NetsRecord.read(folder("nets.nc"))
    let record = try ComparisonJob(
      [experiment], request: ComparisonRequest(), options: options
    ).run(output: folder("cmp.nc"))
    let prefix = scaling == "ntk" ? "paired_" : ""
    let gaps = try #require(
      record.scalings[0].array("\(prefix)tangent_kernel_frobenius_gap")
    ).values
    let changes = try #require(record.scalings[0].array("tangent_kernel_change")).values
    for width in 0..<3 {
      let all = nets.trajectories[width].tangentKernel
      for step in 0..<5 {
        func kernel(_ seed: Int, _ step: Int) -> ArraySlice<Double> {
          all[((seed * 5 + step) * 16)..<((seed * 5 + step + 1) * 16)]
        }
        func square(_ values: some Sequence<Double>) -> Double { values.reduce(0) { $0 + $1 * $1 } }
        let own = limit.tangentKernel[(16 * step)..<(16 * step + 16)]
        var (gap, change) = (0.0, 0.0)
        for seed in 0..<5 {
          gap += square(zip(kernel(seed, step), own).map { $0 - $1 }) / square(own) / 5
          change +=
            square(zip(kernel(seed, step), kernel(seed, 0)).map { $0 - $1 })
            / square(kernel(seed, 0)) / 5
        }
        #expect(abs(gaps[width * 5 + step] - gap.squareRoot()) < 1e-12)
        #expect(abs(changes[width * 5 + step] - change.squareRoot()) < 1e-12)
      }
    }
    let rate = record.scalings[0].rates.first { $0.metric == "tangent_kernel_change" }
    #expect(rate?.predicted == (scaling == "ntk" ? -1 : 0))
  }
}
