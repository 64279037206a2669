/// The section `limit`: how the limit is simulated.
public struct LimitSection: Sendable, Equatable, Codable {
  /// Default: auto.
  public var particles: CountSetting
  /// The estimated error of the logits (RMS over test points, at any recorded step) to reach with
  /// automatic particles; positive. Default: 1e-3.
  public var tolerance: Double
  /// The name of the design of the initial sample. Default: auto.
  public var design: String
  /// Independent randomizations of the design, for the error bar. Default: auto.
  public var replicates: CountSetting
  /// Realizations of limits with a random initial function, at least 1. Default: 10.
  public var realizations: Int
  /// Default: 1.
  public var seed: UInt64
  /// Default: discrete.
  public var dynamics: DynamicsName
  /// Relative error of one adaptive step of `dynamics: flow`; positive. Default: 1e-6.
  public var integratorTolerance: Double
  /// Two step sizes: blocks of so many steps that most particles take as one. Default: off.
  public var multirate: OptionalCountSetting
  /// Two ranks: principal components of the training inputs along which most particles move at every step,
  /// and along the others once in a block of steps. Default: off.
  public var rank: OptionalCountSetting
  /// With either: particles that take every step in all directions, for each one of the others;
  /// positive, at most 1. Default: 1/16.
  public var smallShare: Double
  /// Kernels to take instead of those of the configured scaling: the path of a file written by
  /// `infwidth kernel`, relative to the configuration file. Default: none.
  public var kernelFile: String?

  /// What is left out has the default of the configuration file.
  public init(
    particles: CountSetting = .automatic, tolerance: Double = 1e-3, design: String = "auto",
    replicates: CountSetting = .automatic, realizations: Int = 10, seed: UInt64 = 1,
    dynamics: DynamicsName = .discrete, integratorTolerance: Double = 1e-6,
    multirate: OptionalCountSetting = .off, rank: OptionalCountSetting = .off,
    smallShare: Double = 0.0625, kernelFile: String? = nil
  ) {
    self.particles = particles
    self.tolerance = tolerance
    self.design = design
    self.replicates = replicates
    self.realizations = realizations
    self.seed = seed
    self.dynamics = dynamics
    self.integratorTolerance = integratorTolerance
    self.multirate = multirate
    self.rank = rank
    self.smallShare = smallShare
    self.kernelFile = kernelFile
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case particles, tolerance, design, replicates, realizations, seed, dynamics, multirate, rank
    case integratorTolerance = "integrator_tolerance"
    case smallShare = "small_share"
    case kernelFile = "kernel_file"
  }
}

extension LimitSection {
  init(_ value: ValueReader) throws {
    let section = try MappingReader<CodingKeys>(value)
    self.init()
    particles = try section[.particles].map { try CountSetting($0) } ?? particles
    tolerance = try section[.tolerance]?.number(.positive) ?? tolerance
    design = try section[.design]?.name() ?? design
    replicates = try section[.replicates].map { try CountSetting($0) } ?? replicates
    realizations = try section[.realizations]?.count() ?? realizations
    seed = try section[.seed]?.seed() ?? seed
    dynamics = try section[.dynamics]?.word(DynamicsName.self) ?? dynamics
    integratorTolerance =
      try section[.integratorTolerance]?.number(.positive) ?? integratorTolerance
    multirate = try section[.multirate].map { try OptionalCountSetting($0) } ?? multirate
    rank = try section[.rank].map { try OptionalCountSetting($0) } ?? rank
    smallShare = try section[.smallShare]?.number(.share) ?? smallShare
    kernelFile = try section[.kernelFile]?.text()
  }
}
