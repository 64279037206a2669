import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `infwidth density --particles`.
@Suite struct DensityFreshParticlesTests: DensityExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  /// Fresh particles through the field: the densities of those that `limit --from` stores, which are the
  /// same particles.
  @Test func freshParticles() throws {
    try solve()
    let stored = try run([
      "limit", "small.yaml", "--from", "run.nc", "-o", "more.nc", "--particles", "4096", "--quiet",
    ])
    #expect(stored.status == 0, "\(stored.errors)")
    let options = ["--grid", "24", "--project", "a,dot(w,pca1)", "--project", "norm(w)"]
    #expect(try run(["density", "more.nc", "-o", "a.nc", "--quiet"] + options).status == 0)
    let fresh = try run(
      ["density", "run.nc", "-o", "b.nc", "--quiet", "--particles", "4096"] + options)
    #expect(fresh.status == 0, "\(fresh.errors)")
    #expect(fresh.output.hasPrefix("Densities of 4096 fresh particles of run.nc at 3 snapshots"))
    let (a, b) = (
      try DensityRecord.read(folder.path + "/a.nc"), try DensityRecord.read(folder.path + "/b.nc")
    )
    for (one, other) in zip(a.projections, b.projections) {
      #expect(one.axes == other.axes && one.steps == other.steps)
      let peak = one.density.max()!
      #expect(largestDifference(one.density, other.density) < 1e-11 * peak)
      #expect(largestDifference(one.bandwidthMatrix, other.bandwidthMatrix) < 1e-14)
    }
    #expect(try reader("b.nc").number("particles") == 4096)
    // Any step can be looked at, stored or not.
    let steps = try run(
      ["density", "run.nc", "-o", "c.nc", "--quiet", "--particles", "512", "--snapshots", "1,5"]
        + options)
    #expect(steps.status == 0, "\(steps.errors)")
    let some = try DensityRecord.read(folder.path + "/c.nc").projections[0]
    #expect(some.steps == [1, 5])
    // What comes later does not matter.
    let early = try run([
      "density", "run.nc", "-o", "e.nc", "--quiet", "--particles", "512", "--snapshots", "1",
      "--compare", "c.nc", "--bandwidth", "0.1",
    ])
    #expect(early.status == 0, "\(early.errors)")
    let late = try run([
      "density", "run.nc", "-o", "l.nc", "--quiet", "--particles", "512", "--snapshots", "1,5",
      "--compare", "c.nc", "--bandwidth", "0.1",
    ])
    #expect(late.status == 0, "\(late.errors)")
    for (one, other) in zip(
      try DensityRecord.read(folder.path + "/e.nc").projections,
      try DensityRecord.read(folder.path + "/l.nc").projections)
    {
      let density = other.density(snapshot: 0)
      #expect(largestDifference(one.density, density) < 1e-6 * density.max()!)
    }
    let start = try run(
      ["density", "run.nc", "-o", "s.nc", "--quiet", "--particles", "512", "--snapshots", "0"]
        + options)
    #expect(start.status == 0, "\(start.errors)")
    try expectError(
      ["--particles", "512", "--snapshots", "7"], status: 64,
      "--snapshots: received step 7; accepted: 0 to 6")
  }
}
