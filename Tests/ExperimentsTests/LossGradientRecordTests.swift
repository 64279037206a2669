import DataIO
import Diagnostics
import Execution
import Foundation
import ParticleSystems
import TestSupport
import Testing

@testable import Experiments

/// `record.loss_gradient: false`: all that a run records but what grows with every step.
@Suite struct LossGradientRecordTests {
  private let folder: ComparisonJobTests.Folder

  init() throws { folder = try ComparisonJobTests.Folder() }

  private static func text(_ scaling: String, keeps: Bool) -> String {
    ComparisonJobTests.text(scaling).replacingOccurrences(
      of: "probe_kernels: true", with: "probe_kernels: true, loss_gradient: \(keeps)")
  }

  private func experiment(_ scaling: String, keeps: Bool) throws -> Experiment {
    try Experiment(
      LoadedConfiguration.parse(
        text: Self.text(scaling, keeps: keeps), path: folder("run.yaml")))
  }

  private let options = RunOptions(
    workers: Workers(count: 2), precision: .double, force: true, commandLine: "test")

  /// Of the runs with and without.
  private func limits(_ scaling: String) throws -> [RunRecord] {
    try [true, false].map { keeps in
      let path = folder("run \(keeps).nc")
      _ = try LimitJob(experiment(scaling, keeps: keeps), options: options).run(output: path)
      return try RunRecord.read(path)
    }
  }

  @Test(arguments: ["mean_field", "ic_mean_field", "ntk"])
  func theRestOfALimitIsTheSame(scaling: String) throws {
    let records = try limits(scaling)
    var expected = records[0].trajectory
    #expect(expected.lossGradient.count == expected.members * 5 * 20)
    expected.lossGradient = []
    #expect(records[1].trajectory == expected)
    #expect(try !NetCDFReader(path: folder("run false.nc")).hasVariable("loss_gradient"))
  }

  @Test func theRestOfNetworksIsTheSame() throws {
    let records = try [true, false].map { keeps in
      let path = folder("nets \(keeps).nc")
      try NetworksJob(experiment("mean_field", keeps: keeps), options: options).run(output: path)
      return try NetsRecord.read(path)
    }
    var expected = records[0].trajectories
    for width in expected.indices {
      #expect(expected[width].lossGradient.count == 5 * 5 * 20)
      expected[width].lossGradient = []
    }
    #expect(records[1].trajectories == expected)
  }

  @Test func particlesNeedThem() throws {
    _ = try limits("mean_field")
    let path = folder("run false.nc")
    let driven = try experiment("mean_field", keeps: true)
    #expect {
      _ = try DrivenLimitJob(driven, from: path, options: options, particles: 64)
    } throws: {
      ($0 as? Diagnostic)?.description
        == "\(path): there are no loss gradients in the file, which drive particles; accepted: a run with"
        + " record.loss_gradient true"
    }
    // What is made of a run with them need not have them itself.
    let result = try DrivenLimitJob(
      experiment("mean_field", keeps: false), from: folder("run true.nc"), options: options,
      particles: 64
    ).run(output: folder("driven.nc")).trajectory
    #expect(result.lossGradient.isEmpty && result.testLogits.allSatisfy(\.isFinite))
  }

  /// Twins of neurons are driven too; all else of a comparison is there.
  @Test func comparisonsWithoutTwins() throws {
    _ = try limits("mean_field")
    let comment = "loss gradients, which drive the twins, are not recorded (record.loss_gradient)"
    for (keeps, path) in [(false, nil), (true, folder("run false.nc"))] {
      let scaling = try ComparisonJob(
        [experiment("mean_field", keeps: keeps)], request: ComparisonRequest(limitPath: path),
        options: options
      ).run(output: folder("cmp.nc")).scalings[0]
      #expect(scaling.array("coupling_distance2")?.comment == comment)
      #expect(scaling.array("wasserstein2")?.values.allSatisfy(\.isFinite) == true)
    }
    // A file that has them is enough.
    let full = try ComparisonJob(
      [experiment("mean_field", keeps: false)],
      request: ComparisonRequest(limitPath: folder("run true.nc")), options: options
    ).run(output: folder("cmp.nc")).scalings[0]
    #expect(full.array("coupling_distance2")?.values.last.map { $0 > 0 } == true)
  }

  /// What the plan counts: 4 x 8 bytes a number, of which the loss gradients are the only ones that grow.
  @Test func plannedMemoryDoesNotGrowWithSteps() throws {
    func bytes(steps: Int, keeps: Bool) throws -> Double {
      var settings = try LimitJob(experiment("mean_field", keeps: keeps), options: options).settings
      settings.steps = steps
      settings.recorded = .every(steps)
      return settings.recordBytes(members: 1)
    }
    #expect(try bytes(steps: 100_000, keeps: false) == bytes(steps: 1000, keeps: false))
    #expect(
      try bytes(steps: 100_000, keeps: true) - bytes(steps: 100_000, keeps: false)
        == 32 * 100_000 * 20)
  }
}
