import Foundation
import InfiniteWidth
import Testing

/// What `infwidth predict` refuses, in words.
@Suite struct PredictRefusalTests: SmallExperiment {
  static let small = predictionConfiguration

  let folder: Program.Folder

  init() throws { folder = try Self.smallFolder() }

  @Test(arguments: [
    (
      "loss: squared", "loss: logistic",
      "bad.yaml:15: training.loss: received logistic; accepted by predictions, which are closed forms: squared (a limit with limit.kernel_file trains with any loss)"
    ),
    (
      "steps: 20", "steps: 20\n  optimizer: rmsprop",
      "bad.yaml:18: training.optimizer: received rmsprop; accepted with prediction.dynamics discrete: gd, momentum"
    ),
    (
      "steps: 20", "steps: 20\n  batch: 5",
      "bad.yaml:18: training.batch: received 5; accepted by predictions: full"
    ),
    (
      "times: [infinity, 5, 20]", "times: [infinity, 2.5]",
      "bad.yaml:23: prediction.times: received 2.5; accepted with prediction.dynamics discrete: whole numbers up to 2147483647, or infinity"
    ),
    (
      "times: [infinity, 5, 20]", "times: [soon]",
      "bad.yaml:23: prediction.times: received soon; accepted: a number of at least 0, or infinity"
    ),
    (
      "times: [infinity, 5, 20]", "times: [5, 5.0]",
      "bad.yaml:23: prediction.times: the time 5 is listed twice"
    ),
    (
      "times: [infinity, 5, 20]", "times: []",
      "bad.yaml:23: prediction.times: received an empty list; accepted: a list of times, at least one"
    ),
    (
      "noise_std: 0.3", "noise_std: -1",
      "bad.yaml:25: prediction.noise_std: received -1; accepted: a number of at least 0"
    ),
    (
      "noise_std: 0.3", "noise_sd: 0.3",
      "bad.yaml:25: prediction.noise_sd: unknown key; did you mean noise_std?"
    ),
    (
      "train: 24", "train: 40000",
      "bad.yaml:4: data.train: received 40000 training points; accepted by predictions: up to 32766"
    ),
    (
      "weight_std: 1.4", "weight_std: 1e200",
      "bad.yaml:6: network: a kernel is not finite in double precision; lower network.weight_std or the inputs"
    ),
  ])
  func refusals(old: String, new: String, message: String) throws {
    try write("bad.yaml", replacing: old, with: new)
    let result = try run("predict", "bad.yaml", "-o", "p.nc")
    #expect(result.status == 65)
    #expect(result.errors.contains("infwidth: error: \(message)\n"), "\(result.errors)")
    #expect(folder.contents() == ["bad.yaml", "small.yaml"])
  }

  @Test func moreRefusals() throws {
    try write("fast.yaml", replacing: "learning_rate: 0.01", with: "learning_rate: 10")
    let fast = try run("predict", "fast.yaml", "-o", "p.nc", "--quiet")
    #expect(fast.status == 65)
    #expect(
      fast.errors.hasPrefix(
        "infwidth: error: fast.yaml:16: training.learning_rate: received 10.0, with which gradient descent"
          + " diverges; accepted with prediction.dynamics discrete: below "), "\(fast.errors)")
    // Flow has no such bound.
    try write("flow.yaml", replacing: "dynamics: discrete", with: "dynamics: flow")
    try folder.write(
      "flow.yaml",
      try String(contentsOfFile: folder.path + "/flow.yaml", encoding: .utf8)
        .replacingOccurrences(of: "learning_rate: 0.01", with: "learning_rate: 10"))
    #expect(try run("predict", "flow.yaml", "-o", "flow.nc", "--quiet").status == 0)
    try folder.write(
      "bare.yaml",
      "data: {format: synthetic, dimension: 2, train: 5, test: 3}\nnetwork: {activation: relu}\nprediction: {times: [3, infinity]}\n"
    )
    let bare = try run("predict", "bare.yaml", "-o", "p.nc")
    #expect(
      bare.errors
        == "infwidth: error: bare.yaml:3: prediction.times: received 3, but there is no section training whose learning_rate it counts steps of; accepted without it: 0, infinity\n"
    )
    try write("large.yaml", replacing: "test: 15", with: "test: 400000")
    let large = try run("predict", "large.yaml", "-o", "p.nc")
    #expect(large.status == 65)
    #expect(
      large.errors.contains(
        "large.yaml:4: data.train: predictions from 24 training points at 400000 test points need up to 640"
      )
        && large.errors.hasSuffix(
          "; lower data.train or data.test, or leave prediction.covariance out\n"),
      "\(large.errors)")
    #expect(try run("kernel", "small.yaml", "-o", "kernel.nc", "--quiet").status == 0)
    try write("other.yaml", replacing: "weight_std: 1.4", with: "weight_std: 1.5")
    let other = try run("predict", "other.yaml", "-o", "p.nc", "--kernels", "kernel.nc")
    #expect(
      other.errors.contains(
        "other.yaml:11: network.weight_std: received 1.5 where kernel.nc has 1.4"),
      "\(other.errors)")
    let same = try run(
      "predict", "small.yaml", "-o", "kernel.nc", "--kernels", "kernel.nc", "--force")
    #expect(same.status == 74)
    let density = try run("density", "flow.nc", "-o", "d.nc")
    #expect(
      density.errors
        == "infwidth: error: flow.nc: received predictions; accepted: a limit, written by infwidth limit, or finite nets, written by infwidth train\n"
    )
  }
}
