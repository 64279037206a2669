import DataIO
import Diagnostics

/// The configuration that a file was made with, in the scaling that it was made in, which may be that of a command
/// line.
///
/// - Parameter scaling: where the file names none, such as a comparison of several.
/// - Throws: `Diagnostic(.badInput)` where it cannot be read, and as ``NetCDFReader``.
func storedConfiguration(
  of path: String, orScaling scaling: ScalingSection? = nil
) throws -> ExperimentConfiguration {
  let file = try NetCDFReader(path: path)
  guard
    var result = try? LoadedConfiguration.parse(text: file.text("config") ?? "", path: path)
      .configuration
  else {
    throw Diagnostic(
      .badInput, "the configuration in the file (attribute config) cannot be read by this version",
      file: path)
  }
  if let section = try file.text("scaling").flatMap(ScalingSection.init(text:)) ?? scaling {
    result.scaling = section
  }
  return result
}
