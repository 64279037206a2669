import Benchmark
import InfiniteWidth

/// One full-batch gradient step of N particles on n points in D dimensions, against the machine's
/// SGEMM peak measured in the same iteration.
struct StepSize {
  let points: Int
  let dimension: Int
  let particles: Int
  let representation: MeasureLimit.Representation

  /// Operations of the matrix products of one step, as the sweep makes them: one product with the
  /// Gram matrix; directly two products with the inputs, or three where preactivations are made
  /// again.
  func operations(_ activation: Activation) -> Double {
    let product = 2 * Double(points) * Double(particles)
    switch representation {
    case .preactivations: return product * Double(points)
    case .direct: return product * Double(dimension) * (activation.negativeSlope == nil ? 3 : 2)
    }
  }

  var name: String { "\(representation) n=\(points) D=\(dimension) N=\(particles) single" }
}

let benchmarks: @Sendable () -> Void = {
  let wide = StepSize(
    points: 1024, dimension: 3072, particles: 16384, representation: .preactivations)
  let square = StepSize(
    points: 1024, dimension: 1024, particles: 16384, representation: .direct)
  for (size, activation) in [
    (wide, Activation.leakyReLU(slope: 0.1)), (wide, .tanh),
    (square, .leakyReLU(slope: 0.1)), (square, .tanh),
  ] {
    let share = BenchmarkMetric.custom("SGEMM peak used, %", polarity: .prefersLarger)
    let rate = BenchmarkMetric.custom("step, GFLOP/s", polarity: .prefersLarger)
    let peak = BenchmarkMetric.custom("SGEMM peak, GFLOP/s", polarity: .prefersLarger)
    Benchmark(
      "\(activation) \(size.name)",
      configuration: .init(
        metrics: [.wallClock, .peakMemoryResident, share, rate, peak], maxDuration: .seconds(60),
        maxIterations: 5)
    ) { benchmark in
      let stepRate = measureStep(size, activation)
      let peakRate = measurePeak()
      benchmark.measurement(share, Int((100 * stepRate / peakRate).rounded()))
      benchmark.measurement(rate, Int(stepRate / 1e9))
      benchmark.measurement(peak, Int(peakRate / 1e9))
    }
  }
}

/// Operations a second of the fastest of ten steps.
func measureStep(_ size: StepSize, _ activation: Activation) -> Double {
  let problem = try! loadProblem(
    DatasetRequest(
      source: .synthetic(dimension: size.dimension, separation: 2, seed: 1), classes: nil,
      trainCount: size.points, testCount: 1, subsetSeed: nil, normalization: .none,
      regression: false))
  let settings = TrainingSettings(
    problem: problem, architecture: Architecture(activation: activation, hasBias: false),
    loss: .logistic,
    step: .meanFieldLimit(of: ReferenceNetwork(width: 128, learningRate: 0.02)), steps: 12,
    recorded: .every(12))
  let limit = MeasureLimit(
    particles: size.particles, replicates: 1,
    law: InitialLaw(shape: .gaussian, inputDimension: size.dimension), design: .antithetic,
    seed: 1, settings: settings,
    basis: InputBasis(problem, architecture: settings.architecture, span: .allInputs),
    representation: size.representation)
  let clock = ContinuousClock()
  var last = clock.now
  var best = Duration.seconds(1e6)
  _ = limit.run(
    in: Float.self, workers: Workers(),
    progress: { update in
      let now = clock.now
      // The first interval is the initial evaluation.
      if update > 1 { best = min(best, now - last) }
      last = now
    })
  return size.operations(activation) / (best / .seconds(1))
}

/// Operations a second of large products on all processors at once, the fastest of ten rounds.
func measurePeak() -> Double {
  let workers = Workers()
  let (m, n, k) = (2048, 2048, 2048)
  let inputs = AlignedBuffer<Float>(count: (m + n) * k, repeating: 1)
  let outputs = AlignedBuffer<Float>(count: workers.count * m * n, repeating: 0)
  let clock = ContinuousClock()
  var best = Duration.seconds(1e6)
  for _ in 0..<10 {
    let time = clock.measure {
      workers.forEach(workers.count) { _, worker in
        Float.multiply(
          inputs.base, transposed: false, leading: k, inputs.base + m * k, transposed: true,
          leading: k, into: outputs.base + worker * m * n, leading: n, m: m, n: n, k: k, alpha: 1,
          beta: 0)
      }
    }
    best = min(best, time)
  }
  return Double(2 * workers.count * m) * Double(n) * Double(k) / (best / .seconds(1))
}
