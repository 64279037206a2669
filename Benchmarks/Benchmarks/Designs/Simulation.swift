import InfiniteWidth

/// What all simulations of a setting share.
struct Simulation {
  let setting: Setting
  let training: TrainingSettings
  let basis: InputBasis
  let exactKernel: InitialKernelParts
  let workers = Workers()

  /// Test logits at ``Setting/steps``, and their stated error where there are replicates.
  struct Result {
    var logits: [[Double]]
    var errors: [Double]
    /// Steps of single particles, halves beside the replicates included.
    var particleSteps: Double
    var record: MultirateRecord?
  }

  init(_ setting: Setting) {
    self.setting = setting
    training = setting.training
    basis = InputBasis(
      setting.problem, architecture: training.architecture, span: .trainingInputs)
    exactKernel = InitialKernelParts(
      law: setting.law, architecture: training.architecture, reference: setting.reference,
      problem: setting.problem, workers: workers)
  }

  /// Coordinates of a and w together.
  var coordinates: Int { basis.coordinates + 1 }

  var automatic: SampleDesign {
    SampleDesign.automatic(
      shape: .gaussian, coordinates: coordinates, outputs: 1, isHomogeneous: true,
      hasControlVariates: true)
  }

  /// With several replicates as a limit is run by default: the exact kernel's control variates, and the
  /// bias of the replicates' size removed where it shows.
  func run(
    _ design: SampleDesign, particles: Int, replicates: Int, seed: UInt64, inDouble: Bool,
    multirate: Multirate? = nil
  ) -> Result {
    let limit = MeasureLimit(
      particles: particles, replicates: replicates, law: setting.law, design: design, seed: seed,
      settings: training, basis: basis, exactKernel: replicates > 1 ? exactKernel : nil,
      multirate: multirate)
    let trajectory =
      inDouble
      ? limit.run(in: Double.self, workers: workers) : limit.run(in: Float.self, workers: workers)
    let points = trajectory.testPoints
    let places = Setting.steps.map { trajectory.steps.firstIndex(of: $0)! }
    return Result(
      logits: places.map { Array(trajectory.testLogits[($0 * points)..<(($0 + 1) * points)]) },
      errors: trajectory.testLogitsError.isEmpty
        ? [] : places.map { trajectory.testLogitsError[$0] },
      particleSteps: trajectory.multirate?.particleSteps
        ?? Double(particles * training.steps)
        * (limit.estimatesBias ? 1 + 2 / Double(replicates) : 1),
      record: trajectory.multirate)
  }
}
