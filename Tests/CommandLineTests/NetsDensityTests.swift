import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `infwidth density` of finite nets, alone and beside the limit.
@Suite struct NetsDensityTests: DensityExperiment {
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  func train(_ config: String = "small.yaml", _ output: String = "nets.nc", _ options: String...)
    throws
  {
    let result = try run(["train", config, "-o", output, "--quiet"] + options)
    #expect(result.status == 0, "\(result.errors)")
  }

  /// The neurons of all seeds as one sample, each with the mass 1 / (width seeds), on a grid that all laws
  /// have in common.
  @Test func besideTheLimit() throws {
    try solve()
    try train()
    let record = try density(
      "--nets", "nets.nc", "--project", "a", "--project", "norm(w), a", "--grid", "60")
    #expect(record.projections.map(\.width) == [nil, nil, 8, 8, 32, 32])
    #expect(
      record.projections.map(\.identifier) == [
        "a", "norm_w__a", "a", "norm_w__a", "a", "norm_w__a",
      ])
    let file = try reader("nets.nc")
    let group = try #require(file.group("width_32", in: file.group("measure")))
    let a = try file.read("output_weight", in: group)
    let (limit, nets) = (record.projections[0], record.projections[4])
    #expect(nets.seeds == 3 && nets.effectiveSampleSize.allSatisfy { abs($0 - 96) < 1e-9 })
    #expect(nets.axes == limit.axes && nets.steps == [0, 2, 6])
    for snapshot in 0..<3 {
      let points = (0..<3).flatMap { (seed: Int) -> [Double] in
        let first = (seed * 3 + snapshot) * 32
        return Array(a[first..<(first + 32)])
      }
      let direct = DirectDensity(
        try WeightedSample(points: points),
        bandwidth: try Bandwidth(nets.bandwidth(snapshot: snapshot, axis: 0)))
      let expected = direct.values(on: try nets.grid())
      #expect(
        largestDifference(nets.density(snapshot: snapshot), expected) < 1e-11 * expected.max()!)
      // No law is cut off by the common grid.
      for law in [limit, record.projections[2], nets] {
        #expect(abs(try law.estimate(snapshot: snapshot).integral - 1) < 1e-4)
      }
    }
    // The distances are those of the densities in the file, by sums over its grid.
    let distances = try #require(nets.fromLimit)
    #expect(limit.fromLimit == nil && distances.l1.allSatisfy { $0 > 0.01 && $0 < 1 })
    let spacing = limit.axes[0].spacing
    for snapshot in 0..<3 {
      let pairs = zip(nets.density(snapshot: snapshot), limit.density(snapshot: snapshot))
      func sum(_ term: (Double, Double) -> Double) -> Double {
        pairs.reduce(0) { $0 + term(max(0, $1.0), max(0, $1.1)) } * spacing
      }
      #expect(abs(sum { abs($0 - $1) } - distances.l1[snapshot]) < 1e-4)
      #expect(
        abs(sum { ($0 - $1) * ($0 - $1) }.squareRoot() - distances.l2[snapshot]) < 1e-4)
      let hellinger = sum { pow($0.squareRoot() - $1.squareRoot(), 2) } / 2
      #expect(abs(hellinger.squareRoot() - distances.hellinger[snapshot]) < 1e-4)
      let divergence = sum { $0 > 1e-9 ? $0 * log($0 / max($1, 1e-12)) : 0 }
      #expect(abs(divergence - distances.kullbackLeibler[snapshot]) < 1e-3)
    }
    #expect(try reader("density.nc").text("nets") == "nets.nc")
  }

  /// What is printed, tables and figures.
  @Test func results() throws {
    try solve()
    try train()
    let result = try run([
      "density", "run.nc", "--nets", "nets.nc", "-o", "density.nc", "--quiet", "--grid", "20",
      "--project", "a", "--csv", "tables",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.hasPrefix(
        "Densities of 512 particles of run.nc and 3 nets of each width (8, 32) of nets.nc at 3"
          + " snapshots, "))
    #expect(result.output.contains("\na, nets of width 32: bandwidth improved_sheather_jones; "))
    #expect(result.output.contains("L1 limit  L2 limit  Hellinger limit  KL limit"))
    #expect(result.output.contains("\nDistances \"limit\" from the same step of run.nc.\n"))
    for name in ["density_a", "density_a_width_8", "density_a_width_32", "density_summary"] {
      #expect(folder.exists("tables/\(name).csv"))
    }
    let again = try run([
      "density", "run.nc", "--nets", "nets.nc", "-o", "again.nc", "--quiet", "--grid", "20",
      "--project", "a", "--csv", "tables",
    ])
    #expect(again.status == 74)
    let json = try run([
      "density", "nets.nc", "-o", "nets-density.nc", "--quiet", "--project", "a", "--json",
    ])
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    let projections = try #require(object["projections"] as? [[String: Any]])
    #expect(projections.map { $0["width"] as? Int } == [8, 32])
    #expect(projections.map { $0["group"] as? String } == ["width_8/a", "width_32/a"])
  }

  /// Nets alone have one grid as well; the densities of a file compare with them width by width.
  @Test func netsAlone() throws {
    try solve()
    try train()
    let alone = try run(["density", "nets.nc", "-o", "nets-density.nc", "--grid", "24"])
    #expect(alone.status == 0 && !alone.errors.contains("error"), "\(alone.errors)")
    #expect(
      alone.output.hasPrefix(
        "Densities of 3 nets of each width (8, 32) of nets.nc at 3 snapshots, "))
    let nets = try DensityRecord.read(folder.path + "/nets-density.nc")
    #expect(nets.projections.map(\.width) == Array(repeating: 8, count: 4) + [32, 32, 32, 32])
    #expect(nets.projections[0].axes == nets.projections[4].axes)
    #expect(nets.projections.allSatisfy { $0.fromLimit == nil && $0.fromOther == nil })

    let limit = try density("--project", "a", "--grid", "30", "--bounds", "a=-5:5")
    let compared = try run([
      "density", "nets.nc", "-o", "c.nc", "--quiet", "--compare", "density.nc",
    ])
    #expect(compared.status == 0, "\(compared.errors)")
    let both = try density(
      "--nets", "nets.nc", "--project", "a", "--grid", "30", "--bounds", "a=-5:5")
    let others = try DensityRecord.read(folder.path + "/c.nc").projections
    #expect(others.count == 2 && others[0].axes == limit.projections[0].axes)
    // By one way as by the other.
    for (one, other) in zip(others, both.projections.dropFirst()) {
      #expect(one.fromOther == other.fromLimit)
    }
    let widths = try run([
      "density", "nets.nc", "-o", "w.nc", "--quiet", "--compare", "nets-density.nc", "--project",
      "a",
    ])
    #expect(widths.status == 0, "\(widths.errors)")
    for projection in try DensityRecord.read(folder.path + "/w.nc").projections {
      #expect(projection.fromOther?.l1.allSatisfy { $0 < 1e-12 } == true)
    }
    try expectError(
      ["--compare", "nets-density.nc", "--project", "a"], status: 65,
      "nets-density.nc: no densities of a; the file has those of a, nets of width 8, norm(w), nets of"
        + " width 8, a, dot(w, mean_difference), nets of width 8, dot(w, pca1), dot(w, pca2), nets of"
        + " width 8, a, nets of width 32, norm(w), nets of width 32, a, dot(w, mean_difference), nets of"
        + " width 32 and dot(w, pca1), dot(w, pca2), nets of width 32")
  }

  /// Fresh particles are looked at where the nets are.
  @Test func freshParticlesAtTheNetsSteps() throws {
    try solve()
    try folder.write("other.yaml", Self.small.replacing("[0, 2, 6]", with: "[1, 5]"))
    try train("other.yaml")
    let record = try density(
      "--nets", "nets.nc", "--particles", "512", "--project", "a", "--grid", "20")
    #expect(record.projections.map(\.steps) == [[1, 5], [1, 5], [1, 5]])
  }

  @Test func refusals() throws {
    try solve()
    try folder.write("other.yaml", Self.small.replacing("[0, 2, 6]", with: "[0, 3, 6]"))
    try train("other.yaml")
    let nets = ["--nets", "nets.nc"]
    try expectError(
      nets, status: 65,
      "nets.nc: the snapshots are not those of run.nc: the first difference is step 2, which run.nc has"
        + " and nets.nc has not; choose steps that both have with --snapshots")
    try expectError(
      nets + ["--snapshots", "0,2"], status: 64,
      "--snapshots: received step 2; accepted: 0, 3 and 6, the snapshots of nets.nc")
    #expect(
      try density("--nets", "nets.nc", "--snapshots", "0,6", "--project", "a", "--grid", "20")
        .projections.allSatisfy { $0.steps == [0, 6] })
    try expectError(
      ["--nets", "run.nc"], status: 65,
      "run.nc: received no finite nets; accepted: a file written by infwidth train")
    try expectError(["--nets", "none.nc"], status: 66, "none.nc: the file does not exist")
    for (arguments, message) in [
      (
        ["--particles", "512"],
        "--particles: fresh particles belong to a limit; nets.nc holds finite nets"
      ),
      (nets, "--nets: nets are looked at beside a limit; nets.nc holds finite nets itself"),
      (
        ["--snapshots", "1"],
        "--snapshots: received step 1; accepted: 0, 3 and 6, the snapshots of nets.nc"
      ),
    ] {
      let result = try run(["density", "nets.nc", "-o", "x.nc", "--quiet"] + arguments)
      #expect(result.status == 64 && result.errors == "infwidth: error: \(message)\n")
    }
    try folder.write("rate.yaml", Self.small.replacing("0.2", with: "0.3"))
    try train("rate.yaml", "rate.nc")
    try expectError(
      ["--nets", "rate.nc"], status: 65,
      "rate.nc: training.learning_rate: received 0.3 where run.nc has 0.2; give files of one experiment"
    )
    try train("small.yaml", "ntk.nc", "--scaling", "ntk")
    try expectError(
      ["--nets", "ntk.nc"], status: 65,
      "ntk.nc: scaling: received networks of the limit ntk where run.nc has mean_field; give files of"
        + " one scaling")
    try folder.write("one.yaml", Self.small.replacing("seeds: 3", with: "seeds: 1"))
    try train("one.yaml", "one.nc", "--width", "1")
    try expectError(
      ["--nets", "one.nc", "--project", "a,norm(w)"], status: 65, try oneNeuron())
    #expect(
      try density("--nets", "one.nc", "--project", "a", "--bandwidth", "0.2").projections.count == 2
    )
  }

  /// The refusal of a law of one neuron, whose a is in it.
  private func oneNeuron() throws -> String {
    let file = try reader("one.nc")
    let a = try file.read("output_weight", in: file.group("width_1", in: file.group("measure")))[0]
    return
      "one.nc: a, norm(w): nets of width 1: step 0: a is \(a) for every particle; a bandwidth rule"
      + " needs different values (--bandwidth with a number does not)"
  }

  @Test(.enabled(if: (try? Gnuplot()) != nil, "gnuplot is not installed"))
  func figures() throws {
    try solve()
    try train()
    let result = try run([
      "density", "run.nc", "--nets", "nets.nc", "-o", "density.nc", "--grid", "24", "--quiet",
      "--figures", "figures", "--project", "a", "--project", "a,norm(w),w[0]",
    ])
    #expect(result.status == 0, "\(result.errors)")
    #expect(try run(["plot", "density.nc", "-o", "again"]).status == 0)
    #expect(
      try run([
        "density", "nets.nc", "-o", "n.nc", "--quiet", "--figures", "alone", "--project", "a",
      ]).status == 0)
    let triple = "density_a__norm_w__w_0__of"
    for name in [
      "figures/density_a", "figures/density_a_nets", "figures/\(triple)_a__norm_w",
      "figures/\(triple)_norm_w__w_0_nets", "again/\(triple)_a__w_0", "alone/density_a_nets",
      "alone/density_a_width_32",
    ] { for format in ["svg", "png"] { #expect(folder.exists("\(name).\(format)"), "\(name)") } }
    let svg = try String(
      contentsOfFile: folder.path + "/figures/density_a_nets.svg", encoding: .utf8)
    for label in ["limit (filled)", "width 8", "width 32", "step 2"] {
      #expect(svg.contains(">\(label)<"))
    }
  }
}
