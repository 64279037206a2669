import DataIO
import Density
import Diagnostics
import LinearAlgebra
import Measures

extension DensityJob {
  /// All that the densities depend on. Files are told by their experiment, and by their history: when and how they
  /// were made.
  var runSettings: [RunSetting] {
    get throws {
      func text(_ values: [some Any]?, _ otherwise: String) -> String {
        values.map { $0.map { "\($0)" }.joined(separator: ", ") } ?? otherwise
      }
      var settings = [
        RunSetting(key: "program", value: ProgramIdentity.source),
        RunSetting(key: "command", value: "density"),
      ]
      for (option, path) in inputs { settings += try Self.settings(option, of: path) }
      settings += [
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

  /// Files that the densities are made of, by the names that their settings begin with.
  private var inputs: [(option: String, path: String?)] {
    [("run", path), ("--nets", request.netsPath), ("--compare", request.comparedPath)]
  }

  /// What is known of an input: whether there is one, of which experiment it is, and when it was made.
  private static func settings(_ option: String, of path: String?) throws -> [RunSetting] {
    guard let path else { return [RunSetting(key: option, value: "none")] }
    var result = [RunSetting(key: option, value: "a file")]
    if let stored = try? storedConfiguration(of: path) {
      result += try stored.settings(of: [
        "data", "network", "training", "scaling", "limit", "finite", "record",
      ]).map { RunSetting(key: "\(option) \($0.key)", value: $0.value) }
    }
    let history = try NetCDFReader(path: path).text("history") ?? ""
    let words = history.split(separator: " ", maxSplits: 1).map(String.init)
    result.append(
      RunSetting(key: "\(option) file", value: "one made at \(words.first ?? "an unknown time")"))
    result.append(
      RunSetting(key: "\(option) command", value: words.count > 1 ? words[1] : "no command"))
    return result
  }

  /// Puts the input's name in the place of the first word of its setting's key.
  func locate(_ diagnostic: Diagnostic) -> Diagnostic {
    guard let key = diagnostic.key, let space = key.firstIndex(of: " "),
      let path = inputs.first(where: { $0.option == key[..<space] })?.path
    else { return diagnostic }
    let rest = String(key[key.index(after: space)...])
    return Diagnostic(
      diagnostic.kind, diagnostic.message, file: path, key: rest == "file" ? nil : rest)
  }
}
