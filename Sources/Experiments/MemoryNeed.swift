import Diagnostics
import Dynamics
import Execution
import Foundation
import Measures
import MessagePassing
import Networks
import ParticleSystems

/// Refuses, before anything starts, what cannot fit the memory that is left beside the data.
///
/// - Parameters:
///   - bytes: of the subject.
///   - others: of what else the run will need.
///   - what: the subject of the sentence, for example "16384 particles with 64 features need".
///   - advice: what to lower.
func checkMemory(
  bytes: Double, beside others: Double = 0, what: String, key: String, advice: String
) throws {
  let available = max(0, MachineMemory.available)
  guard bytes + others > available else { return }
  func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
  let rest = others >= 1e8 ? " beside \(gigabytes(others)) of other things" : ""
  throw Diagnostic(
    .badInput,
    "\(what) up to \(gigabytes(bytes)) of memory\(rest), \(gigabytes(available)) are left; \(advice)",
    key: key)
}

extension TrainingSettings {
  /// Bytes of the record of `members` realizations or seeds, with standard errors, twice: while it is made
  /// and while it is written.
  func recordBytes(members: Int) -> Double {
    let entries = pairsProbes ? probes + probes * probes : probes
    let points = Double(problem.trainingCount + problem.testCount + entries)
    // Counting the recorded steps without listing them: there may be too many to list.
    let rows: Double =
      switch recorded {
      case .every(let stride): Double(steps / stride + 2)
      case .logarithmic: 11 + 10 * log10(Double(steps) + 1)
      }
    let gradients =
      recordsLossGradient ? Double(steps) * Double(problem.trainingCount) : 0
    return 32 * Double(members) * (rows * points + gradients) * Double(outputs)
  }

  func checkRecord(members: Int, of name: String) throws {
    let gradients =
      recordsLossGradient ? " or no loss gradients (record.loss_gradient: false)" : ""
    try checkMemory(
      bytes: recordBytes(members: members),
      what: "the record of \(steps) steps, \(problem.trainingCount) training and"
        + " \(problem.testCount) test points and \(members) \(members == 1 ? String(name.dropLast()) : name) needs",
      key: "record.every",
      advice: "record fewer steps\(gradients), or lower training.steps, data.test or the number of"
        + " \(name)")
  }
}

extension Experiment {
  /// Numbers that a particle or neuron (a, w) has.
  var parameterCount: Int { featureCount + problem.outputs }

  /// Bytes of particles: their parameters, up to as much again for the kept signs (`ParticleSweep`),
  /// and as much again for what the optimizer remembers.
  func particleBytes(_ particles: Int, precision: Precision) -> Double {
    (reference.optimizer == .gradientDescent ? 2 : 3)
      * Double(particles) * Double(parameterCount) * Double(precision.bytes)
  }
}

extension LimitJob {
  /// Bytes of the particles of all realizations and of the halves beside them; of driven particles those
  /// of one group, and the record of every replicate.
  var particleBytes: Double {
    guard let basis else { return 0 }
    if isDriven { return drivenBytes(basis) }
    let outputs = experiment.problem.outputs
    let state: Int
    switch representation! {
    case .direct:
      state = (flowTolerance == nil ? 2 : FlowSettings.copies) * (basis.coordinates + outputs)
    case .preactivations: state = 2 * experiment.problem.trainingCount + outputs
    }
    let memory = experiment.reference.optimizer == .gradientDescent ? 1 : 1.5
    let halves = replicates >= 4 ? 1 + 2 / Double(replicates) : 1
    // Small sets are there twice, for single steps and for what the large sets do.
    let large = state + (rank?.count ?? 0)
    let numbers =
      Double(particles + smallParticles) * Double(large) + Double(smallParticles * state)
    return memory * halves * numbers * Double(realizations)
      * Double(options.precision.bytes)
  }

  /// Bytes of the kernels of a frozen measure, while they are averaged and cut.
  var kernelBytes: Double {
    let points = Double(experiment.problem.trainingCount + experiment.problem.testCount)
    return 8 * points * points * Double(3 + replicates)
  }

  /// Bytes, on this machine, of the sampled kernels of every system and the exact one, for control variates.
  var controlBytes: Double {
    guard controlsKernel else { return 0 }
    let n = Double(experiment.problem.trainingCount)
    let all = n + Double(experiment.problem.testCount)
    let halves = replicates >= 4 ? 4.0 : 0
    let systems = (Double(replicates) + halves) * Double(realizations)
    let ranks = options.workers.ranks
    return 2 * n * all
      * (systems * ranks.machineShare * Double(options.precision.bytes)
        + 2 * 8 * Double(ranks.countOnMachine))
  }

  private func drivenBytes(_ basis: InputBasis) -> Double {
    let settings = settings
    let numbers = representation!.numbers(settings: settings, coordinates: basis.coordinates)
    let memory = experiment.reference.optimizer == .gradientDescent ? 1 : 1.5
    return memory
      * Double(min(particles, DrivenParticles.particlesAtOnce(numbersEach: numbers)))
      * Double(numbers) * Double(options.precision.bytes)
      + settings.recordBytes(members: replicates) / 4
  }
}
