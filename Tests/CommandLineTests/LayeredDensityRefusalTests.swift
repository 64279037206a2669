import Foundation
import InfiniteWidth
import Testing

/// What `infwidth density` refuses of limits and networks of several hidden layers.
@Suite struct LayeredDensityRefusalTests: DensityExperiment {
  static let small = LayeredDensityTests.small

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  @Test func refusals() throws {
    try solve()
    for (arguments, message) in [
      (
        ["--project", "a,norm(w)"],
        "a, norm(w): a belongs to neurons of hidden layer 2, norm(w) to those of layer 1, and neurons of"
          + " different layers are not paired; accepted: axes of one layer, such as a,z2[0]"
      ),
      (["--project", "z3[0]"], "z3[0]: received hidden layer 3; accepted: z1[p] to z2[p]"),
      (
        ["--project", "z2[3]"],
        "z2[3]: received test point 3; accepted: 0 to 2, the probes of the run (record.probes)"
      ),
      (
        ["--project", "z2[0]", "--snapshots", "0"],
        "z2[0]: received step 0 alone, at which the law is a point mass at zero: initial preactivations of"
          + " networks of width d are of order d^(-1/2) above the first layer; accepted: later snapshots"
      ),
      (
        ["--particles", "512"],
        "--particles: received 512; accepted with 2 hidden layers: none, the particles are those that the run"
          + " stored"
      ),
    ] { try expectError(arguments, status: 64, message) }
    // The first layer's preactivations have a law at step 0.
    #expect(
      try density("--project", "z1[0]", "--snapshots", "0", "--grid", "16").projections[0].steps
        == [0])
    try write("probes.yaml", replacing: "probes: 3", with: "probes: 0")
    #expect(try run(["train", "probes.yaml", "-o", "nets.nc", "--quiet"]).status == 0)
    try expectError(
      ["--nets", "nets.nc"], status: 65,
      "nets.nc: the nets have 0 probes, the particles of run.nc have 3; give files of one"
        + " experiment")
    try solve("probes.yaml", "without.nc")
    let without = try run(["density", "without.nc", "-o", "x.nc", "--project", "z2[0]"])
    #expect(without.status == 64)
    #expect(
      without.errors
        == "infwidth: error: z2[0]: the file holds no preactivations; accepted: one of a run with"
        + " record.probes of 1 or more\n")
    let weights = try run(["density", "without.nc", "-o", "x.nc", "--quiet", "--grid", "16"])
    #expect(weights.status == 0, "\(weights.errors)")
    try folder.write(
      "one.yaml", Self.small.replacing("hidden_layers: 2", with: "hidden_layers: 1"))
    try solve("one.yaml", "one.nc")
    let one = try run(["density", "one.nc", "-o", "y.nc", "--project", "z1[0]"])
    #expect(one.status == 64)
    #expect(
      one.errors
        == "infwidth: error: z1[0]: preactivations are kept of several hidden layers; accepted with one:"
        + " dot(w, file:PATH) with the coordinates of a point in the file\n")
  }
}
