import Foundation
import InfiniteWidth

/// One full-batch gradient step of N particles on n points in D dimensions, in single precision.
public struct StepSize: Sendable {
  public let points: Int
  public let dimension: Int
  public let particles: Int
  public let representation: MeasureLimit.Representation

  public init(
    points: Int, dimension: Int, particles: Int, representation: MeasureLimit.Representation
  ) {
    self.points = points
    self.dimension = dimension
    self.particles = particles
    self.representation = representation
  }

  /// Operations of the matrix products of one step, as the sweep makes them: one product with the
  /// Gram matrix; directly two products with the inputs, or three where preactivations are made
  /// again.
  public func operations(_ activation: Activation) -> Double {
    let product = 2 * Double(points) * Double(particles)
    switch representation {
    case .preactivations: return product * Double(points)
    case .direct: return product * Double(dimension) * (activation.negativeSlope == nil ? 3 : 2)
    }
  }

  /// Takes twelve steps and times all but the first and the last.
  public func measure(_ activation: Activation) throws -> StepTime {
    let problem = try loadProblem(
      DatasetRequest(
        source: .synthetic(dimension: dimension, separation: 2, seed: 1), classes: nil,
        trainCount: points, testCount: 1, subsetSeed: nil, normalization: .none,
        regression: false))
    let settings = TrainingSettings(
      problem: problem, architecture: Architecture(activation: activation, hasBias: false),
      loss: .logistic,
      step: .meanFieldLimit(of: ReferenceNetwork(width: 128, learningRate: 0.02)), steps: 12,
      recorded: .every(12))
    let limit = MeasureLimit(
      particles: particles, replicates: 1,
      law: InitialLaw(shape: .gaussian, inputDimension: dimension), design: .antithetic,
      seed: 1, settings: settings,
      basis: InputBasis(problem, architecture: settings.architecture, span: .allInputs),
      representation: representation)
    let timer = StepTimer(steps: 12)
    _ = limit.run(in: Float.self, workers: Workers(), progress: { timer.made($0) })
    return timer.time
  }
}

public struct StepTime: Sendable {
  /// Of the fastest step.
  public let seconds: Double
  /// Processor time over elapsed time of the timed steps: below 1.7 of 2, something else ran.
  public let processorsUsed: Double
}

/// Times the steps of a run by its reports of progress.
final class StepTimer {
  private let steps: Int
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var best = Duration.seconds(1e6)
  private var start: (time: ContinuousClock.Instant, processor: Double)
  private var processors = 0.0

  init(steps: Int) {
    self.steps = steps
    last = clock.now
    start = (last, 0)
  }

  /// After so many updates. The first interval holds the initial evaluation, the last one the recorded step.
  func made(_ update: Int) {
    let now = clock.now
    if update == 1 { start = (now, processorSeconds()) }
    if update > 1, update < steps {
      best = min(best, now - last)
      processors = (processorSeconds() - start.processor) / ((now - start.time) / .seconds(1))
    }
    last = now
  }

  var time: StepTime { StepTime(seconds: best / .seconds(1), processorsUsed: processors) }
}

/// Processor time of this process so far, in seconds.
private func processorSeconds() -> Double {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
  return seconds(usage.ru_utime) + seconds(usage.ru_stime)
}

/// Operations a second of large single-precision products on all processors at once, the fastest of
/// ten rounds.
public func measurePeak() -> Double {
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
