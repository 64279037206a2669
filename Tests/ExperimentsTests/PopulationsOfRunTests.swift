import DeepMeanField
import Diagnostics
import Execution
import Foundation
import ParticleSystems
import Testing

@testable import Experiments

/// Populations that drive fresh particles are made again, and are checked to the bit against their file.
@Suite struct PopulationsOfRunTests {
  static let text = """
    data: {format: synthetic, dimension: 5, train: 10, test: 6}
    network: {activation: relu, hidden_layers: 2, reference_width: 16}
    training: {learning_rate: 0.3, steps: 2}
    scaling: mean_field
    limit: {particles: 64, replicates: 2, design: quadruples}
    """

  @Test func everyBitIsCompared() throws {
    let folder = NSTemporaryDirectory() + "populations-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let experiment = try Experiment(
      LoadedConfiguration.parse(text: Self.text, path: folder + "/run.yaml"),
      takesDeepNetworks: true, takesDeepScalings: true)
    let options = RunOptions(workers: Workers(count: 2), commandLine: "test")
    let path = folder + "/run.nc"
    _ = try LayeredLimitJob(experiment, options: options).run(output: path)
    let populations = try DrivenLayersJob(experiment, from: path, options: options).populations
    #expect(populations.simulations.map(\.particles) == [64])
    #expect(populations.simulations[0].designName == "quadruples")
    let job = populations.simulations[0]
    let made = job.limit.run(in: Float.self, workers: Workers(count: 1))
    try populations.check(made)
    let rest =
      " are not those of the populations that its configuration, seed and particles make here; accepted: a run of this"
      + " version of the program on this kind of processor, unchanged"
    var other = made
    other.lossGradient[13] = other.lossGradient[13].nextUp
    #expect(
      throws: Diagnostic(
        .badInput, "its loss gradients of update 1\(rest)", file: path)
    ) { try populations.check(other) }
    other = made
    other.trainingLogits[25] = -other.trainingLogits[25]
    #expect(
      throws: Diagnostic(.badInput, "its training logits at step 2\(rest)", file: path)
    ) { try populations.check(other) }
  }
}
