public import ParticleSystems
import TimeIntegration

/// What RUN.nc is about, known before the run.
public struct RunFileDescription: Sendable, Equatable {
  /// Global attributes.
  public var metadata: FileMetadata
  /// The limit that is computed.
  public var limit: LimitDescription
  /// Particles that represent the measure; 0 where the limit is computed without any.
  public var particles: Int
  /// Realizations of the random initial function; 1 where the limit is deterministic.
  public var realizations: Int
  /// Sizes of what is recorded, and the labels.
  public var recording: RecordingDescription
  /// The recorded measure, for limits that move it.
  public var measure: MeasureDescription?
  /// The recorded weights of several hidden layers, in its place.
  var layeredMeasure: LayeredMeasureDescription?

  /// `measure` is `nil` where no measure is kept, and where the layers have theirs.
  public init(
    metadata: FileMetadata, limit: LimitDescription, particles: Int, realizations: Int,
    recording: RecordingDescription, measure: MeasureDescription? = nil,
    layeredMeasure: LayeredMeasureDescription? = nil
  ) {
    precondition(measure == nil || layeredMeasure == nil)
    self.layeredMeasure = layeredMeasure
    self.metadata = metadata
    self.limit = limit
    self.particles = particles
    self.realizations = realizations
    self.recording = recording
    self.measure = measure
  }
}

/// The shape of the measure recorded in a run.
public struct MeasureDescription: Sendable, Equatable {
  /// Training steps at which the measure is kept.
  public var snapshotSteps: [Int]
  /// Particles of each snapshot.
  public var particles: Int
  /// Components of the input weight w.
  public var features: Int
  /// Components of the output weight a.
  public var outputs: Int
  /// Whether weights are stored in single precision (half the space).
  public var isSinglePrecision: Bool
  /// Whether the law is random, that of the first realization.
  public var isRandom: Bool

  /// Steps at which the measure is kept, increasing; sizes as in the file.
  public init(
    snapshotSteps: [Int], particles: Int, features: Int, outputs: Int, isSinglePrecision: Bool,
    isRandom: Bool = false
  ) {
    self.snapshotSteps = snapshotSteps
    self.particles = particles
    self.features = features
    self.outputs = outputs
    self.isSinglePrecision = isSinglePrecision
    self.isRandom = isRandom
  }
}

extension MeasureDescription {
  /// What the file says of a random law.
  static let randomRemark =
    "The limit is random: these are the particles of the first realization of its initial function alone."
}

/// Writes RUN.nc: one infinite-width limit.
///
/// Created when the run starts, so that a destination that cannot be written fails at once; the
/// measure is streamed in blocks of particles, the trajectory written at the end. Without
/// ``finish(divergedAtStep:)`` nothing is left behind.
public final class RunFileWriter {
  private let file: NetCDFWriter
  private var variables: TrajectoryVariables
  private let measure: (description: MeasureDescription, variables: MeasureVariables)?
  private let layers: LayeredMeasureVariables?
  private var divergedAtStep: Int?

  /// Creates the file.
  ///
  /// - Throws: as `NetCDFWriter/init(path:force:)`.
  public init(path: String, force: Bool, _ description: RunFileDescription) throws {
    file = try NetCDFWriter(path: path, force: force)
    try file.writeMetadata(description.metadata, title: "Infinite-width limit of a neural network")
    try file.setAttribute("infinitewidth_file", .text(RecordKind.run.rawValue))
    try description.limit.write(to: file)
    try file.setAttribute("particles", .int(description.particles))
    try file.setAttribute("diverged_at_step", .int(-1))
    let realization = try file.defineDimension("realization", length: description.realizations)
    try file.writeCoordinate(
      Array(1..<(description.realizations + 1)), realization,
      longName: "realization of the initial function")
    variables = try TrajectoryVariables(file, description.recording, members: [realization])
    measure = try description.measure.map { [file] in ($0, try MeasureVariables(file, $0)) }
    layers = try description.layeredMeasure.map { [file] in
      try LayeredMeasureVariables(file, $0)
    }
  }

  /// Writes the weights of several hidden layers at one snapshot, row-major matrices.
  ///
  /// - Parameter increments: of hidden layers 2, 3, ...
  /// - Throws: `Diagnostic(.outputFailure)`.
  package func writeLayers<Scalar: NetCDFElement & BinaryFloatingPoint>(
    snapshotIndex: Int, inputWeights: UnsafeBufferPointer<Scalar>,
    increments: [UnsafeBufferPointer<Scalar>], outputWeights: UnsafeBufferPointer<Scalar>
  ) throws {
    guard let layers else { preconditionFailure("no layers") }
    try layers.write(
      file, snapshotIndex: snapshotIndex, inputWeights: inputWeights, increments: increments,
      outputWeights: outputWeights)
  }

  /// Writes what one replicate has of a layer's population at one snapshot, or consecutive particles of it.
  ///
  /// - Parameters:
  ///   - layer: from 1.
  ///   - first: number of the first particle in the replicate.
  /// - Throws: `Diagnostic(.outputFailure)`.
  package func writePopulation<Scalar>(
    _ rows: LayerRows<Scalar>, layer: Int, snapshotIndex: Int, replicate: Int, first: Int = 0
  ) throws {
    guard let layers else { preconditionFailure("no layers") }
    try layers.write(
      file, rows, layer: layer, snapshotIndex: snapshotIndex, replicate: replicate, first: first)
  }

  /// Writes the weights of `rows` particles, one particle a row, at one snapshot.
  ///
  /// - Parameters:
  ///   - snapshotIndex: which of the snapshots, from 0.
  ///   - firstParticle: the particle of the first row.
  ///   - outputWeights: rows x outputs, row-major.
  ///   - inputWeights: rows x features, row-major.
  /// - Throws: `Diagnostic(.outputFailure)`.
  public func writeSnapshotBlock<Scalar: NetCDFElement & BinaryFloatingPoint>(
    snapshotIndex: Int, firstParticle: Int, outputWeights: UnsafeBufferPointer<Scalar>,
    inputWeights: UnsafeBufferPointer<Scalar>, rows: Int
  ) throws {
    guard let (description, variables) = measure else { preconditionFailure("no measure") }
    let start = [snapshotIndex, firstParticle, 0]
    try file.write(
      outputWeights, to: variables.outputWeight, start: start,
      count: [1, rows, description.outputs])
    try file.write(
      inputWeights, to: variables.inputWeight, start: start,
      count: [1, rows, description.features])
  }

  /// Writes the masses of consecutive particles, all of them by default.
  public func writeMass(_ mass: [Double], firstParticle: Int = 0) throws {
    guard let measure else { preconditionFailure("no measure") }
    try file.write(
      mass, to: measure.variables.mass, start: [firstParticle], count: [mass.count])
  }

  /// Writes the trajectory, whose members are the realizations.
  public func write(_ trajectory: Trajectory) throws {
    try variables.write(trajectory, at: [0])
    divergedAtStep = trajectory.divergedAtStep.compactMap(\.self).min()
    if let integration = trajectory.integration {
      try file.setAttribute("integrator_tolerance", .double(integration.tolerance))
      try file.setAttribute("integrator_steps_accepted", .int(integration.accepted))
      try file.setAttribute("integrator_steps_rejected", .int(integration.rejected))
    }
    if let multirate = trajectory.multirate {
      try file.setAttribute("multirate_small_particles", .int(multirate.smallParticles))
      try file.setAttribute("multirate_blocks", .int(multirate.blocks.count))
      try file.setAttribute("multirate_longest_block", .int(multirate.blocks.max() ?? 0))
      if let fast = multirate.fastCoordinates {
        try file.setAttribute("multirate_fast_coordinates", .int(fast.count))
        try file.setAttribute(
          "multirate_slow_moves", .int(fast.moves(inSteps: multirate.blocks.count)))
      }
      try file.setAttribute("multirate_particle_steps", .double(multirate.particleSteps))
      try file.setAttribute("multirate_correction", .double(multirate.correction))
      try file.setAttribute("multirate_correction_error", .double(multirate.correctionError))
    }
  }

  /// Sets a global attribute that is known after the run only.
  public func setAttribute(_ name: String, _ value: AttributeValue) throws {
    try file.setAttribute(name, value)
  }

  /// Completes the file and moves it into place.
  ///
  /// - Parameter divergedAtStep: the global attribute `diverged_at_step`; by default the first step
  ///   at which a realization of the trajectory diverged.
  public func finish(divergedAtStep: Int? = nil) throws {
    try file.setAttribute("diverged_at_step", .int(divergedAtStep ?? self.divergedAtStep ?? -1))
    try file.finish()
  }
}

/// The variables of the group `measure`.
private struct MeasureVariables {
  let mass: NetCDFVariable
  let outputWeight: NetCDFVariable
  let inputWeight: NetCDFVariable

  init(_ file: NetCDFWriter, _ measure: MeasureDescription) throws {
    let group = try file.defineGroup("measure")
    if measure.isRandom {
      try file.setAttribute("comment", .text(MeasureDescription.randomRemark), in: group)
    }
    let snapshot = try file.defineDimension(
      "snapshot", length: measure.snapshotSteps.count, in: group)
    let particle = try file.defineDimension("particle", length: measure.particles, in: group)
    let feature = try file.defineDimension("feature", length: measure.features, in: group)
    let output = try file.defineDimension("output", length: measure.outputs, in: group)
    let step = try file.defineVariable(
      "step", Int.self, [snapshot], longName: "training step of the snapshot", in: group)
    try file.write(measure.snapshotSteps, to: step)
    mass = try file.defineVariable(
      "mass", Double.self, [particle], longName: "probability mass of the particle", in: group)
    func weight(_ name: String, _ last: NetCDFDimension, _ longName: String) throws
      -> NetCDFVariable
    {
      try file.defineWeights(
        name, isSinglePrecision: measure.isSinglePrecision, [snapshot, particle, last],
        longName: longName, in: group)
    }
    outputWeight = try weight("output_weight", output, "hatted output weight a of the particle")
    inputWeight = try weight("input_weight", feature, "hatted input weight w of the particle")
  }
}
