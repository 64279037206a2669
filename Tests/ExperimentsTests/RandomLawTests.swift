import Checkpoints
import Comparison
import DataIO
import Execution
import Foundation
import LinearAlgebra
import Measures
import Networks
import ParticleSystems
import TestSupport
import Testing

@testable import Comparison
@testable import Experiments

/// Laws of the weights in limits whose initial function is random: each network is compared with the law
/// of the limit that has its own.
@Suite struct RandomLawTests {
  private let helper: ComparisonJobTests

  init() throws { helper = try ComparisonJobTests() }

  /// One step of a particle by the loss gradients at its own network's initial function.
  @Test(arguments: ["ic_mean_field", "sym_default"], ["gaussian", "pytorch_uniform"])
  func lawsBelongToTheFunctions(scaling: String, initialization: String) throws {
    let text = ComparisonJobTests.text(scaling)
      .replacing("initialization: gaussian", with: "initialization: \(initialization)")
      .replacing("snapshots: [0, 5]", with: "snapshots: [0, 1]")
    let experiment = try helper.experiment(text)
    let job = try LimitJob(experiment, options: helper.options())
    let projector = try ProjectionAxes(experiment).projector(experiment)
    let paired = try PairedLimit(job, particles: 512, projector: projector)
    let problem = experiment.problem
    var functions = Trajectory(
      steps: [0], members: 3, updates: 0, trainingPoints: problem.trainingCount,
      testPoints: problem.testCount, outputs: 1, probes: 0, hasAccuracy: false,
      hasDecomposition: false, hasError: false)
    let stream = RandomStream(seed: 4, stream: .syntheticData)
    functions.trainingLogits = (0..<3).flatMap {
      stream.normals(problem.trainingCount, particle: $0).map { 2 * $0 }
    }
    functions.testLogits = (0..<3).flatMap { stream.normals(problem.testCount, particle: 9 + $0) }
    let (_, laws) = try paired.run(functions, first: 2, progress: { _ in })
    #expect(laws.keys.sorted() == [0, 1])
    let (before, after) = (try #require(laws[0]), try #require(laws[1]))
    #expect(before.count == 3 && after.count == 3)
    let step = ParticleStep.meanFieldLimit(of: experiment.reference)
    for network in 0..<3 {
      let f = Array(functions.trainingLogits[(network * 20)..<(network * 20 + 20)])
      let g = experiment.loss.gradients(
        labels: problem.trainingLabels, logits: f, outputs: 1, magnitude: .staysFinite
      ).map { $0 / 20 }
      let (start, end) = (try points(before[network]), try points(after[network]))
      #expect(start.count == 512)
      for (p, q) in zip(start, end) {
        var (a, w) = (p[0], Array(p[1...]))
        for i in 0..<20 {
          let x = Array(problem.trainingInputs.row(i))
          let z = zip(p[1...], x).reduce(0) { $0 + $1.0 * $1.1 }
          a -= step.outputStep * g[i] * (z >= 0 ? z : 0.1 * z)
          for j in w.indices {
            w[j] -= step.inputStep * g[i] * p[0] * (z >= 0 ? 1 : 0.1) * x[j]
          }
        }
        // Clouds are in single precision.
        #expect(largestDifference(q, [a] + w) < 2e-6)
      }
    }
    // The first particles of each replicate, where there are too many.
    let few = try PairedLimit(job, particles: 512, projector: projector, largestLaw: 64)
      .run(functions, first: 2, progress: { _ in }).laws
    let size = 512 / job.replicates
    let some = try points(try #require(few[1])[2])
    #expect(some.count == 64 && size > 64 / job.replicates)
    #expect(
      some
        == (try points(after[2])).enumerated().filter { $0.offset % size < 64 / job.replicates }
        .map(\.element))
    // Particles of one realization are not those of another.
    #expect(try points(before[0]) != points(before[1]))
  }

  private func points(_ law: WeightLaw) throws -> [[Double]] {
    let cloud = try #require(law.all.cloud)
    return (0..<cloud.count).map { i in
      var point = [Double](repeating: 0, count: cloud.dimensions)
      cloud.copy(i..<(i + 1), to: &point)
      return point
    }
  }

  @Test(arguments: ["ic_mean_field", "sym_default", "ntk"]) func everyMetricHasNumbers(
    scaling: String
  ) throws {
    let record = try helper.compare([ComparisonJobTests.text(scaling)])
    let result = record.scalings[0]
    #expect(!result.notes.contains { $0.hasPrefix("Laws") })
    for name in WeightLawDistances.lineMetrics + WeightLawDistances.cloudMetrics {
      for part in ["", "_stderr", "_floor", "_limit_error"] {
        let array = try #require(result.array(name + part))
        #expect(array.comment == nil)
        #expect(array.values.allSatisfy { $0 > 0 && $0.isFinite }, "\(name + part)")
      }
    }
    #expect(result.array("weight_increment")?.values.first == 0)
    #expect(try #require(result.array("density_bandwidth")).values.allSatisfy { $0 > 0 })
    // From files: of networks that were trained there.
    _ = try helper.solve(ComparisonJobTests.text(scaling))
    let read = try helper.compare(
      [ComparisonJobTests.text(scaling)],
      request: ComparisonRequest(netsPath: helper.folder("nets.nc")))
    for name in ["wasserstein1", "energy_distance", "density_l1", "energy_distance_floor"] {
      let (a, b) = (
        try helper.values(result, name), try helper.values(read.scalings[0], name)
      )
      #expect(zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }, "\(name)")
    }
  }

  private func law(_ seed: Int, _ count: Int, shift: Double = 0, halves: Bool = false) throws
    -> WeightLaw
  {
    func sample(_ values: [Double]) throws -> WeightLaw.Sample {
      .init(
        lines: [try SortedSample(values)],
        cloud: try PointCloud(Matrix(rows: values.count, columns: 1, elements: values)))
    }
    let values = RandomStream(seed: 3, stream: .limitInputWeights)
      .normals(count, particle: seed).map { $0 + shift }
    return WeightLaw(
      all: try sample(values),
      halves: halves
        ? [
          try sample(Array(values.prefix(count / 2))), try sample(Array(values.suffix(count / 2))),
        ] : nil)
  }

  private func agree(
    _ a: [WeightLawDistances.Values], _ b: [WeightLawDistances.Values]
  ) -> Bool {
    a.count == b.count
      && zip(a, b).allSatisfy { one, other in
        one.count == 8
          && one.allSatisfy { abs($0.value[0] - other[$0.key]![0]) < 1e-3 * $0.value[0] }
      }
  }

  /// Each network beside the limit of its number, in one chunk or in several.
  @Test func ownLimits() throws {
    let workers = Workers(count: 1)
    let limit = LimitLaws(
      own: try (0..<4).map { try law(100 + $0, 4000, shift: 10 * Double($0)) }, workers: workers)
    let networks = try (0..<4).map { try law($0, 64, shift: 10 * Double($0), halves: true) }
    let blank = WeightLawDistances(bandwidths: [0.4], seed: 1, workers: workers)
    var (whole, parts) = (blank, blank)
    try whole.add(networks, limit, first: 0)
    try parts.add(Array(networks[..<3]), limit, first: 0)
    try parts.add(Array(networks[3...]), limit, first: 3)
    // Chunks have their own grids.
    #expect(agree(whole.values, parts.values) && agree(whole.floors, parts.floors))
    #expect(whole.values.count == 4 && whole.floors.count == 4)
    for values in whole.values {
      #expect(values["wasserstein1"]![0] < 1 && values["energy_distance"]![0] < 0.5)
    }
  }

  /// Halves of a network, over the square root of two, are as far apart as two networks are.
  @Test func floorsOfHalves() throws {
    let workers = Workers(count: 2)
    let count = 60
    let networks = try (0..<count).map { try law($0, 64, halves: true) }
    let limit = try law(1000, 64)
    var (own, shared) = (
      WeightLawDistances(bandwidths: [0.4], seed: 1, workers: workers),
      WeightLawDistances(bandwidths: [0.4], seed: 1, workers: workers)
    )
    try own.add(
      networks, LimitLaws(own: Array(repeating: limit, count: count), workers: workers), first: 0)
    try shared.add(networks, LimitLaws(shared: limit, workers: workers), first: 0)
    let (halves, pairs) = (
      WeightLawDistances.mean(own.floors), WeightLawDistances.mean(shared.floors)
    )
    #expect(halves.count == 8)
    for (name, value) in halves {
      let ratio = value[0] / pairs[name]![0]
      #expect(abs(ratio - 1) < 0.15, "\(name): \(ratio)")
    }
  }

  /// Networks that are trained one by one have floors too.
  @Test func chunksOfOne() throws {
    let workers = Workers(count: 1)
    let limit = LimitLaws(shared: try law(1000, 4000), workers: workers)
    let networks = try (0..<3).map { try law($0, 64) }
    let blank = WeightLawDistances(bandwidths: [0.4], seed: 1, workers: workers)
    var (whole, parts) = (blank, blank)
    try whole.add(networks, limit, first: 0)
    for (number, network) in networks.enumerated() {
      try parts.add([network], limit, first: number)
    }
    #expect(agree(whole.values, parts.values))
    #expect(parts.floors.count == 2)
    #expect(parts.floors[0]["wasserstein1"] == whole.floors[0]["wasserstein1"])
    // Continued after the first one.
    var start = blank
    try start.add([networks[0]], limit, first: 0)
    let archive = StateInMemory()
    try start.exchange(RunState(archive))
    archive.isRestoring = true
    var continued = blank
    try continued.exchange(RunState(archive))
    continued.take(previous: networks[0])
    for number in 1..<3 { try continued.add([networks[number]], limit, first: number) }
    #expect(continued.values == parts.values && continued.floors == parts.floors)
  }
}
