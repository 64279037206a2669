import Execution
import Foundation
import Testing

@testable import Experiments

/// Time and memory of a run, before it.
@Suite struct PilotTests {
  private func job(_ scaling: String, _ limit: String, steps: Int) throws -> LimitJob {
    let text = """
      data: {format: synthetic, dimension: 4, train: 12, test: 5}
      network: {activation: leaky_relu, slope: 0.1, reference_width: 16}
      training: {learning_rate: 0.1, steps: \(steps)}
      scaling: \(scaling)
      limit: {\(limit)}
      """
    return try LimitJob(
      Experiment(LoadedConfiguration.parse(text: text, path: "pilot.yaml")),
      options: RunOptions(workers: Workers(count: 1), commandLine: "test"))
  }

  /// The whole is that of the pilot times its operations, which are in proportion to particles and steps.
  @Test func longRunsAreScaledUp() throws {
    let job = try job("mean_field", "particles: 65536, replicates: 8", steps: 100_000)
    let pilot = try job.runPilot()
    #expect(pilot.particles == 4096 && pilot.steps < 5000)
    let share = 16 * 100_000 / Double(pilot.steps)
    // The pilot's steps took 0.4 seconds or more, and not hours.
    #expect(pilot.seconds > 0.4 * share && pilot.seconds < 3600 * share)
    let plan = job.plan(pilot: pilot)
    #expect(plan.seconds == pilot.seconds)
    #expect(plan.bytes > job.particleBytes && plan.bytes < 2e9)
  }

  @Test(arguments: [
    ("mean_field", "particles: 512, replicates: 4"), ("ntk", "realizations: 2"),
    ("ic_mean_field", "particles: 512, replicates: 4, realizations: 2"),
    ("mean_field", "particles: 512, replicates: 4, dynamics: flow, integrator_tolerance: 1.0e-4"),
    ("mean_field", "particles: 512, replicates: 4, multirate: 4"),
  ]) func shortRunsAreTheirOwnPilots(scaling: String, limit: String) throws {
    let job = try job(scaling, limit, steps: 3)
    let pilot = try job.runPilot()
    #expect(pilot.steps == 3 && pilot.particles == job.particles)
    #expect(pilot.seconds > 0 && pilot.seconds < 60)
  }

  @Test func words() {
    #expect(Pilot.words(0.001) == "0.01 seconds")
    #expect(Pilot.words(0.5) == "0.50 seconds")
    #expect(Pilot.words(7.25) == "7.2 seconds")
    #expect(Pilot.words(119) == "119 seconds")
    #expect(Pilot.words(600) == "10 minutes")
    #expect(Pilot.words(9000) == "2.5 hours")
    #expect(Pilot.words(864_000) == "10 days")
  }

  @Test func memoryOfTheProcess() {
    let before = MachineMemory.resident
    let bytes = 64 << 20
    let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
    // Other tests run beside this one.
    #expect(MachineMemory.resident > before + 0.25 * Double(bytes))
    #expect(MachineMemory.peak >= Double(bytes))
    #expect(MachineMemory.peak <= MachineMemory.limit)
  }
}
