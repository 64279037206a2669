import Checkpoints
import DataIO
import Dynamics
import Measures
import Networks
import ParticleSystems

/// The limit with given initial functions, one realization each, in the place of draws of its Gaussian
/// process: what it predicts for networks whose initial functions are these.
struct PairedLimit {
  private let job: LimitJob
  private let settings: TrainingSettings
  private var kernels: LimitKernels
  private let projector: ParticleProjector?
  private let largestLaw: Int

  /// Numbers of particles that are simulated side by side, at most (or one realization). Not by the
  /// machine's memory, on which results must not depend.
  private static let numbersAtOnce = 1 << 28

  /// - Parameters:
  ///   - particles: of each realization, where the measure moves.
  ///   - projector: of the axes of laws of the weights; `nil` where none are wanted.
  ///   - largestLaw: particles that a law is made of, at most.
  init(_ job: LimitJob, particles: Int, projector: ParticleProjector?, largestLaw: Int = 1 << 16)
    throws
  {
    var job = job
    job.particles = particles
    job.realizations = 1
    self.job = job
    var settings = job.settings
    if projector == nil { settings.snapshots = [] }
    self.projector = projector
    self.largestLaw = largestLaw
    self.settings = settings
    kernels = try LimitKernels(job, givesFunctions: true)
  }

  /// - Parameters:
  ///   - networks: in the limit's units; their step 0 gives the functions.
  ///   - first: number of the first realization, so that those of different calls are independent.
  ///   - units: of the run's checkpoints.
  /// - Returns: one member a network, and the laws of the weights by step, one a network.
  /// - Throws: what belongs to checkpoints.
  func run(
    _ networks: Trajectory, first: Int, units: CheckpointUnits = CheckpointUnits(nil),
    progress: (RunProgress) -> Void
  ) throws -> (trajectory: Trajectory, laws: [Int: [WeightLaw]]) {
    func rows(_ values: [Double], points: Int) -> [[Double]] {
      let size = points * networks.outputs
      return (0..<networks.members).map { member in
        let start = member * networks.steps.count * size
        return Array(values[start..<(start + size)])
      }
    }
    let training = rows(networks.trainingLogits, points: networks.trainingPoints)
    let test = rows(networks.testLogits, points: networks.testPoints)
    func report(_ start: Int, _ count: Int, _ update: Int) {
      let done = Double(start) + Double(count) * Double(update) / Double(max(settings.steps, 1))
      progress(
        RunProgress(
          fraction: done / Double(networks.members), activity: "paired limit, step \(update)"))
    }
    guard let basis = job.basis else {
      let limit = KernelLimit(
        kernels: kernels.tangent, settings: settings, rule: job.rule,
        initialFunctions: (training, test), flowTolerance: job.flowTolerance)
      let trajectory = try units.training(empty(networks.members)) { action in
        try limit.run(progress: { report(0, networks.members, $0) }, atBoundary: action)
      }
      return (trajectory, [:])
    }
    let numbers = job.representation!.numbers(settings: settings, coordinates: basis.coordinates)
    let atOnce = max(1, Self.numbersAtOnce / (numbers * job.particles))
    var parts: [Trajectory] = []
    var laws: [Int: [WeightLaw]] = [:]
    for start in stride(from: 0, to: networks.members, by: atOnce) {
      let range = start..<min(start + atOnce, networks.members)
      var own = kernels
      own.initialFunctions = (Array(training[range]), Array(test[range]))
      let limit = job.measureLimit(
        settings, basis, own,
        firstRandomization: (1 << 20) + (first + start) * (job.replicates + 4))
      let units = units.part("realizations \(start + 1) to \(range.upperBound)")
      let memory = try projector.map {
        try RealizedLaws(
          job, limit, $0, firstDraw: (first + start) * job.particles, clouds: networks.members,
          largest: largestLaw, units)
      }
      parts.append(
        try units.training(empty(range.count)) { action in
          switch job.options.precision {
          case .single:
            try run(limit, in: Float.self, memory, action) { report(start, range.count, $0) }
          case .double:
            try run(limit, in: Double.self, memory, action) { report(start, range.count, $0) }
          }
        })
      for (step, own) in memory?.laws() ?? [:] { laws[step, default: []] += own }
    }
    return (Self.joined(parts), laws.filter { $0.value.count == networks.members })
  }

  private func run<Scalar: ParticleScalar>(
    _ limit: MeasureLimit, in precision: Scalar.Type, _ memory: RealizedLaws?,
    _ action: @escaping BoundaryAction, progress: (Int) -> Void
  ) throws -> Trajectory {
    try limit.run(
      in: precision, workers: job.options.workers, progress: progress, atBoundary: action,
      snapshot: { try memory?.write($1, step: $0) })
  }

  /// Of so many realizations.
  private func empty(_ members: Int) -> Trajectory {
    Trajectory(members: members, settings: settings, hasError: false)
  }

  /// Members one after another; the stated errors are root mean squares.
  private static func joined(_ parts: [Trajectory]) -> Trajectory {
    guard parts.count > 1 else { return parts[0] }
    var result = Trajectory(joining: parts)
    let members = Double(result.members)
    result.testLogitsError = result.testLogitsError.indices.map { step in
      (parts.reduce(0) {
        $0 + Double($1.members) * $1.testLogitsError[step] * $1.testLogitsError[step]
      } / members).squareRoot()
    }
    result.testLossStandardError = parts.flatMap(\.testLossStandardError)
    result.trainingLossStandardError = parts.flatMap(\.trainingLossStandardError)
    result.tangentKernelDiagonalStandardError = parts.flatMap(
      \.tangentKernelDiagonalStandardError)
    result.tangentKernelStandardError = parts.flatMap(\.tangentKernelStandardError)
    return result
  }
}
