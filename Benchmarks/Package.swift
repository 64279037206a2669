// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(name: "InfiniteWidth", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
  ],
  targets: [
    .target(
      name: "StepMeasurement",
      dependencies: [.product(name: "InfiniteWidth", package: "InfiniteWidth")],
      path: "Benchmarks/StepMeasurement"),
    .executableTarget(
      name: "Steps",
      dependencies: [
        "StepMeasurement",
        .product(name: "InfiniteWidth", package: "InfiniteWidth"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/Steps",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
    // One measurement a process, for comparison with programs in Python.
    .executableTarget(
      name: "StepTimes",
      dependencies: [
        "StepMeasurement", .product(name: "InfiniteWidth", package: "InfiniteWidth"),
      ],
      path: "Benchmarks/StepTimes"),
    .executableTarget(
      name: "LayerTimes",
      dependencies: [
        "StepMeasurement", .product(name: "InfiniteWidth", package: "InfiniteWidth"),
      ],
      path: "Benchmarks/LayerTimes"),
    .executableTarget(
      name: "KernelTimes",
      dependencies: [.product(name: "InfiniteWidth", package: "InfiniteWidth")],
      path: "Benchmarks/KernelTimes"),
    // Errors, not times: a plain program that Scripts/compare-designs runs.
    .executableTarget(
      name: "Designs",
      dependencies: [.product(name: "InfiniteWidth", package: "InfiniteWidth")],
      path: "Benchmarks/Designs"),
    // Times beside Python packages, which Scripts/compare-densities runs.
    .executableTarget(
      name: "Densities",
      dependencies: [.product(name: "InfiniteWidth", package: "InfiniteWidth")],
      path: "Benchmarks/Densities"),
  ]
)
