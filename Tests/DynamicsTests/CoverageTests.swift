import Dynamics
import Execution
import Kernels
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import Testing

/// Whether the truth lies within the stated errors as often as it should: over 200 seeds within one
/// standard error in 60 to 76 %, within two in 92 to 98 % of the logits, losses and kernel entries.
@Suite struct CoverageTests {
  /// Two coordinates of w and four replicates of the spherical rule; three and twelve coordinates and
  /// eight of a scrambled Sobol' sequence with matched moments, control variates and the removal of the
  /// bias.
  @Test(arguments: [2, 3, 12]) func standardErrorsCoverTheTruth(dimension: Int) {
    let limit = { (particles: Int, seed: UInt64) in
      coverageLimit(dimension: dimension, particles: particles, seed: seed)
    }
    let workers = Workers()
    let truth = limit(1 << 18, 1_000_001).run(in: Double.self, workers: workers)
    var inOne: [String: Double] = [:]
    var inTwo: [String: Double] = [:]
    let seeds = 200
    for seed in 1...seeds {
      let run = limit(1024, UInt64(seed)).run(in: Float.self, workers: workers)
      for (name, values, errors) in [
        ("logits", \Trajectory.testLogits, \Trajectory.testLogitsStandardError),
        ("training logits", \.trainingLogits, \.trainingLogitsStandardError),
        ("loss", \.testLoss, \.testLossStandardError),
        ("kernel", \.tangentKernelDiagonal, \.tangentKernelDiagonalStandardError),
      ] {
        // The initial logits and loss are exact or of no interest.
        let first = name == "kernel" ? 0 : run[keyPath: values].count / run.steps.count
        let distances = run[keyPath: values].indices.dropFirst(first).map {
          abs(run[keyPath: values][$0] - truth[keyPath: values][$0]) / run[keyPath: errors][$0]
        }
        let share = { (bound: Double) in
          Double(distances.count { $0 < bound }) / Double(distances.count)
        }
        inOne[name, default: 0] += share(1) / Double(seeds)
        inTwo[name, default: 0] += share(2) / Double(seeds)
      }
    }
    for name in inOne.keys.sorted() {
      #expect((0.60...0.76).contains(inOne[name]!), "\(name): \(inOne[name]!)")
      #expect((0.92...0.98).contains(inTwo[name]!), "\(name): \(inTwo[name]!)")
    }
  }

  private func coverageLimit(dimension: Int, particles: Int, seed: UInt64) -> MeasureLimit {
    let problem = overlappingClasses(
      dimension: dimension, training: 20, test: 10, seed: 77)
    let reference = ReferenceNetwork(width: 16, learningRate: 0.2)
    let architecture = Architecture(activation: .leakyReLU(slope: 0.1), hasBias: false)
    let law = InitialLaw(shape: .gaussian, inputDimension: dimension)
    let settings = TrainingSettings(
      problem: problem, architecture: architecture, loss: .logistic,
      step: .meanFieldLimit(of: reference), steps: 20, recorded: .every(10), probes: 3)
    let basis = InputBasis(problem, architecture: architecture, span: .trainingInputs)
    let all = Matrix(
      rows: problem.trainingCount + problem.testCount, columns: dimension,
      elements: problem.trainingInputs.elements + problem.testInputs.elements)
    let kernels = InitialKernels(law: law, architecture: architecture, reference: reference)
    let matrices = kernels.matrices(
      KernelPoints(problem.trainingInputs, architecture: architecture),
      KernelPoints(all, architecture: architecture), workers: Workers(count: 1))
    let output = matrices.covariance.map { $0 * kernels.outputPerCovariance }
    let input = zip(matrices.tangent.elements, output.elements).map { $0 - $1 }
    let design = SampleDesign.automatic(
      shape: .gaussian, coordinates: basis.coordinates + 1, outputs: 1, isHomogeneous: true,
      hasControlVariates: true)
    return MeasureLimit(
      particles: particles, replicates: design.automaticReplicates, law: law, design: design,
      seed: seed, settings: settings, basis: basis,
      exactKernel: InitialKernelParts(
        output: output, input: Matrix(rows: output.rows, columns: output.columns, elements: input)))
  }
}
