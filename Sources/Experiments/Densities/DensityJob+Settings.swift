import DataIO
import Density
import LinearAlgebra
import Measures

extension DensityJob {
  /// All that the densities depend on. Files are told by their history: when and how they were made.
  var runSettings: [RunSetting] {
    get throws {
      func history(_ path: String?) throws -> String {
        guard let path else { return "none" }
        return try NetCDFReader(path: path).text("history") ?? "a file without a history"
      }
      func text(_ values: [some Any]?, _ otherwise: String) -> String {
        values.map { $0.map { "\($0)" }.joined(separator: ", ") } ?? otherwise
      }
      var settings = [
        RunSetting(key: "program", value: Program.source),
        RunSetting(key: "command", value: "density"),
        RunSetting(key: "run", value: try history(path)),
        RunSetting(key: "--nets", value: try history(request.netsPath)),
        RunSetting(key: "--compare", value: try history(request.comparedPath)),
        RunSetting(key: "--particles", value: text(request.particles.map { [$0] }, "none")),
        RunSetting(key: "--design", value: request.design ?? "the run's"),
        RunSetting(key: "--seed", value: text(options.seed.map { [$0] }, "the run's")),
        RunSetting(key: "--precision", value: options.precision.rawValue),
        RunSetting(key: "--snapshots", value: text(steps, "")),
        RunSetting(key: "--project", value: projections.map(\.text).joined(separator: "; ")),
        RunSetting(key: "--kernel or --histogram", value: "\(request.estimator)"),
        RunSetting(key: "--bandwidth", value: "\(request.bandwidth)"),
        RunSetting(
          key: "--bandwidth-shape", value: text(request.bandwidthShape.map { [$0] }, "auto")),
        RunSetting(key: "--grid", value: text(request.gridPoints.map { [$0] }, "auto")),
        RunSetting(
          key: "--bounds",
          value: request.bounds.map { "\($0.key.text) \($0.value)" }.sorted()
            .joined(separator: "; ")),
        RunSetting(key: "--no-reflection", value: request.reflects ? "no" : "yes"),
      ]
      // Principal components and means of classes are those of the data as they are now.
      if !choice.directions.isEmpty {
        settings.append(
          RunSetting(
            key: "directions", value: DataFingerprint.text(values: choice.directions.map(\.values)))
        )
      }
      settings.append(
        RunSetting(key: "kernels of matrix products", value: OpenBLAS.coreName, isBinding: false))
      return settings
    }
  }
}
