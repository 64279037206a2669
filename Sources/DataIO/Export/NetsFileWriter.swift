public import ParticleSystems

/// What NETS.nc is about, known before the nets are trained.
public struct NetsFileDescription: Sendable, Equatable {
  public var metadata: FileMetadata
  /// The limit of the scaling in which the nets are trained.
  public var limit: LimitDescription
  /// Hidden widths, increasing.
  public var widths: [Int]
  /// Numbers of the seeds; each is one net at every width.
  public var seeds: [Int]
  public var recording: RecordingDescription

  public init(
    metadata: FileMetadata, limit: LimitDescription, widths: [Int], seeds: [Int],
    recording: RecordingDescription
  ) {
    self.metadata = metadata
    self.limit = limit
    self.widths = widths
    self.seeds = seeds
    self.recording = recording
  }
}

/// Writes NETS.nc: finite nets of several widths and seeds, width by width or in chunks of seeds, so
/// that no more than a chunk need be in memory. Nets never written read as NaN.
public final class NetsFileWriter {
  private let file: NetCDFWriter
  private var variables: TrajectoryVariables
  private var divergedAtStep: Int?

  /// Creates the file.
  ///
  /// - Throws: as ``NetCDFWriter/init(path:force:)``.
  public init(path: String, force: Bool, _ description: NetsFileDescription) throws {
    file = try NetCDFWriter(path: path, force: force)
    try file.writeMetadata(description.metadata, title: "Trained neural networks of finite width")
    try file.setAttribute("infinitewidth_file", .text(RecordKind.nets.rawValue))
    try description.limit.write(to: file)
    try file.setAttribute("diverged_at_step", .int(-1))
    let width = try file.defineDimension("width", length: description.widths.count)
    let seed = try file.defineDimension("seed", length: description.seeds.count)
    try file.writeCoordinate(description.widths, width, longName: "width of the hidden layer")
    try file.writeCoordinate(description.seeds, seed, longName: "number of the seed")
    variables = try TrajectoryVariables(file, description.recording, members: [width, seed])
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
