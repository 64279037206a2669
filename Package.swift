// swift-tools-version: 6.2
import PackageDescription

// Targets are listed lowest layer first; a target may depend only on targets above it in this
// list, and each C library has exactly one importer.

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("ExistentialAny"),
]

let package = Package(
  name: "InfiniteWidth",
  products: [
    .library(name: "InfiniteWidth", targets: ["InfiniteWidth"]),
    .executable(name: "infwidth", targets: ["infwidth"]),
  ],
  traits: [
    .trait(
      name: "MPI",
      description: "Divides runs among the processes of mpirun (libopenmpi-dev, or libmpich-dev).")
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
  ],
  targets: [
    // C libraries and C loops.
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: "CNetCDF", pkgConfig: "netcdf", providers: [.apt(["libnetcdf-dev"])]),
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels"),
    .target(
      name: "CMPI",
      cSettings: [.define("IW_MPI", .when(traits: ["MPI"]))],
      linkerSettings: [.linkedLibrary("mpi", .when(traits: ["MPI"]))]),

    // Foundations.
    .target(name: "Diagnostics", swiftSettings: strict),
    .target(name: "MessagePassing", dependencies: ["CMPI"], swiftSettings: strict),
    .target(
      name: "Execution", dependencies: ["Diagnostics", "MessagePassing"], swiftSettings: strict),
    .target(
      name: "LinearAlgebra", dependencies: ["COpenBLAS", "Execution"], swiftSettings: strict),
    .target(
      name: "Checkpoints", dependencies: ["Diagnostics", "LinearAlgebra"], swiftSettings: strict),

    // Mathematics.
    .target(name: "TimeIntegration", swiftSettings: strict),
    .target(
      name: "Measures", dependencies: ["CKernels", "Diagnostics", "LinearAlgebra"],
      swiftSettings: strict),
    .target(
      name: "Networks", dependencies: ["CKernels", "Diagnostics", "LinearAlgebra"],
      swiftSettings: strict),
    .target(
      name: "Kernels", dependencies: ["Execution", "LinearAlgebra", "Measures", "Networks"],
      swiftSettings: strict),
    .target(
      name: "DeepKernels",
      dependencies: ["CKernels", "Execution", "Kernels", "LinearAlgebra", "Networks"],
      swiftSettings: strict),
    .target(
      name: "KernelPredictions", dependencies: ["Execution", "LinearAlgebra", "Networks"],
      swiftSettings: strict),
    .target(
      name: "Density",
      dependencies: ["CFFTW", "CKernels", "Diagnostics", "Execution", "LinearAlgebra"],
      swiftSettings: strict),
    .target(
      name: "ParticleSystems",
      dependencies: [
        "CKernels", "Checkpoints", "Execution", "LinearAlgebra", "Measures", "MessagePassing",
        "Networks",
        "TimeIntegration",
      ],
      swiftSettings: strict),
    .target(
      name: "Dynamics",
      dependencies: [
        "Checkpoints", "Execution", "LinearAlgebra", "Measures", "MessagePassing", "Networks",
        "ParticleSystems",
        "TimeIntegration",
      ],
      swiftSettings: strict),
    .target(
      name: "DeepMeanField",
      dependencies: [
        "Checkpoints", "DeepKernels", "Dynamics", "Execution", "Kernels", "LinearAlgebra",
        "Measures", "Networks", "ParticleSystems",
      ],
      swiftSettings: strict),
    .target(
      name: "FiniteWidth",
      dependencies: [
        "Checkpoints", "Execution", "LinearAlgebra", "Measures", "MessagePassing", "Networks",
        "ParticleSystems",
      ],
      swiftSettings: strict),

    .target(
      name: "Comparison",
      dependencies: ["Diagnostics", "Execution", "LinearAlgebra", "Measures"],
      swiftSettings: strict),

    // Files, figures, experiments.
    .target(
      name: "DataIO",
      dependencies: [
        "CNetCDF", "CZlib", "Checkpoints", "Density", "Diagnostics", "LinearAlgebra", "Measures",
        "MessagePassing",
        "Networks", "ParticleSystems", "TimeIntegration",
      ],
      swiftSettings: strict),
    .target(
      name: "Plotting",
      dependencies: ["DataIO", "Diagnostics", "Execution", "Networks", "ParticleSystems"],
      swiftSettings: strict),
    .target(
      name: "Experiments",
      dependencies: [
        "Checkpoints", "Comparison", "DataIO", "DeepKernels", "DeepMeanField", "Density",
        "Diagnostics", "Dynamics", "Execution", "FiniteWidth", "KernelPredictions",
        "Kernels", "LinearAlgebra", "Measures", "MessagePassing", "Networks", "ParticleSystems",
        "TimeIntegration",
        .product(name: "Yams", package: "Yams"),
      ],
      swiftSettings: strict),

    .target(
      name: "Report",
      dependencies: ["DataIO", "Diagnostics", "Experiments", "ParticleSystems", "Plotting"],
      swiftSettings: strict),

    // What users touch.
    .target(
      name: "InfiniteWidth",
      dependencies: [
        "Checkpoints", "Comparison", "DataIO", "DeepKernels", "DeepMeanField", "Density",
        "Diagnostics", "Dynamics", "Execution", "Experiments",
        "FiniteWidth", "KernelPredictions", "Kernels", "LinearAlgebra", "Measures",
        "MessagePassing", "Networks",
        "ParticleSystems",
        "Plotting", "Report", "TimeIntegration",
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "infwidth",
      dependencies: [
        "InfiniteWidth",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    // Tests.
    .target(
      name: "TestSupport", dependencies: ["Checkpoints", "Diagnostics", "MessagePassing"],
      path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(
      name: "MessagePassingTests", dependencies: ["MessagePassing", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "DiagnosticsTests", dependencies: ["Diagnostics"], swiftSettings: strict),
    .testTarget(
      name: "MeasuresTests",
      dependencies: ["CKernels", "Diagnostics", "LinearAlgebra", "Measures", "TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "ComparisonTests",
      dependencies: [
        "Comparison", "Diagnostics", "Execution", "LinearAlgebra", "Measures", "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "DensityTests",
      dependencies: [
        "Density", "Diagnostics", "Execution", "LinearAlgebra", "Measures",
        "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "LinearAlgebraTests", dependencies: ["LinearAlgebra", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "TimeIntegrationTests", dependencies: ["TestSupport", "TimeIntegration"],
      swiftSettings: strict),
    .testTarget(
      name: "NetworksTests", dependencies: ["LinearAlgebra", "Networks", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "KernelsTests",
      dependencies: [
        "Execution", "Kernels", "LinearAlgebra", "Measures", "Networks", "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "DeepKernelsTests",
      dependencies: [
        "DeepKernels", "Execution", "Kernels", "LinearAlgebra", "Measures", "Networks",
        "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "KernelPredictionsTests",
      dependencies: [
        "DeepKernels", "Dynamics", "Execution", "KernelPredictions", "LinearAlgebra", "Measures",
        "Networks", "ParticleSystems", "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "ParticleSystemsTests",
      dependencies: [
        "Checkpoints", "CKernels", "Execution", "LinearAlgebra", "Measures", "MessagePassing",
        "Networks",
        "ParticleSystems",
        "TestSupport", "TimeIntegration",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "FiniteWidthTests",
      dependencies: [
        "Checkpoints", "DeepKernels", "Execution", "FiniteWidth", "LinearAlgebra", "Measures",
        "MessagePassing",
        "Networks", "ParticleSystems", "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "DynamicsTests",
      dependencies: [
        "Checkpoints", "Dynamics", "Execution", "FiniteWidth", "Kernels", "LinearAlgebra",
        "Measures", "MessagePassing", "Networks",
        "ParticleSystems", "TestSupport", "TimeIntegration",
      ], swiftSettings: strict),
    .testTarget(
      name: "DeepMeanFieldTests",
      dependencies: [
        "Checkpoints", "DataIO", "DeepMeanField", "Dynamics", "Execution", "Kernels",
        "LinearAlgebra",
        "Measures", "Networks", "ParticleSystems", "TestSupport",
      ],
      resources: [.copy("Fixtures")], swiftSettings: strict),
    .testTarget(
      name: "DataIOTests",
      dependencies: [
        "Checkpoints", "DataIO", "Diagnostics", "LinearAlgebra", "MessagePassing", "Networks",
        "ParticleSystems",
        "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "PlottingTests",
      dependencies: [
        "DataIO", "Diagnostics", "Networks", "ParticleSystems", "Plotting", "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReportTests",
      dependencies: [
        "DataIO", "Diagnostics", "Execution", "ParticleSystems", "Plotting", "Report",
        "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: [
        "Checkpoints", "Comparison", "DataIO", "DeepKernels", "DeepMeanField", "Density",
        "Diagnostics", "Dynamics", "Execution", "Experiments",
        "FiniteWidth", "KernelPredictions", "Kernels", "LinearAlgebra", "Measures", "Networks",
        "ParticleSystems",
        "TestSupport",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "RobustnessTests",
      dependencies: ["Checkpoints", "DataIO", "InfiniteWidth", "TestSupport", "infwidth"],
      swiftSettings: strict),
    .testTarget(
      name: "CommandLineTests",
      dependencies: ["DataIO", "InfiniteWidth", "TestSupport", "infwidth"],
      resources: [.copy("Fixtures")], swiftSettings: strict),
  ],
  swiftLanguageModes: [.v6]
)
