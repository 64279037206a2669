import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// `infwidth density` of limits and networks of two and three hidden layers.
@Suite struct LayeredDensityTests: DensityExperiment {
  static let small =
    layeredConfiguration(hiddenLayers: 2, test: 12, settings: "hidden_weight_std: 0.036") + """
      training:
        learning_rate: 0.3
        steps: 6
      scaling: mean_field
      limit:
        particles: 256
        replicates: 8
      finite:
        widths: [8, 32]
        seeds: 3
      record:
        snapshots: [0, 1, 6]
        probes: 3
      """

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  private func problem() throws -> LearningProblem {
    try Experiment(
      LoadedConfiguration.load(path: folder.path + "/small.yaml"), takesDeepNetworks: true,
      takesDeepScalings: true
    ).problem
  }

  private static func normal(_ x: Double, _ deviation: Double) -> Double {
    exp(-x * x / (2 * deviation * deviation)) / (deviation * (2 * Double.pi).squareRoot())
  }

  /// Each layer has a law of its own, over the particles of all replicates; the same bits for any threads.
  @Test func lawsOfThreeLayers() throws {
    try write(
      "three.yaml", replacing: "hidden_layers: 2\n", with: "hidden_layers: 3\n")
    let text = try String(contentsOfFile: folder.path + "/three.yaml", encoding: .utf8)
    try folder.write(
      "three.yaml",
      text.replacing("learning_rate: 0.3", with: "learning_rate: 1.0e-3\n  optimizer: rmsprop")
        .replacing("particles: 256", with: "particles: 64"))
    try solve("three.yaml")
    let result = try run([
      "density", "run.nc", "-o", "density.nc", "--grid", "24", "--figures", "figures", "--threads",
      "1",
    ])
    #expect(result.status == 0, "\(result.errors)")
    let remark =
      "no density of z2[0]; z3[0]; a, z3[0] at step 0, at which the law is a point mass at zero: initial"
      + " preactivations of networks of width d are of order d^(-1/2) above the first layer"
    #expect(result.errors.hasPrefix("infwidth: note: \(remark)\n"), "\(result.errors)")
    #expect(
      result.output.hasPrefix(
        "Densities of 512 + 512 + 128 particles in 3 hidden layers of run.nc at 3 snapshots, "),
      "\(result.output)")
    #expect(
      result.output.contains(
        "L1, Hellinger and KL (natural logarithm) from the density at the first snapshot."))
    let record = try DensityRecord.read(folder.path + "/density.nc")
    #expect(
      record.projections.map(\.expression) == [
        "a", "norm(w)", "dot(w, mean_difference)", "dot(w, pca1), dot(w, pca2)", "z2[0]", "z3[0]",
        "a, z3[0]",
      ])
    #expect(
      record.projections.map { $0.effectiveSampleSize[0].rounded() } == [
        128, 512, 512, 512, 512, 128, 128,
      ])
    #expect(
      record.projections.map(\.steps)
        == Array(repeating: [0, 1, 6], count: 4) + Array(repeating: [1, 6], count: 3))
    let file = try reader("density.nc")
    #expect(try file.text("comment") == "There is \(remark).")
    #expect(try file.text("layer_particles") == "512, 512, 128")
    for name in ["density_z2_0", "density_a__z3_0", "density_dot_w_pca1__dot_w_pca2"] {
      #expect(folder.exists("figures/\(name).png"), "\(name)")
    }
    let again = try density("--grid", "24", "--threads", "2")
    #expect(again.projections == record.projections)
    let report = try run(["report", "run.nc", "density.nc", "-o", "report.html"])
    #expect(report.status == 0, "\(report.errors)")
  }

  /// The initial laws are Gaussian, of standard deviation 1/sqrt(3 D) and 1/sqrt(3): the estimate's mean is their
  /// convolution with the kernel.
  @Test func initialWeights() throws {
    try write("many.yaml", replacing: "particles: 256", with: "particles: 1024")
    try solve("many.yaml")
    let record = try density("--project", "w[3]", "--project", "a", "--grid", "200")
    for (projection, deviation) in zip(record.projections, [15.0, 3].map { 1 / $0.squareRoot() }) {
      let width = hypot(deviation, projection.bandwidth(snapshot: 0, axis: 0))
      let exact = projection.axes[0].points.map { Self.normal($0, width) }
      let gap = largestDifference(projection.density(snapshot: 0), exact)
      #expect(gap < 0.06 * exact.max()!, "\(projection.expression): \(gap) of \(exact.max()!)")
      #expect(abs(projection.standardDeviation[0] / deviation - 1) < 0.02)
    }
    #expect(record.projections.map { $0.effectiveSampleSize[0].rounded() } == [8192, 2048])
  }

  /// Step 1 of two linear layers: z2(x) = -eta sqrt(d*) a sum_i g_i x_i.x / (3 D), a Gaussian law.
  @Test func preactivationsOfLinearLayers() throws {
    try write(
      "linear.yaml", replacing: "activation: leaky_relu\n  slope: 0.1", with: "activation: linear")
    try solve("linear.yaml")
    let problem = try problem()
    let record = try density("--project", "z2[0]", "--project", "z2[2]", "--grid", "200")
    for (projection, point) in zip(record.projections, [0, 2]) {
      let field = (0..<24).reduce(0.0) { sum, i in
        let dot = zip(problem.trainingInputs.row(i), problem.testInputs.row(point))
          .reduce(0) { $0 + $1.0 * $1.1 }
        return sum - problem.trainingLabels[i] / 48 * dot / 15
      }
      let deviation = 0.3 * 4 * abs(field) / 3.0.squareRoot()
      // Of 512 particles, whose second moment is exact.
      let factor = (512.0 / 511).squareRoot()
      #expect(abs(projection.standardDeviation[0] / (deviation * factor) - 1) < 1e-5)
      let width = hypot(deviation, projection.bandwidth(snapshot: 0, axis: 0))
      let exact = projection.axes[0].points.map { Self.normal($0, width) }
      let gap = largestDifference(projection.density(snapshot: 0), exact)
      #expect(gap < 0.1 * exact.max()!, "\(gap) of \(exact.max()!)")
    }
  }

  /// What networks keep makes their logits, f = (s/d) sum a phi(z2), and z1 = w x.
  @Test func populationsOfNetworks() throws {
    let trained = try run(
      ["train", "small.yaml", "-o", "nets.nc", "--quiet", "--precision", "double"])
    #expect(trained.status == 0 && trained.errors.isEmpty, "\(trained.errors)")
    let file = try reader("nets.nc")
    let group = try #require(file.group("width_32", in: file.group("measure")))
    let (first, second) = (
      try #require(file.group("layer_1", in: group)), try #require(file.group("layer_2", in: group))
    )
    let w = try file.read("input_weight", in: first)
    let z1 = try file.read("preactivation", in: first)
    let a = try file.read("output_weight", in: second)
    let z2 = try file.read("preactivation", in: second)
    #expect(try file.read("mass", in: second) == Array(repeating: 1 / 32.0, count: 32))
    #expect(try file.read("step", as: Int.self, in: second) == [0, 1, 6])
    let logits = try file.read("test_logits")
    let test = try problem().testInputs
    for seed in 0..<3 {
      for (snapshot, step) in [0, 1, 6].enumerated() {
        let rows = (seed * 3 + snapshot) * 32
        for p in 0..<3 {
          var f = 0.0
          for r in rows..<(rows + 32) {
            let z = z2[r * 3 + p]
            f += 4 / 32.0 * a[r] * (z >= 0 ? z : 0.1 * z)
            let own = (0..<5).reduce(0.0) { $0 + w[r * 5 + $1] * test[p, $1] }
            #expect(abs(z1[r * 3 + p] - own) < 1e-13)
          }
          // (width, seed, step, test point)
          #expect(abs(f - logits[((3 + seed) * 7 + step) * 12 + p]) < 1e-13)
        }
      }
    }
    // Alone they have densities from step 0 on.
    let result = try run([
      "density", "nets.nc", "-o", "alone.nc", "--quiet", "--project", "a,z2[0]", "--grid", "16",
    ])
    #expect(result.status == 0 && !result.errors.contains("note:"), "\(result.errors)")
    let alone = try DensityRecord.read(folder.path + "/alone.nc").projections
    #expect(alone.map(\.width) == [8, 32] && alone.allSatisfy { $0.steps == [0, 1, 6] })
  }

  /// Laws of networks approach the limit's as their width grows.
  @Test func networksApproachTheLimit() throws {
    try write(
      "wide.yaml", replacing: "widths: [8, 32]\n  seeds: 3", with: "widths: [32, 512]\n  seeds: 8")
    try solve("wide.yaml")
    #expect(try run(["train", "wide.yaml", "-o", "nets.nc", "--quiet"]).status == 0)
    let record = try density(
      "--nets", "nets.nc", "--project", "z2[1]", "--project", "w[0]", "--project", "a", "--project",
      "a,z2[1]", "--grid", "120")
    #expect(
      record.projections.map(\.width) == [nil, nil, nil, nil, 32, 32, 32, 32, 512, 512, 512, 512])
    for place in 0..<4 {
      let (limit, narrow, wide) = (
        record.projections[place], record.projections[4 + place], record.projections[8 + place]
      )
      let (far, near) = (narrow.fromLimit!.l1.last!, wide.fromLimit!.l1.last!)
      // The laws of w and of a alone are near from the start, up to noise and smoothing.
      #expect(
        limit.expression.contains("z2") ? near < 0.6 * far && near < 0.5 : near < 0.1,
        "\(limit.expression): \(far) \(near)")
      let (own, theirs) = (limit.standardDeviation.last!, wide.standardDeviation.last!)
      #expect(abs(theirs / own - 1) < 0.1, "\(limit.expression): \(own) \(theirs)")
    }
    #expect(record.projections[8].steps == [1, 6])
  }
}
