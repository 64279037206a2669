import Diagnostics

/// Writes DENSITY.nc: one group a projection, those of nets within a group of their width, each with
/// everything that is needed to read it alone.
package enum DensityFile {
  /// Writes the file, complete or not at all.
  ///
  /// - Parameter other: the file that `fromOther` compares with.
  /// - Throws: as `NetCDFWriter`.
  package static func write(
    _ record: DensityRecord, metadata: FileMetadata, other: String?, force: Bool
  ) throws {
    let file = try NetCDFWriter(path: record.path, force: force)
    try file.writeMetadata(
      metadata, title: "Densities of the law of a neural network's weights over training")
    try file.setAttribute("infinitewidth_file", .text(RecordKind.density.rawValue))
    try file.setAttribute("figure_title", .text(record.title))
    if let other { try file.setAttribute("compared_with", .text(other)) }
    if !record.directions.isEmpty { try write(record.directions, file) }
    var widths: [Int: NetCDFGroup] = [:]
    for projection in record.projections {
      var parent: NetCDFGroup?
      if let width = projection.width {
        parent = try widths[width] ?? define(width, projection.seeds, file)
        widths[width] = parent
      }
      try DensityGroup(file, projection, in: parent, other: other).write(projection)
    }
    try file.finish()
  }

  /// The prefix of the names of the groups of nets.
  static let netsPrefix = "width_"

  private static func define(
    _ width: Int, _ seeds: Int?, _ file: NetCDFWriter
  ) throws -> NetCDFGroup {
    let group = try file.defineGroup("\(netsPrefix)\(width)")
    try file.setAttribute(
      "comment",
      .text("Densities of the hatted weights of finite nets, the neurons of all seeds together."),
      in: group)
    try file.setAttribute("width", .int(width), in: group)
    if let seeds { try file.setAttribute("seeds", .int(seeds), in: group) }
    return group
  }

  private static func write(
    _ directions: [DensityRecord.Direction], _ file: NetCDFWriter
  ) throws {
    let group = try file.defineGroup("directions")
    let feature = try file.defineDimension(
      "feature", length: directions[0].values.count, in: group)
    for direction in directions {
      let variable = try file.defineVariable(
        direction.identifier, Double.self, [feature],
        longName: "unit vector along \(direction.longName)", in: group)
      try file.write(direction.values, to: variable)
    }
  }
}
