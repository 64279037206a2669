import Foundation
import InfiniteWidth

/// Everything that reads a file of results: figures, pages, and the runs that start from one.
struct ResultReading {
  let files: ResultFiles
  /// A program in the place of gnuplot that draws an empty image: what matters is what it is fed.
  let gnuplot: Gnuplot

  init(_ files: ResultFiles) throws {
    self.files = files
    let folder = files.folder + "/stub"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let program = folder + "/gnuplot"
    if !FileManager.default.fileExists(atPath: program) {
      try "#!/bin/sh\ncat >/dev/null </dev/stdin\necho '<svg viewBox=\"0 0 1 1\"></svg>'\n".write(
        toFile: program, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: program)
    }
    gnuplot = try Gnuplot(searchPath: folder)
  }

  /// The figures' scripts.
  func figures(_ path: String) throws {
    for figure in try InfiniteWidth.figures(ofFile: path) {
      for terminal in PlotScript.Terminal.allCases {
        precondition(!figure.script(for: terminal).text.isEmpty)
      }
    }
  }

  func page(_ path: String) throws {
    let page = try ReportPage(files: [
      path, files.path("run") == path ? files.path("nets") : files.path("run"),
    ])
    _ = page.differences
    _ = try page.html(with: gnuplot)
  }

  /// Runs that start from a limit.
  func run(_ path: String, output: String) throws {
    _ = try DrivenLimitJob(
      files.experiment, from: path, options: files.options, particles: 64
    ).run(output: output)
  }

  func limit(kernels path: String, output: String) throws {
    let loaded = try LoadedConfiguration.parse(
      text: ResultFiles.deepConfiguration(kernels: path), path: files.folder + "/deep.yaml")
    _ = try LimitJob(Experiment(loaded, takesDeepNetworks: true), options: files.options)
      .run(output: output, progress: { _ in })
  }

  func compare(
    _ experiment: Experiment, limit: String, nets: String? = nil, output: String
  ) throws {
    _ = try ComparisonJob(
      [experiment], request: ComparisonRequest(limitPath: limit, netsPath: nets),
      options: files.options
    ).run(output: output)
  }

  func density(
    _ path: String, output: String, projection: String = "a, norm(w)", particles: Int? = nil
  ) throws {
    var request = DensityRequest()
    request.projections = [try ProjectionExpression(parsing: projection)]
    request.gridPoints = 16
    request.particles = particles
    _ = try DensityJob(path, request: request, options: files.options).run(output: output)
  }

  func density(
    _ limit: String, besideNets path: String, output: String, projection: String
  ) throws {
    var request = DensityRequest()
    request.projections = [try ProjectionExpression(parsing: projection)]
    request.gridPoints = 16
    request.netsPath = path
    _ = try DensityJob(limit, request: request, options: files.options).run(output: output)
  }

  func densityCompared(_ path: String, output: String) throws {
    var request = DensityRequest()
    request.comparedPath = path
    _ = try DensityJob(files.path("run"), request: request, options: files.options)
      .run(output: output)
  }

  /// All that a file of this origin is read by.
  func readers(of name: String) -> [(name: String, read: (String, String) throws -> Void)] {
    let common: [(String, (String, String) throws -> Void)] = [
      ("figures", { path, _ in try figures(path) }), ("page", { path, _ in try page(path) }),
    ]
    return common
      + {
        switch name {
        case "run":
          [
            ("from", { try run($0, output: $1) }),
            ("compare --limit", { try compare(files.experiment, limit: $0, output: $1) }),
            ("density", { try density($0, output: $1) }),
            ("density --particles", { try density($0, output: $1, particles: 64) }),
          ]
        case "random": [("density", { try density($0, output: $1) })]
        case "nets":
          [
            (
              "compare --nets",
              { try compare(files.experiment, limit: files.path("run"), nets: $0, output: $1) }
            ), ("density", { try density($0, output: $1) }),
            (
              "density --nets",
              { try density(files.path("run"), besideNets: $0, output: $1, projection: "a") }
            ),
          ]
        case "layered":
          [
            ("compare --limit", { try compare(files.layered, limit: $0, output: $1) }),
            ("density", { try density($0, output: $1, projection: "dot(w, pca1)") }),
            ("density of z2", { try density($0, output: $1, projection: "a, z2[1]") }),
          ]
        case "layered-nets":
          [
            (
              "compare --nets",
              { try compare(files.layered, limit: files.path("layered"), nets: $0, output: $1) }
            ), ("density", { try density($0, output: $1, projection: "z2[0]") }),
            (
              "density --nets",
              {
                try density(files.path("layered"), besideNets: $0, output: $1, projection: "z2[0]")
              }
            ),
          ]
        case "kernel": [("limit.kernel_file", { try limit(kernels: $0, output: $1) })]
        case "density", "nets-density":
          [("density --compare", { try densityCompared($0, output: $1) })]
        default: []
        }
      }()
  }
}
