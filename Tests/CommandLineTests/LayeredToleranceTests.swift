import Foundation
import InfiniteWidth
import Testing

/// `limit.tolerance` with several hidden layers: as many particles as it takes.
@Suite struct LayeredToleranceTests: SmallExperiment {
  static let small = """
    data: {format: synthetic, dimension: 5, train: 16, test: 8}
    network: {activation: leaky_relu, slope: 0.1, hidden_layers: 2, reference_width: 16}
    training: {learning_rate: 0.3, steps: 3}
    scaling: mean_field
    limit: {tolerance: 0.00025}
    record: {snapshots: [3], probes: 2}
    """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  /// The stated error is met by the mean of several simulations; the weights are those of the last one.
  @Test func particlesReachTheTolerance() throws {
    let result = try run("limit", "small.yaml", "-o", "run.nc", "--quiet", "--json")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.output.contains("\"tolerance_reached\" : true"), "\(result.output)")
    let file = try NetCDFReader(path: folder.path + "/run.nc")
    let errors: [Double] = try file.read("test_logits_error")
    #expect(errors.max()! <= 0.00025)
    #expect(try file.number("tolerance") == 0.00025 && file.number("tolerance_reached") == 1)
    let numbers = try #require(try file.text("particles_of_simulations"))
      .split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    #expect(numbers.count > 1 && numbers[0] == 128 && numbers[1] == 256)
    #expect(try file.number("particles") == Double(numbers.last!))
    #expect(try file.text("layer_particles") == "\(numbers.last!), \(numbers.last! / 4)")
    let measure = try #require(file.group("measure"))
    #expect(try file.dimensionLength("layer1", in: measure) == numbers.last!)
    let again = try run("limit", "small.yaml", "-o", "run.nc", "--resume")
    #expect(again.status == 0, "\(again.errors)")
  }

  /// Each simulation has numbers of its own, and the result is their mean by the squares of their particles.
  @Test func simulationsAreWeighed() throws {
    let result = try run("limit", "small.yaml", "-o", "run.nc", "--quiet", "--tolerance", "0.00035")
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    let both = try NetCDFReader(path: folder.path + "/run.nc")
    #expect(try both.text("particles_of_simulations") == "128, 256")
    #expect(result.output.contains("128 x 32 + 256 x 64 particles in each of 8 replicates"))
    #expect(
      try run("limit", "small.yaml", "-o", "one.nc", "--quiet", "--particles", "128").status == 0)
    #expect(
      try run("limit", "small.yaml", "-o", "two.nc", "--quiet", "--particles", "256").status == 0)
    let one: [Double] = try NetCDFReader(path: folder.path + "/one.nc").read("test_logits")
    let two: [Double] = try NetCDFReader(path: folder.path + "/two.nc").read("test_logits")
    let mean: [Double] = try both.read("test_logits")
    // What the second simulation has by itself: not the numbers of a run of its particles alone.
    let own = mean.indices.map { (5 * mean[$0] - one[$0]) / 4 }
    #expect(own != two && zip(own, two).allSatisfy { abs($0 - $1) < 0.01 })
    let first: [Double] = try NetCDFReader(path: folder.path + "/one.nc").read("test_logits_error")
    let errors: [Double] = try both.read("test_logits_error")
    for step in 2...3 { #expect(errors[step] > first[step] / 5) }
  }

  /// A tolerance out of reach ends after the simulations that tell, and says what it would take.
  @Test func tellsWhatIsOutOfReach() throws {
    let result = try run(
      "limit", "small.yaml", "-o", "far.nc", "--tolerance", "1e-9", "--quiet", "--json")
    #expect(result.status == 0)
    #expect(result.output.contains("\"tolerance_reached\" : false"))
    #expect(result.errors.hasPrefix("infwidth: warning: the error is "), "\(result.errors)")
    #expect(result.errors.contains(", not 1e-09: errors fall as particles^-"), "\(result.errors)")
    #expect(
      result.errors.contains(
        " particles would exceed the budget of 1073741824 weights; a tolerance of "),
      "\(result.errors)")
    #expect(result.errors.hasSuffix(" is within reach\n"), "\(result.errors)")
    let file = try NetCDFReader(path: folder.path + "/far.nc")
    #expect(try file.text("particles_of_simulations") == "128, 256")
    let page = try run("report", "far.nc", "-o", "report.html")
    #expect(page.status == 0, "\(page.errors)")
    let text = try String(contentsOfFile: folder.path + "/report.html", encoding: .utf8)
    #expect(text.contains("the tolerance is not reached"))
  }

  @Test func planAndNotes() throws {
    let plan = try run("limit", "small.yaml", "-o", "run.nc", "--dry-run")
    #expect(
      plan.output.contains(
        "particles       128 x 32 in each replicate at first, then more until the error is below 0.00025\n"
      ), "\(plan.output)")
    let given = try run(
      "limit", "small.yaml", "-o", "run.nc", "--dry-run", "--particles", "128", "--quiet")
    #expect(given.output.contains("particles       128 x 32 in each replicate\n"))
    let note = try run("limit", "small.yaml", "-o", "run.nc", "--dry-run", "--particles", "128")
    #expect(
      note.errors.contains("limit.tolerance has no effect: the number of particles is given"),
      "\(note.errors)")
  }
}
