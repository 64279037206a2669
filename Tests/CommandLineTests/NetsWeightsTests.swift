import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// The weights that `infwidth train` keeps of finite nets.
@Suite struct NetsWeightsTests: SmallExperiment {
  static let small = smallConfiguration.replacing("limit:", with: "scaling: sym_default\nlimit:")
    .replacing("snapshots: [0, 6]", with: "snapshots: [3, 0, 4]")
    .replacing("widths: [8, 32]", with: "widths: [8, 600]")
  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  func train(_ output: String = "nets.nc", _ options: String...) throws -> NetCDFReader {
    let result = try Program.run(
      ["train", "small.yaml", "-o", output, "--quiet"] + options, in: folder)
    #expect(result.status == 0, "\(result.errors)")
    return try NetCDFReader(path: folder.path + "/" + output)
  }

  struct Weights {
    var a: [Double]
    var w: [Double]
  }

  /// Of all seeds and snapshots of a width.
  func weights(_ file: NetCDFReader, width: Int) throws -> Weights {
    let group = try #require(file.group("width_\(width)", in: file.group("measure")))
    #expect(try file.read("step", as: Int.self, in: group) == [0, 3, 4])
    #expect(try file.read("seed", as: Int.self, in: group) == [1, 2, 3])
    #expect(
      try file.read("mass", in: group) == Array(repeating: 1 / Double(width), count: width))
    return Weights(
      a: try file.read("output_weight", in: group), w: try file.read("input_weight", in: group))
  }

  /// From step 3 to step 4 weights move by the gradient step of the theory, with the loss gradients that
  /// the file holds: sums over points written out.
  @Test func oneStep() throws {
    let file = try train("nets.nc", "--precision", "double")
    let problem = try Experiment(LoadedConfiguration.load(path: folder.path + "/small.yaml"))
      .problem
    let (n, features, widths) = (40, 5, [8, 600])
    let gradients = try file.read("loss_gradient")
    for (index, width) in widths.enumerated() {
      let weights = try weights(file, width: width)
      // sym_default: sigma ~ d^(-1/2), eta ~ d^(1/2), around d* = 16 with sigma* = 1/4.
      let ratio = (Double(width) / 16).squareRoot()
      let sigma = 0.25 / ratio
      let (rateA, rateW) = (0.2 / (0.25 * 0.25) * ratio, 0.2 * ratio)
      for seed in [0, 2] {
        let update = ((index * 3 + seed) * 6 + 3) * n
        for neuron in [0, width / 2, width - 1] {
          func place(_ snapshot: Int) -> Int { (seed * 3 + snapshot) * width + neuron }
          let a = weights.a[place(1)]
          let w = Array(weights.w[(features * place(1))..<(features * place(1) + features)])
          var (stepA, stepW) = (0.0, [Double](repeating: 0, count: features))
          for i in 0..<n {
            let g = gradients[update + i]
            let x = (0..<features).map { problem.trainingInputs[i, $0] }
            let z = zip(w, x).reduce(0) { $0 + $1.0 * $1.1 }
            stepA += g * (z >= 0 ? z : 0.1 * z)
            for j in 0..<features { stepW[j] += g * a * (z >= 0 ? 1 : 0.1) * x[j] }
          }
          #expect(abs(stepA) > 1e-6)
          #expect(abs(weights.a[place(2)] - (a - rateA * sigma * stepA)) < 1e-12)
          for j in 0..<features {
            #expect(
              abs(weights.w[features * place(2) + j] - (w[j] - rateW * sigma * stepW[j])) < 1e-12)
          }
        }
      }
    }
  }

  /// Initial hatted weights are the same numbers at every width, of the law's deviations; what is kept in
  /// single precision is the same to rounding.
  @Test func initialWeights() throws {
    let (double, single) = (try train("d.nc", "--precision", "double"), try train("s.nc"))
    let (narrow, wide) = (try weights(double, width: 8), try weights(double, width: 600))
    for seed in 0..<3 {
      let (first, other) = (seed * 3 * 8, seed * 3 * 600)
      #expect(narrow.a[first..<(first + 8)] == wide.a[other..<(other + 8)])
      #expect(narrow.w[(5 * first)..<(5 * first + 40)] == wide.w[(5 * other)..<(5 * other + 40)])
    }
    let initial = (0..<3).flatMap { wide.a[($0 * 1800)..<($0 * 1800 + 600)] }
    let square = initial.reduce(0) { $0 + $1 * $1 } / 1800
    // PyTorch's deviation 1/sqrt(3); four standard errors of 1800 squares.
    #expect(abs(3 * square - 1) < 4 * (2.0 / 1800).squareRoot())
    #expect(largestDifference(try weights(single, width: 600).a, wide.a) < 1e-5)
  }

  @Test func withoutSnapshots() throws {
    try write("small.yaml", replacing: "snapshots: [3, 0, 4]", with: "every: 1")
    #expect(try train().group("measure") == nil)
  }

  /// Networks that diverge leave NaN at the snapshots that they do not reach.
  @Test func divergence() throws {
    try write("small.yaml", replacing: "learning_rate: 0.2", with: "learning_rate: 1.0e+200")
    let file = try train()
    let group = try #require(file.group("width_8", in: file.group("measure")))
    let a = try file.read("output_weight", in: group)
    #expect(a[0..<8].allSatisfy(\.isFinite) && a[16..<24].allSatisfy { !$0.isFinite })
    let result = try run("density", "nets.nc", "-o", "x.nc", "--quiet", "--project", "a")
    #expect(result.status == 65)
    #expect(
      result.errors
        == "infwidth: error: nets.nc: a is nan for a neuron of the nets of width 8 at step 3: the run"
        + " diverged before, or w is 0, which has no angle; choose other --snapshots or another"
        + " projection\n")
  }
}
