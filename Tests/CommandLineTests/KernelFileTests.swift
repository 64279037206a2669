import Foundation
import InfiniteWidth
import Testing

/// Limits that take their kernels from a file (`limit.kernel_file`).
@Suite struct KernelFileTests: SmallExperiment {
  static let small = """
    data:
      format: csv
      train_path: points.csv
      train: 12
      test: 8
    network:
      activation: erf
      bias: true
      hidden_layers: 3
      layer_widths: [8, 20, 5]
      weight_std: 1.3
      bias_std: 0.2
      parameterization: standard
    training:
      learning_rate: 0.01
      steps: 4
    scaling: ntk
    limit:
      kernel_file: kernel.nc
      realizations: 3
    """

  let folder: Program.Folder

  init() throws {
    folder = try Self.smallFolder()
    try folder.write("points.csv", Self.points(changing: nil))
    let result = try run("kernel", "small.yaml", "-o", "kernel.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
  }

  /// Twenty points on two spirals.
  private static func points(changing changed: Int?) -> String {
    (0..<20).map { i in
      let t = Double(i) / 5 + (i == changed ? 1e-9 : 0)
      let sign = i % 2 == 0 ? 1.0 : -1.0
      return "\(sign * t * cos(t)),\(sign * t * sin(t)),\(0.5 + t),\(i % 2)\n"
    }.joined()
  }

  /// f_{k+1} = f_k - eta Theta g at every recorded step, from the numbers of both files.
  @Test func stepsAreThoseOfTheFilesKernel() throws {
    let result = try run("limit", "small.yaml", "-o", "run.nc", "--quiet")
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.errors.isEmpty)
    let file = try NetCDFReader(path: folder.path + "/run.nc")
    let kernels = try NetCDFReader(path: folder.path + "/kernel.nc")
    let gradient = try file.read("loss_gradient")
    var largest = 0.0
    var moved = 0.0
    for (name, kernel, rows) in [
      ("train_logits", "ntk_train_train", 12), ("test_logits", "ntk_test_train", 8),
    ] {
      let logits = try file.read(name)
      let theta = try kernels.read(kernel)
      for realization in 0..<3 {
        for step in 0..<4 {
          for row in 0..<rows {
            let sum = (0..<12).reduce(0) {
              $0 + theta[row * 12 + $1] * gradient[(realization * 4 + step) * 12 + $1]
            }
            let place = (realization * 5 + step) * rows + row
            largest = max(largest, abs(logits[place + rows] - logits[place] + 0.01 * sum))
            moved = max(moved, abs(logits[place + rows] - logits[place]))
          }
        }
      }
    }
    #expect(largest < 1e-14 && moved > 0.01)
    #expect(try file.text("kernel") == "file")
    #expect(try file.text("limit") == "ntk")
    let probes = try file.read("tangent_kernel_diagonal")
    let diagonal = try kernels.read("ntk_test_test")
    #expect((0..<8).allSatisfy { abs(probes[$0] - 0.01 * diagonal[$0 * 9]) < 1e-15 })
  }

  /// One hidden layer of D neurons without bias in the NTK parameterization is the network that the limit
  /// knows by itself: E[a^2] = s_w^2, and its learning rate is s_w^2 / D times that of the file's kernel.
  @Test func oneHiddenLayerIsTheLimitsOwn() throws {
    let network =
      "activation: erf\n  bias: true\n  hidden_layers: 3\n  layer_widths: [8, 20, 5]\n  weight_std: 1.3\n  bias_std: 0.2\n  parameterization: standard"
    let deviation = 1.3
    try write("deep.yaml", replacing: network, with: "activation: erf\n  weight_std: \(deviation)")
    try folder.write(
      "deep.yaml",
      try String(contentsOfFile: folder.path + "/deep.yaml", encoding: .utf8)
        .replacingOccurrences(of: "kernel.nc", with: "one.nc")
        .replacingOccurrences(of: "0.01", with: "\(0.3 / (deviation * deviation))"))
    try write(
      "own.yaml", replacing: network,
      with: """
        activation: erf
          reference_width: 3
          input_weight_std: \(deviation / 3.0.squareRoot())
          output_weight_std: \(deviation)
        """)
    try folder.write(
      "own.yaml",
      try String(contentsOfFile: folder.path + "/own.yaml", encoding: .utf8)
        .replacingOccurrences(of: "  kernel_file: kernel.nc\n", with: "")
        .replacingOccurrences(of: "learning_rate: 0.01", with: "learning_rate: 0.1"))
    for arguments in [
      ["kernel", "deep.yaml", "-o", "one.nc", "--quiet"],
      ["limit", "deep.yaml", "-o", "deep.nc", "--quiet"],
      ["limit", "own.yaml", "-o", "own.nc", "--quiet"],
    ] {
      let result = try Program.run(arguments, in: folder)
      #expect(result.status == 0, "\(result.errors)")
    }
    for name in ["train_logits", "test_logits", "tangent_kernel_diagonal"] {
      let mine = try NetCDFReader(path: folder.path + "/deep.nc").read(name)
      let theirs = try NetCDFReader(path: folder.path + "/own.nc").read(name)
      #expect(mine.count == theirs.count && mine.contains { abs($0) > 0.1 })
      let gap = zip(mine, theirs).reduce(0) { max($0, abs($1.0 - $1.1)) }
      // The jitter of the initial covariance amplifies rounding errors.
      #expect(gap < 1e-7, "\(name)")
    }
  }

  /// Without a file the limit computes the same kernels itself.
  @Test func computedKernelsAreThoseOfTheFile() throws {
    try write("own.yaml", replacing: "  kernel_file: kernel.nc\n", with: "")
    for (configuration, output) in [("small.yaml", "run.nc"), ("own.yaml", "own.nc")] {
      let result = try run("limit", configuration, "-o", output, "--quiet")
      #expect(result.status == 0, "\(result.errors)")
    }
    for name in ["train_logits", "test_logits", "tangent_kernel_diagonal", "loss_gradient"] {
      let mine = try NetCDFReader(path: folder.path + "/own.nc").read(name)
      let theirs = try NetCDFReader(path: folder.path + "/run.nc").read(name)
      #expect(mine.count == theirs.count && mine.contains { abs($0) > 0.01 })
      let gap = zip(mine, theirs).reduce(0) { max($0, abs($1.0 - $1.1)) }
      // The jitter of the initial covariance amplifies rounding errors.
      #expect(gap < 1e-7, "\(name)")
    }
    let plan = try run("limit", "own.yaml", "-o", "plan.nc", "--dry-run")
    #expect(plan.output.contains("of 3 hidden layers in the standard parameterization"))
  }

  @Test func plansAndResumesKnowTheFile() throws {
    let plan = try run("limit", "small.yaml", "-o", "run.nc", "--dry-run")
    #expect(
      plan.output.contains("from \(folder.path)/kernel.nc")
        || plan.output.contains("from kernel.nc"))
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--quiet").status == 0)
    #expect(try run("limit", "small.yaml", "-o", "run.nc", "--resume", "--quiet").status == 0)
  }

  private static let other =
    "; accepted: the settings of the kernels, or other kernels, which infwidth kernel makes of this configuration"

  @Test(arguments: [
    (
      "weight_std: 1.3", "weight_std: 1.5", 65,
      "bad.yaml:11: network.weight_std: received 1.5 where kernel.nc has 1.3\(other)"
    ),
    (
      "layer_widths: [8, 20, 5]", "layer_widths: [8, 20, 6]", 65,
      "bad.yaml:10: network.layer_widths: received [8, 20, 6] where kernel.nc has [8, 20, 5]\(other)"
    ),
    (
      "train: 12", "train: 11", 65,
      "bad.yaml:4: data.train: received 11 training points where kernel.nc has 12\(other)"
    ),
    (
      "test: 8", "test: 7", 65,
      "bad.yaml:5: data.test: received 7 test points where kernel.nc has 8\(other)"
    ),
    (
      "points.csv", "others.csv", 65,
      "kernel.nc: its training inputs are not those of the experiment; accepted: kernels of the same points"
    ),
    (
      "scaling: ntk", "scaling: mean_field", 65,
      "bad.yaml:17: scaling: received mean_field; accepted with limit.kernel_file: ntk"
    ),
    (
      "kernel_file: kernel.nc", "kernel_file: none.nc", 66,
      "none.nc: the file does not exist"
    ),
    (
      "kernel_file: kernel.nc", "kernel_file: points.csv", 65,
      "points.csv: not a NetCDF file"
    ),
    (
      "activation: erf", "activation: erf\n  initialization: pytorch_uniform", 65,
      "bad.yaml:8: network.initialization: received pytorch_uniform; accepted with kernels of deep networks: gaussian"
    ),
  ])
  func refusals(old: String, new: String, status: Int32, message: String) throws {
    try folder.write("others.csv", Self.points(changing: 3))
    try write("bad.yaml", replacing: old, with: new)
    let result = try run("limit", "bad.yaml", "-o", "run.nc")
    #expect(result.status == status)
    #expect(result.errors == "infwidth: error: \(message)\n")
    #expect(!folder.exists("run.nc"))
  }
}
