import Dynamics
import Execution
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

/// Logits corrected by the exact initial kernel.
@Suite struct ControlVariateTests {
  static let workers = Workers(count: 2)
  static let slope = 0.1
  let law = InitialLaw(shape: .gaussian, inputDimension: 3)

  func settings(
    rate: Double, steps: Int, recorded: RecordedSteps = .every(1), momentum: Double = 0,
    batches: BatchSchedule = .full
  ) -> TrainingSettings {
    TrainingSettings(
      problem: smallProblem(),
      architecture: Architecture(activation: .leakyReLU(slope: Self.slope), hasBias: false),
      loss: .logistic,
      step: .meanFieldLimit(
        of: ReferenceNetwork(
          width: 16, learningRate: rate,
          optimizer: momentum == 0 ? .gradientDescent : .momentum(momentum))), steps: steps,
      batches: batches, recorded: recorded)
  }

  /// The initial kernel between training points and all points in closed form (Cho and Saul 2009):
  /// with t the angle between x and x', r = |x| |x'| sin t, E[phi' phi'] = (1 + slope^2) / 2 -
  /// c t and E[phi phi] = deviation^2 (c r + x.x' E[phi' phi']), c = (1 - slope)^2 / (2 pi).
  func exactKernel(_ settings: TrainingSettings) -> InitialKernelParts {
    let training = settings.problem.trainingInputs
    let all = training.elements + settings.problem.testInputs.elements
    let points = all.count / 3
    let step = settings.step
    let variance = law.inputWeightDeviation * law.inputWeightDeviation
    let outputVariance = law.outputWeightDeviation * law.outputWeightDeviation
    let c = (1 - Self.slope) * (1 - Self.slope) / (2 * Double.pi)
    var output = Matrix<Double>(rows: training.rows, columns: points, repeating: 0)
    var input = output
    for i in 0..<training.rows {
      let x = Array(training.row(i))
      for j in 0..<points {
        let y = Array(all[(3 * j)..<(3 * j + 3)])
        let product = dot(x, y)
        let r = max(dot(x, x) * dot(y, y) - product * product, 0).squareRoot()
        let slopes = (1 + Self.slope * Self.slope) / 2 - c * atan2(r, product)
        output[i, j] =
          step.logitScale * step.outputStep * variance * (c * r + product * slopes)
        input[i, j] = step.logitScale * step.inputStep * outputVariance * slopes * product
      }
    }
    return InitialKernelParts(output: output, input: input)
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func run(
    _ settings: TrainingSettings, design: String, particles: Int, replicates: Int = 4,
    seed: UInt64, isControlled: Bool
  ) -> Trajectory {
    MeasureLimit(
      particles: particles, replicates: replicates, law: law, design: SampleDesign(name: design)!,
      seed: seed, settings: settings,
      basis: InputBasis(
        settings.problem, architecture: settings.architecture, span: .trainingInputs),
      exactKernel: isControlled ? exactKernel(settings) : nil, estimatesBias: false
    ).run(in: Double.self, workers: Self.workers)
  }

  func rms(_ a: [Double], _ b: [Double]) -> Double {
    (zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Double(a.count)).squareRoot()
  }

  /// After one step of a tiny rate the exact logits are -K g(0) but for O(rate^2), with g(0) the loss
  /// gradients at zero logits, -y / (2 n). What is left of the sample's error is the rounding of the
  /// regression (a shift of 1e-4 of its normal equations).
  @Test(arguments: ["antithetic", "quadruples", "sobol+antithetic"])
  func theFirstStepIsExactToSecondOrder(design: String) {
    let settings = settings(rate: 1e-5, steps: 1)
    let kernel = exactKernel(settings)
    let labels = settings.problem.trainingLabels
    let exact = (0..<35).map { j in
      (0..<20).reduce(0) { $0 + (kernel.output[$1, j] + kernel.input[$1, j]) * labels[$1] / 40 }
    }
    let size = rms(exact, exact.map { _ in 0 })
    func error(_ isControlled: Bool) -> Double {
      let trajectory = run(
        settings, design: design, particles: 1024, seed: 3, isControlled: isControlled)
      let training = rms(Array(trajectory.trainingLogits.suffix(20)), Array(exact[..<20]))
      let test = rms(Array(trajectory.testLogits.suffix(15)), Array(exact[20...]))
      return max(training, test) / size
    }
    #expect(error(true) < 2e-4)
    #expect(error(true) < 0.05 * error(false), "\(error(false))")
    #expect(error(false) > 1e-3)
  }

  /// For a tiny rate the logits stay where the loss gradients are those at zero, so that the sum of the
  /// steps is known: with momentum m a gradient of step j has grown to (1 - m^(k - j)) / (1 - m) at step k, and
  /// that of a batch of five points is four times as large on these and zero elsewhere.
  @Test(
    arguments: [0.0, 0.6],
    [BatchSchedule.full, .batches(size: 5, shuffleSeed: nil), .batches(size: 5, shuffleSeed: 2)])
  func laterStepsAreExactToSecondOrder(momentum: Double, batches: BatchSchedule) {
    let steps = 3
    let settings = settings(rate: 1e-5, steps: steps, momentum: momentum, batches: batches)
    let kernel = exactKernel(settings)
    var sums = [Double](repeating: 0, count: 20)
    for step in 0..<steps {
      let batch = batches.indices(update: step, points: 20) ?? Array(0..<20)
      let growth = (0..<(steps - step)).reduce(0) { $0 + pow(momentum, Double($1)) }
      for i in batch {
        sums[i] += growth * settings.problem.trainingLabels[i] / Double(2 * batch.count)
      }
    }
    let exact = (0..<35).map { j in
      (0..<20).reduce(0) { $0 + (kernel.output[$1, j] + kernel.input[$1, j]) * sums[$1] }
    }
    let size = rms(exact, exact.map { _ in 0 })
    func error(_ isControlled: Bool) -> Double {
      let trajectory = run(
        settings, design: "antithetic", particles: 1024, seed: 3, isControlled: isControlled)
      let training = rms(Array(trajectory.trainingLogits.suffix(20)), Array(exact[..<20]))
      let test = rms(Array(trajectory.testLogits.suffix(15)), Array(exact[20...]))
      return max(training, test) / size
    }
    #expect(error(true) < 3e-4, "\(error(true))")
    #expect(error(false) > 1e-3)
  }

  /// With independent particles the initial logits are errors too, of which only those of the steps
  /// that follow are left.
  @Test func initialLogitsOfASampleAreTakenOff() {
    let settings = settings(rate: 0.1, steps: 1)
    for isControlled in [false, true] {
      let trajectory = run(
        settings, design: "independent", particles: 1024, seed: 3, isControlled: isControlled)
      #expect(trajectory.testLogits[..<15].allSatisfy { $0 == 0 })
      #expect(trajectory.trainingLogits[..<20].allSatisfy { $0 == 0 })
    }
    // A single simulation has no spread to take coefficients from, and keeps them.
    let single = run(
      settings, design: "independent", particles: 1024, replicates: 1, seed: 3,
      isControlled: true)
    #expect(single.testLogits[..<15].allSatisfy { $0 != 0 })
  }

  static let learning = ControlVariateTests().settings(
    rate: 0.6, steps: 25, recorded: .logarithmic)
  /// 2^17 particles in 8 simulations.
  static let reference = ControlVariateTests().run(
    learning, design: "antithetic", particles: 1 << 17, replicates: 8, seed: 1000,
    isControlled: false)

  /// Squared errors of 30 seeds against the reference: with control variates they are far smaller at
  /// the first step and at none significantly larger.
  @Test(arguments: ["independent", "antithetic", "sobol"])
  func controlNeverHarms(design: String) {
    let reference = Self.reference
    let times = reference.steps.count
    // It learns: the kernel does not stay the initial one.
    #expect(reference.trainingLoss[times - 1] < 0.7 * reference.trainingLoss[0])

    func squares(_ isControlled: Bool, seed: UInt64) -> [Double] {
      let trajectory = run(
        Self.learning, design: design, particles: 512, seed: seed, isControlled: isControlled)
      return (0..<times).map { index in
        let range = (15 * index)..<(15 * index + 15)
        let gap = rms(Array(trajectory.testLogits[range]), Array(reference.testLogits[range]))
        return gap * gap
      }
    }
    let pairs = (1...30).map {
      (with: squares(true, seed: UInt64($0)), without: squares(false, seed: UInt64($0)))
    }
    for k in 1..<times {
      let differences = pairs.map { $0.with[k] - $0.without[k] }
      let mean = differences.reduce(0, +) / 30
      let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 29
      let without = pairs.reduce(0) { $0 + $1.without[k] } / 30
      #expect(
        mean < 3 * (variance / 30).squareRoot(),
        "\(design), step \(reference.steps[k]): \(mean) \(without)")
      if k == 1 { #expect(mean < -0.5 * without, "\(design): \(mean) \(without)") }
    }
  }
}
