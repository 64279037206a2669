import Foundation
import InfiniteWidth
import Testing

@testable import DataIO

/// Runs of every kind that are interrupted and continued have the bits of those that are not.
@Suite struct ResumeTests {
  static let digits = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../../data/digits.csv").standardizedFileURL.path

  static func text(
    _ limit: String, scaling: String = "mean_field", training: String = "",
    network: String = "activation: leaky_relu, slope: 0.1", record: String = "", dimension: Int = 4,
    steps: Int = 12, data: String? = nil, finite: String = ""
  ) -> String {
    """
    data: {\(data ?? "format: synthetic, dimension: \(dimension), train: 14, test: 9")}
    network: {\(network), reference_width: 16}
    training: {learning_rate: 0.2, steps: \(steps)\(training)}
    scaling: \(scaling)
    limit: {seed: 5, \(limit)}
    finite: {\(finite)}
    record: {probes: 2, snapshots: [0, 5, \(steps)]\(record)}
    """
  }

  static let particles = "particles: 512, replicates: 4"

  /// One for each kind of state that there is.
  static let limits: [String: String] = [
    "weights": text(particles, dimension: 2),
    "weights, momentum, shuffled batches": text(
      particles, training: ", optimizer: momentum, batch: 5, shuffle_seed: 2"),
    "preactivations": text(particles, dimension: 20),
    "preactivations, momentum, batches": text(
      particles, training: ", optimizer: momentum, batch: 4", dimension: 20),
    "rmsprop": text(particles, training: ", optimizer: rmsprop"),
    "smooth": text(particles, network: "activation: erf", record: ", probe_kernels: true"),
    "one replicate": text("particles: 300, replicates: 1, design: independent"),
    "no loss gradients": text(particles, record: ", loss_gradient: false"),
    "eight replicates, halves": text("particles: 4096, replicates: 8", record: ", every: 3"),
    "blocks": text("\(particles), multirate: 3, small_share: 0.25", record: ", every: 4"),
    "automatic blocks": text(
      "particles: 2048, replicates: 8, multirate: auto, small_share: 0.25", record: ", every: 12",
      steps: 30),
    "blocks of preactivations": text("\(particles), multirate: 3", dimension: 20),
    "two ranks": text("\(particles), rank: 3, multirate: 4", dimension: 20, steps: 20),
    "flow": text("\(particles), dynamics: flow, integrator_tolerance: 1.0e-4"),
    "flow, frozen": text(
      "realizations: 3, dynamics: flow, integrator_tolerance: 1.0e-6", scaling: "ntk"),
    "frozen, momentum, batches": text(
      "realizations: 3", scaling: "ntk", training: ", optimizer: momentum, batch: 5"),
    "frozen, sampled kernels": text(
      "\(particles), realizations: 3", scaling: "ntk",
      network: "activation: relu, initialization: pytorch_uniform"),
    "frozen, deep": text("realizations: 3", scaling: "ntk", network: deep),
    "two layers, momentum, batches": text(
      "particles: 64, replicates: 5", training: ", optimizer: momentum, batch: 5, shuffle_seed: 2",
      network: "activation: leaky_relu, slope: 0.1, hidden_layers: 2"),
    "three layers, rmsprop": text(
      "particles: 64, replicates: 2", training: ", optimizer: rmsprop",
      network: "activation: relu, hidden_layers: 3"),
    "two layers, several classes": text(
      "particles: 32, replicates: 4", training: ", loss: softmax",
      network: "activation: erf, hidden_layers: 2",
      data:
        "format: csv, train_path: \"\(digits)\", train: 12, test: 9, classes: [0, 1, 2],"
        + " normalize: {mean: 4.884, std: 6.017}"),
    "three layers that rest": text("", network: "activation: relu, hidden_layers: 3"),
    "corrected": text("\(particles), realizations: 2", scaling: "ic_mean_field"),
    "default with signs": text("\(particles), realizations: 2", scaling: "sym_default"),
    "intermediate": text(particles, scaling: "intermediate"),
    "automatic particles": text("tolerance: 2.0e-2, replicates: 8", scaling: "mean_field"),
    "two layers, tolerance": text(
      "tolerance: 4.0e-4, replicates: 4",
      network: "activation: leaky_relu, slope: 0.1, hidden_layers: 2", steps: 6),
    "automatic particles, frozen": text(
      "tolerance: 1.0, replicates: 4, realizations: 2", scaling: "ntk",
      network: "activation: relu, initialization: pytorch_uniform"),
    "divergence": text(
      particles, training: ", loss: squared, optimizer: momentum",
      network:
        "activation: linear, input_weight_std: 30.0"),
    "several classes": text(
      particles, training: ", loss: softmax",
      data:
        "format: csv, train_path: \"\(digits)\", train: 12, test: 9, classes: [0, 1, 2],"
        + " normalize: {mean: 4.884, std: 6.017}"),
  ]

  /// That they are of their kind.
  static let attributes: [String: [String: String]] = [
    "weights": ["representation": "direct"], "preactivations": ["representation": "preactivations"],
    "blocks": ["multirate": "3"], "automatic blocks": ["multirate": "auto"],
    "two ranks": ["rank": "3"], "flow": ["dynamics": "flow"],
    "flow, frozen": ["dynamics": "flow"],
    "two layers, momentum, batches": ["layer_particles": "64, 16"],
    "two layers, tolerance": ["particles_of_simulations": "128, 256"],
    "three layers, rmsprop": ["layer_particles": "64, 64, 16"],
  ]

  @Test(arguments: limits.keys.sorted()) func aLimitHasTheBitsOfTheWhole(name: String) throws {
    for precision in [Precision.single, .double] {
      let run = try InterruptedRun(try #require(Self.limits[name]), precision: precision)
      defer { run.remove() }
      let whole = try run.undisturbed(InterruptedRun.limit)
      #expect(whole.count > 100)
      for (attribute, value) in Self.attributes[name] ?? [:] {
        #expect(whole.text(attribute) == value)
      }
      // At every step, and at some.
      let parts = try run.interrupted(InterruptedRun.limit, every: precision == .double ? 1 : 4)
      // What rests is there at once.
      let least = ["divergence": 1, "three layers that rest": 0][name] ?? 2
      #expect(parts.interruptions >= least)
      #expect(parts.contents.differences(from: whole) == [], "\(precision)")
      if precision == .double {
        #expect(try run.checkpointed(InterruptedRun.limit).differences(from: whole) == [])
      }
      #expect(try run.contents().allSatisfy { $0.hasSuffix(".nc") }, "nothing is left")
    }
  }

  /// Fresh particles of several hidden layers, driven by a run whose tolerance took two simulations: in one group, and
  /// in several, which have the bits of one.
  @Test func freshParticlesOfLayersHaveTheBitsOfTheWhole() throws {
    let run = try InterruptedRun(try #require(Self.limits["two layers, tolerance"]))
    defer { run.remove() }
    _ = try run.undisturbed(InterruptedRun.limit, name: "solved.nc")
    func driven(_ group: Int) -> InterruptedRun.Job {
      { [folder = run.folder] experiment, options, output, checkpoints, progress in
        var job = try DrivenLayersJob(
          experiment, from: folder + "/solved.nc", options: options, particles: 512)
        job.largestGroup = group
        _ = try job.run(output: output, checkpoints: checkpoints, progress: progress)
      }
    }
    let whole = try run.undisturbed(driven(1 << 27))
    #expect(whole.text("driven_by") == "solved.nc" && whole.count > 100)
    let parts = try run.interrupted(driven(1 << 19), every: 3)
    #expect(parts.interruptions > 3)
    #expect(parts.contents.differences(from: whole) == [])
  }

  /// Three layers, of unequal widths.
  static let deep =
    "activation: gelu, hidden_layers: 2, layer_widths: [8, 6], weight_std: 1.4, bias: true, bias_std: 0.2,"
    + " parameterization: standard"

  static let networks: [String: String] = [
    "deep, momentum, batches": text(
      "", scaling: "ntk", training: ", optimizer: momentum, batch: 5, shuffle_seed: 2",
      network: deep, record: ", probe_kernels: true", finite: "widths: [8, 140], seeds: 3"),
    "deep, rmsprop": text(
      "", scaling: "ntk", training: ", optimizer: rmsprop", network: deep,
      finite: "widths: [8, 20], seeds: 2"),
    "deep mean field, rmsprop, batches": text(
      "", scaling: "mean_field", training: ", optimizer: rmsprop, batch: 5, shuffle_seed: 2",
      network: "activation: leaky_relu, hidden_layers: 3",
      finite: "widths: [8, 140], seeds: 3, mirror: true"),
    "plain": text("", finite: "widths: [8, 600, 20], seeds: 3"),
    "rmsprop, batches": text(
      "", training: ", optimizer: rmsprop, batch: 5, shuffle_seed: 2",
      finite: "widths: [8, 20], seeds: 2"),
    "momentum": text(
      "", training: ", optimizer: momentum", network: "activation: gelu",
      finite: "widths: [8, 20], seeds: 2"),
    "corrected": text("", scaling: "ic_mean_field", finite: "widths: [8, 40], seeds: 2"),
    "several classes": text(
      "", training: ", loss: softmax",
      data:
        "format: csv, train_path: \"\(digits)\", train: 12, test: 9, classes: [0, 1, 2],"
        + " normalize: {mean: 4.884, std: 6.017}", finite: "widths: [8, 20], seeds: 2"),
  ]

  @Test(arguments: networks.keys.sorted()) func networksHaveTheBitsOfTheWhole(name: String) throws {
    for precision in [Precision.single, .double] {
      let run = try InterruptedRun(try #require(Self.networks[name]), precision: precision)
      defer { run.remove() }
      let whole = try run.undisturbed(InterruptedRun.train)
      #expect(whole.count > 100)
      for interval in [5, 17] {
        let parts = try run.interrupted(
          InterruptedRun.train, every: interval, name: "parts\(interval).nc")
        #expect(parts.interruptions >= 1, "\(interval)")
        #expect(parts.contents.differences(from: whole) == [], "\(precision) \(interval)")
      }
      #expect(try run.checkpointed(InterruptedRun.train).differences(from: whole) == [])
      #expect(try run.contents().allSatisfy { $0.hasSuffix(".nc") }, "nothing is left")
    }
  }

  /// Fresh particles that follow `whole.nc`.
  static func driven(particles: Int) -> InterruptedRun.Job {
    { experiment, options, output, checkpoints, progress in
      _ = try DrivenLimitJob(
        experiment, from: parentFolder(of: output) + "/whole.nc", options: options,
        particles: particles
      ).run(output: output, checkpoints: checkpoints, progress: progress)
    }
  }

  @Test func drivenParticlesHaveTheBitsOfTheWhole() throws {
    let run = try InterruptedRun(
      Self.text("particles: 40000, replicates: 2, realizations: 2", scaling: "ic_mean_field"))
    defer { run.remove() }
    _ = try run.undisturbed(InterruptedRun.limit)
    let job = Self.driven(particles: 80000)
    let whole = try run.undisturbed(job, name: "driven.nc")
    let parts = try run.interrupted(job, every: 19)
    #expect(parts.interruptions >= 3)
    #expect(parts.contents.differences(from: whole) == [])
  }

  /// The comparison sees a single bit.
  @Test func differencesAreFound() throws {
    let run = try InterruptedRun(Self.text(Self.particles))
    defer { run.remove() }
    let whole = try run.undisturbed(InterruptedRun.limit)
    let other = try InterruptedRun(
      run.text.replacingOccurrences(of: "seed: 5", with: "seed: 6"))
    defer { other.remove() }
    let names = try other.undisturbed(InterruptedRun.limit).differences(from: whole)
    #expect(names.contains("@seed") && names.contains("test_logits"))
    #expect(names.contains("measure/input_weight") && !names.contains("step"))
  }
}
