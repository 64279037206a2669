import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `limit.multirate` from the command line, on handwritten digits.
@Suite struct MultirateCommandTests {
  let folder: Program.Folder

  init() throws { folder = try Program.Folder() }

  private func run(
    limit: String, training: String = "", rate: Double = 0.1, scaling: String = "mean_field",
    replicates: Int = 4, _ options: String...
  ) throws -> Program.Result {
    try folder.write(
      "run.yaml",
      """
      data: {format: csv, train_path: "\(TrainingOracleTests.digits)", train: 20, test: 12, classes: [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9]], normalize: {mean: 4.884, std: 6.017}}
      network: {reference_width: 32}
      training: {learning_rate: \(rate), steps: 16\(training)}
      scaling: \(scaling)
      limit: {particles: 1024, replicates: \(replicates), realizations: 1, \(limit)}
      record: {snapshots: [0, 12], every: 8}
      """)
    return try Program.run(["limit", "run.yaml", "-o", "out.nc", "--force"] + options, in: folder)
  }

  @Test func theFileSaysWhatWasDone() throws {
    let result = try run(limit: "multirate: 4, small_share: 0.25")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.contains(
        "Two step sizes: 4 blocks, the longest of 4 steps; 256 more particles took every step"))
    let file = try NetCDFReader(path: folder.path + "/out.nc")
    #expect(try file.text("multirate") == "4")
    #expect(try file.number("multirate_blocks") == 4)
    #expect(try file.number("multirate_longest_block") == 4)
    #expect(try file.number("multirate_small_particles") == 256)
    // Halves of two replicates beside the four; a block of 20 points costs two steps.
    #expect(try file.number("multirate_particle_steps") == 1.5 * (8 * 1280 + 16 * 256))
    let correction = try #require(try file.number("multirate_correction"))
    #expect(correction > 0 && correction < 0.1)
    #expect(try #require(try file.number("multirate_correction_error")) > 0)
    #expect(try run(limit: "seed: 1", "--quiet").status == 0)
    let plain = try NetCDFReader(path: folder.path + "/out.nc")
    #expect(try plain.text("multirate") == "off")
    #expect(try plain.number("multirate_blocks") == nil)
  }

  @Test func thePlanSaysWhatWillBeDone() throws {
    func plan(_ limit: String, training: String = "", replicates: Int = 4) throws -> String {
      let result = try run(
        limit: limit, training: training, replicates: replicates, "--dry-run")
      #expect(result.status == 0, "\(result.errors)")
      return result.output
    }
    #expect(
      try plan("multirate: 8").contains("blocks of 8 steps, 128 more take every step"))
    #expect(
      try plan("multirate: auto, small_share: 0.5").contains(
        "blocks of as many steps as the error allows (operations are those of blocks of one step, the"
          + " most there can be), 512 more take every step"))
    #expect(try !plan("seed: 1").contains("multirate"))
    #expect(
      try plan("multirate: auto", training: ", optimizer: momentum").contains(
        "off: two kinds of particles need training.optimizer gd, not momentum"))
    #expect(
      try plan("multirate: auto", training: ", batch: 5").contains(
        "off: two kinds of particles need training.batch full"))
    #expect(
      try plan("multirate: auto, dynamics: flow").contains(
        "off: the integrator of gradient flow chooses its own steps"))
    #expect(
      try plan("multirate: auto", replicates: 1).contains(
        "off: the length of blocks is chosen by the spread of replicates"))
  }

  @Test func ranksAreTakenAndSaid() throws {
    let result = try run(limit: "rank: 5, multirate: 4")
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.contains(
        "Two ranks: most particles moved along 5 principal components at every step, along the others in"
          + " 12 of 16; 128 more particles took every step in all directions"), "\(result.output)")
    let file = try NetCDFReader(path: folder.path + "/out.nc")
    #expect(try file.number("rank") == 5)
    #expect(try file.number("multirate_fast_coordinates") == 5)
    #expect(try file.number("multirate_slow_moves") == 12)
    #expect(try file.text("representation") == "preactivations")
    // Steps cost half of one by preactivations of 20 points, and twelve of 16 one more.
    #expect(
      try file.number("multirate_particle_steps")
        == 1.5 * (16 * (2 * 5.0 / 20 + 12.0 / 16) * 1152 + 16 * 128))
    #expect(try #require(try file.number("multirate_correction")) > 0)
    let plan = try run(limit: "rank: 5", "--dry-run").output
    #expect(
      plan.contains(
        "5 of 20 principal components move at every step, the others once in up to 16, 128 more take"
          + " every step in all directions"), "\(plan)")
  }

  /// Blocks of sixteen steps of a large rate are not stable, single steps are.
  @Test func failedSimulationsAreMadeAgain() throws {
    let result = try run(limit: "multirate: 16", rate: 2)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.errors.contains(
        "infwidth: warning: a simulation by two kinds of particles failed: what it took out of the logits, "
      ),
      "\(result.errors)")
    #expect(result.errors.contains("; this one is by particles that all take every step"))
    let file = try NetCDFReader(path: folder.path + "/out.nc")
    #expect(try file.text("multirate") == "off")
    #expect(
      try file.text("multirate_off_because")?.hasPrefix("two kinds of particles failed: ") == true)
    let again = try file.read("test_logits", as: Double.self)
    #expect(try run(limit: "seed: 1", rate: 2).status == 0)
    let plain = try NetCDFReader(path: folder.path + "/out.nc").read(
      "test_logits", as: Double.self)
    #expect(again == plain)
    #expect(plain.allSatisfy { abs($0) < 100 })
  }

  @Test func ranksThatCannotBeAreRefused() throws {
    let tooMany = try run(limit: "rank: 21")
    #expect(tooMany.status == 65)
    #expect(
      tooMany.errors.contains(
        "run.yaml:5: limit.rank: received 21, but the training inputs span 20 directions; accepted: off,"
          + " auto or a whole number up to that"), "\(tooMany.errors)")
    let batches = try run(limit: "rank: 3", training: ", batch: 5")
    #expect(batches.status == 65)
    #expect(
      batches.errors.contains(
        "limit.rank: received 3, but two kinds of particles need training.batch full; accepted here:"
          + " off, auto"), "\(batches.errors)")
    let automatic = try run(limit: "rank: auto", "--dry-run")
    #expect(
      automatic.output.contains("off: no rank would save a fifth of the operations"),
      "\(automatic.output)")
  }

  @Test(arguments: [
    (", optimizer: rmsprop", "", "two kinds of particles need training.optimizer gd, not rmsprop"),
    (", batch: 5", "", "two kinds of particles need training.batch full"),
    ("", ", dynamics: flow", "the integrator of gradient flow chooses its own steps"),
  ])
  func aNumberThatCannotBeIsRefused(training: String, limit: String, reason: String) throws {
    let result = try run(limit: "multirate: 8\(limit)", training: training)
    #expect(result.status == 65)
    #expect(
      result.errors.contains(
        "run.yaml:5: limit.multirate: received 8, but \(reason); accepted here: off, auto"),
      "\(result.errors)")
  }

  @Test func signsOfLogitsAreRefused() throws {
    let result = try run(limit: "multirate: 8", scaling: "sym_default")
    #expect(result.status == 65)
    #expect(result.errors.contains("loss gradients of this limit are signs of its logits"))
  }

  @Test func settingsWithoutEffectAreNoted() throws {
    #expect(
      try run(limit: "small_share: 0.5").errors.contains(
        "limit.small_share has no effect: every particle takes every step"))
    #expect(
      try run(limit: "multirate: auto", scaling: "ntk").errors.contains(
        "limit.multirate has no effect: the measure of this limit is frozen"))
  }
}
