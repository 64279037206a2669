import Benchmark
import InfiniteWidth
import StepMeasurement

/// One step against the machine's SGEMM peak measured in the same iteration.
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
      "\(activation) \(size.representation) n=\(size.points) D=\(size.dimension)"
        + " N=\(size.particles) single",
      configuration: .init(
        metrics: [.wallClock, .peakMemoryResident, share, rate, peak], maxDuration: .seconds(60),
        maxIterations: 5)
    ) { benchmark in
      let stepRate = try size.operations(activation) / size.measure(activation).seconds
      let peakRate = measurePeak()
      benchmark.measurement(share, Int((100 * stepRate / peakRate).rounded()))
      benchmark.measurement(rate, Int(stepRate / 1e9))
      benchmark.measurement(peak, Int(peakRate / 1e9))
    }
  }
  layers()
}

/// Three hidden layers of one limit, by RMSProp.
private func layers() {
  let size = LayeredStepSize(points: 1000, dimension: 3072, particles: 2048, hiddenLayers: 3)
  let share = BenchmarkMetric.custom("SGEMM peak used, %", polarity: .prefersLarger)
  let rate = BenchmarkMetric.custom("step, GFLOP/s", polarity: .prefersLarger)
  let peak = BenchmarkMetric.custom("SGEMM peak, GFLOP/s", polarity: .prefersLarger)
  Benchmark(
    "RMSProp, \(size.hiddenLayers) hidden layers n=\(size.points) D=\(size.dimension)"
      + " N=\(size.particles) single",
    configuration: .init(
      metrics: [.wallClock, .peakMemoryResident, share, rate, peak], maxDuration: .seconds(60),
      maxIterations: 5)
  ) { benchmark in
    let stepRate = try size.operations / size.measure().seconds
    let peakRate = measurePeak()
    benchmark.measurement(share, Int((100 * stepRate / peakRate).rounded()))
    benchmark.measurement(rate, Int(stepRate / 1e9))
    benchmark.measurement(peak, Int(peakRate / 1e9))
  }
}
