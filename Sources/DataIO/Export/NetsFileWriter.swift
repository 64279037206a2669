public import ParticleSystems

/// What NETS.nc is about, known before the nets are trained.
public struct NetsFileDescription: Sendable, Equatable {
  /// Global attributes.
  public var metadata: FileMetadata
  /// The limit of the scaling in which the nets are trained.
  public var limit: LimitDescription
  /// Hidden widths, increasing.
  public var widths: [Int]
  /// Numbers of the seeds; each is one net at every width.
  public var seeds: [Int]
  /// Sizes of what is recorded, and the labels.
  public var recording: RecordingDescription
  /// The weights to keep; `nil` for none.
  public var weights: NetsWeightsDescription?
  /// The populations to keep of several hidden layers of the net's width each, in their place.
  var layers: NetsLayersDescription?

  /// `weights` is `nil` where none are kept.
  public init(
    metadata: FileMetadata, limit: LimitDescription, widths: [Int], seeds: [Int],
    recording: RecordingDescription, weights: NetsWeightsDescription? = nil,
    layers: NetsLayersDescription? = nil
  ) {
    precondition(weights == nil || layers == nil)
    self.layers = layers
    self.metadata = metadata
    self.limit = limit
    self.widths = widths
    self.seeds = seeds
    self.recording = recording
    self.weights = weights
  }
}

/// Writes NETS.nc: finite nets of several widths and seeds, width by width or in chunks of seeds, so
/// that no more than a chunk need be in memory. Nets never written read as NaN.
public final class NetsFileWriter {
  private let file: NetCDFWriter
  /// Hidden widths of the nets.
  let widths: [Int]
  private var variables: TrajectoryVariables
  /// One a width, where weights are kept.
  private let weights: [NetsWeightsVariables]
  /// By width and by layer, where populations are kept.
  private let populations: [[LayerPopulationVariables]]
  private var divergedAtStep: Int?

  /// Creates the file.
  ///
  /// - Throws: as `NetCDFWriter/init(path:force:)`.
  public init(path: String, force: Bool, _ description: NetsFileDescription) throws {
    file = try NetCDFWriter(path: path, force: force)
    widths = description.widths
    try file.writeMetadata(description.metadata, title: "Trained neural networks of finite width")
    try file.setAttribute("infinitewidth_file", .text(RecordKind.nets.rawValue))
    try description.limit.write(to: file)
    try file.setAttribute("diverged_at_step", .int(-1))
    let width = try file.defineDimension("width", length: description.widths.count)
    let seed = try file.defineDimension("seed", length: description.seeds.count)
    try file.writeCoordinate(
      description.widths, width, longName: "width of the hidden layer, of several the first")
    try file.writeCoordinate(description.seeds, seed, longName: "number of the seed")
    variables = try TrajectoryVariables(file, description.recording, members: [width, seed])
    weights = try NetsWeightsVariables.define(in: file, description)
    populations = try NetsLayersDescription.define(in: file, description)
  }

  /// Writes the weights of `rows` consecutive neurons of one net, one neuron a row, at one snapshot.
  ///
  /// - Parameters:
  ///   - seedIndex: which of the seeds, from 0.
  ///   - snapshotIndex: which of the snapshots, from 0.
  ///   - firstNeuron: the neuron of the first row.
  ///   - outputWeights: rows x outputs, row-major.
  ///   - inputWeights: rows x features, row-major.
  /// - Throws: `Diagnostic(.outputFailure)`.
  public func writeSnapshotBlock<Scalar: NetCDFElement & BinaryFloatingPoint>(
    widthIndex: Int, seedIndex: Int, snapshotIndex: Int, firstNeuron: Int,
    outputWeights: UnsafeBufferPointer<Scalar>, inputWeights: UnsafeBufferPointer<Scalar>,
    rows: Int
  ) throws {
    precondition(!weights.isEmpty, "no weights")
    let variables = weights[widthIndex]
    let start = [seedIndex, snapshotIndex, firstNeuron, 0]
    for (values, variable) in [
      (outputWeights, variables.outputWeight), (inputWeights, variables.inputWeight),
    ] {
      try file.write(values, to: variable, start: start, count: [1, 1, rows, variable.shape[3]])
    }
  }

  /// Writes a whole layer of one net at one snapshot.
  ///
  /// - Parameter layer: from 1.
  /// - Throws: `Diagnostic(.outputFailure)`.
  package func writePopulation<Scalar>(
    _ rows: LayerRows<Scalar>, layer: Int, widthIndex: Int, seedIndex: Int, snapshotIndex: Int
  ) throws {
    try populations[widthIndex][layer - 1].write(
      rows, to: file, place: [seedIndex, snapshotIndex, 0])
  }

  /// Writes the nets of one width: the trajectory's members are the seeds from number `firstSeed`
  /// (an index, from 0) on.
  ///
  /// What the first trajectory holds (accuracies, decomposition) decides which variables there are.
  public func write(_ trajectory: Trajectory, widthIndex: Int, firstSeed: Int = 0) throws {
    try variables.write(trajectory, at: [widthIndex, firstSeed])
    let earliest = trajectory.divergedAtStep.compactMap(\.self).min()
    divergedAtStep = [divergedAtStep, earliest].compactMap(\.self).min()
  }

  /// Completes the file, whose attribute `diverged_at_step` is the first step at which any net
  /// diverged, and moves it into place.
  public func finish() throws {
    try file.setAttribute("diverged_at_step", .int(divergedAtStep ?? -1))
    try file.finish()
  }
}
