import DataIO
import Execution
import Experiments
import Foundation
import Networks
import ParticleSystems
import Testing

/// The folder with real image data, which is not part of the package.
let imageData =
  ProcessInfo.processInfo.environment["INFINITEWIDTH_DATA"]
  ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("../shared/data").standardized.path

@Suite struct PublishedRunTests {
  /// The experiment that comes with the package, on the real CIFAR-10 images of two classes, against
  /// Figure 1 of arXiv 2003.05884: after 50 steps the limit's test loss is near 0.41 and its training
  /// loss near 0.36. The images here are a lossy re-encoding and the figure is read by eye: 0.015.
  @Test(
    .enabled(
      if: FileManager.default.fileExists(atPath: imageData + "/cifar2/train.bin"),
      "no CIFAR-10 images: INFINITEWIDTH_DATA does not name a folder with cifar2/train.bin"))
  func meanFieldLimitOnCIFAR2MatchesTheFigure() throws {
    let folder = NSTemporaryDirectory() + "infwidth-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/cifar2", withDestinationPath: imageData + "/cifar2")
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("data/experiments/cifar2-golikov.yaml")
    let text = try String(contentsOf: source, encoding: .utf8)
      // The test points are needed at the end only.
      .replacingOccurrences(of: "every: 1", with: "every: 50")
    let loaded = try LoadedConfiguration.parse(text: text, path: folder + "/config.yaml")
    let experiment = try Experiment(loaded)
    #expect(experiment.problem.trainingCount == 1000)
    #expect(experiment.problem.inputDimension == 3072)
    let job = try LimitJob(
      experiment, options: RunOptions(commandLine: "test"), particles: 4096)
    let trajectory = try job.run(output: folder + "/run.nc").trajectory
    #expect(trajectory.steps == [0, 50])
    #expect(abs(trajectory.testLoss[1] - 0.41) < 0.015)
    #expect(abs(trajectory.trainingLoss[1] - 0.36) < 0.015)
    #expect(trajectory.testAccuracy[1] > 0.8)
  }
}
