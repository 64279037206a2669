import ParticleSystems

/// The section `record`: what a run keeps.
public struct RecordSection: Sendable, Equatable, Codable {
  /// Default: every step.
  public var every: IntervalSetting
  /// The steps at which the measure is kept, increasing (the file may list them in any order), none
  /// beyond `training.steps`. Default: none.
  public var snapshots: [Int]
  /// The number of test points whose tangent-kernel diagonal is recorded. Default: 10.
  public var probes: Int
  /// Whether the tangent kernel is recorded at all pairs of these points too. Default: no.
  public var probeKernels: Bool
  /// Whether the loss gradients of every step, n numbers each, are recorded. Default: yes.
  public var lossGradient: Bool

  /// What is left out has the default of the configuration file.
  public init(
    every: IntervalSetting = .steps(1), snapshots: [Int] = [], probes: Int = 10,
    probeKernels: Bool = false, lossGradient: Bool = true
  ) {
    self.every = every
    self.snapshots = snapshots
    self.probes = probes
    self.probeKernels = probeKernels
    self.lossGradient = lossGradient
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case every, snapshots, probes
    case probeKernels = "probe_kernels"
    case lossGradient = "loss_gradient"
  }
}

extension RecordSection {
  /// - Parameter trainingSteps: `training.steps`, where there is such a section.
  init(_ value: ValueReader, trainingSteps: Int?) throws {
    let section = try MappingReader<CodingKeys>(value)
    self.init()
    every = try section[.every].map { try IntervalSetting($0) } ?? every
    if let list = section[.snapshots] {
      guard let elements = list.elements else {
        throw list.refusal(accepted: "a list of steps")
      }
      snapshots = try elements.distinct("step") { element in
        let step = try element.count(atLeast: 0)
        if let last = trainingSteps, step > last {
          throw element.failure("the step \(step) lies beyond training.steps, which is \(last)")
        }
        return step
      }.sorted()
    }
    probes = try section[.probes]?.count(atLeast: 0) ?? probes
    probeKernels = try section[.probeKernels]?.boolean() ?? probeKernels
    lossGradient = try section[.lossGradient]?.boolean() ?? lossGradient
    let most = TrainingSettings.largestPairedProbes
    if probeKernels, probes > most, let value = section[.probes] {
      throw value.refusal(accepted: "at most \(most) with probe_kernels, which has their pairs")
    }
  }
}
