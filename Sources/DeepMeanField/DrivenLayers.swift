import Checkpoints
import Dynamics
import Execution
import LinearAlgebra
import Measures
import Networks
import ParticleSystems

/// Fresh particles of every layer that see the populations of a solved limit and do not act on them, any number of
/// them in bounded memory.
///
/// With several hidden layers the loss gradients alone drive no particle: one of layer l moves by the values of
/// layer l - 1 and the signals of layer l + 1,
///
///     z_r = (s / N_{l-1}) sum_t V_rt phi(z_t),   E_r = phi'(z_r) (s / N_{l+1}) sum_q V_qr E_q,
///     V_rt -= eta E_r phi(z_t)^T,   V_qr -= eta E_q phi(z_r)^T,
///
/// with t and q of the solved population, and likewise with inputs and loss gradients at the ends. It has increments
/// to and from that population only, so that fresh particles are independent given the population. Each replicate
/// drives fresh particles of its own: their spread has all of the error, that of the populations included. Where the
/// limit has halves of two replicates, those drive the last layer's particles of these replicates once more, which
/// gives the bias of order one over the particles of a population.
///
/// A mean over fresh particles of the last layer is a function,
///
///     f(x) = (s / M_L) sum_r a_r phi(z_r(x)),
///
/// of the limit but for the errors of the layers below and of M_L. Those of other layers have laws.
///
/// Cost: that of the solved limit for each of ``groupCount`` groups, and for each particle 4 (N_{l-1} + N_{l+1}) n
/// operations a step. Memory: that of the solved limit, and ``numbersOfGroup`` numbers.
public struct DrivenLayers: Sendable {
  /// Whose populations drive.
  public let solved: LayeredLimit
  /// Fresh particles that each replicate drives.
  public let sizes: LayerSizes
  let samples: [LayeredSample]
  /// Blocks that are simulated together.
  let groups: [[DrivenLayerPlace]]

  /// The first randomization of fresh particles, beyond those that limits take of the same seed.
  public static let firstRandomization = 1 << 16

  /// Particles of a block. Their products are of this shape whatever is beside them.
  static let blockSize = LayeredPiece.largest

  /// Numbers that the particles of a group have, at most, where one block has no more.
  public static let largestGroup = 1 << 27

  /// - Parameters:
  ///   - solved: with the recorded steps, snapshots and test points wanted of the fresh particles.
  ///   - sizes: fresh particles of each layer that each replicate drives.
  ///   - design: of the fresh particles; its control variate is that of `solved`.
  ///   - seed: of the fresh particles.
  ///   - largestGroup: numbers of a group, at most; no bit depends on it.
  public init(
    solved: LayeredLimit, sizes: LayerSizes, design: LayeredDesign, seed: UInt64,
    largestGroup: Int = Self.largestGroup
  ) {
    self.init(
      solved: solved,
      samples: (0..<solved.replicates).map {
        LayeredSample(
          law: solved.law, design: design, seed: seed, sizes: sizes,
          randomizations: [Self.firstRandomization + $0])
      }, largestGroup: largestGroup)
  }

  /// - Parameter samples: of the fresh particles, one a replicate.
  init(solved: LayeredLimit, samples: [LayeredSample], largestGroup: Int = Self.largestGroup) {
    let sizes = samples[0].sizes
    precondition(samples.count == solved.replicates && samples.allSatisfy { $0.sizes == sizes })
    precondition(
      sizes.hiddenLayers == solved.sizes.hiddenLayers && sizes.features == solved.sizes.features
        && sizes.outputs == solved.sizes.outputs && samples[0].design.suits(sizes))
    self.solved = solved
    self.sizes = sizes
    self.samples = samples
    var groups: [[DrivenLayerPlace]] = []
    var numbers = 0
    for system in 0..<solved.systems {
      for (place, count) in sizes.layers.enumerated()
      where system < solved.replicates || place == sizes.hiddenLayers - 1 {
        for first in stride(from: 0, to: count, by: Self.blockSize) {
          let rows = first..<min(first + Self.blockSize, count)
          let own = Self.numbers(layer: place + 1, particles: rows.count, of: solved)
          if groups.isEmpty || numbers + own > largestGroup {
            groups.append([])
            numbers = 0
          }
          groups[groups.count - 1].append(
            DrivenLayerPlace(system: system, layer: place + 1, rows: rows))
          numbers += own
        }
      }
    }
    self.groups = groups
  }

  /// Those of the halves are those of the replicates that they are halves of, so that the noise of the fresh particles
  /// is no part of the bias.
  private var samplesOfSystems: [LayeredSample] {
    (0..<solved.systems).map { system in
      samples[
        system < solved.replicates ? system : (system - solved.replicates) / 2]
    }
  }

  /// Passes through the solved limit.
  public var groupCount: Int { groups.count }

  /// Numbers that the particles of the largest group have.
  public var numbersOfGroup: Int {
    groups.map { places in
      places.reduce(0) { $0 + Self.numbers(layer: $1.layer, particles: $1.rows.count, of: solved) }
    }.max()!
  }

  /// Weights with what the update rule remembers of them, values and signals of the points that pass through
  /// together, and upper factors of the control variate.
  private static func numbers(layer: Int, particles: Int, of solved: LayeredLimit) -> Int {
    let sizes = solved.sizes
    let n = solved.settings.problem.trainingCount
    let below = layer == 1 ? sizes.features : sizes.layers[layer - 2]
    let above = layer == sizes.hiddenLayers ? sizes.outputs : sizes.layers[layer]
    let factors = layer == 2 && solved.design.isControlled ? n : 0
    let (atOnce, batch) = LayeredInputs<Double>.pointsAtOnce(solved.settings)
    let weights = below + above + factors
    return particles * (weights * (solved.step.rule == .gradient ? 1 : 2) + 2 * atOnce + batch)
  }

  /// Takes the particles of one group through all updates.
  ///
  /// - Parameters:
  ///   - sums: of the groups before it; this one's are added.
  ///   - probes: test points, the first ones, whose preactivations snapshots have.
  ///   - snapshot: called at the snapshots of the solved limit with all blocks of the group.
  /// - Returns: the solved limit, which is the same for each group.
  /// - Throws: what `atBoundary` and `snapshot` throw.
  public func run<Scalar: ParticleScalar>(
    group number: Int, in precision: Scalar.Type, sums: inout DrivenLayerSums, workers: Workers,
    progress: (Int) -> Void = { _ in }, atBoundary: BoundaryAction? = nil, probes: Int = 0,
    snapshot: (_ step: Int, _ blocks: [DrivenLayerRows<Scalar>]) throws -> Void
  ) rethrows -> Trajectory {
    let transport = solved.transport(in: Scalar.self, workers: workers)
    let group = DrivenLayerGroup(
      groups[number], samples: samplesOfSystems, drivenBy: transport, sums: sums)
    transport.driven = group
    let snapshots = Set(solved.settings.snapshots)
    let trajectory = try solved.train(
      transport, progress: progress, atBoundary: atBoundary,
      atStep: { step in
        guard snapshots.contains(step) else { return }
        try snapshot(step, transport.drivenRows(ofSystems: 0..<solved.replicates, probes: probes))
      })
    sums = group.sums
    return trajectory
  }

  /// No sums yet.
  public var noSums: DrivenLayerSums {
    DrivenLayerSums(settings: solved.settings, systems: solved.systems)
  }

  /// What the sums of all groups make: one member, means over the fresh particles of the last layer with standard
  /// errors from the replicates.
  ///
  /// - Parameter field: the loss gradients, which are those of the solved limit.
  public func trajectory(_ sums: DrivenLayerSums, field: [Double]) -> Trajectory {
    let settings = solved.settings
    let recorder = ReplicateRecorder(
      realizations: 1, replicates: solved.replicates, settings: settings,
      hasHalves: solved.estimatesBias)
    let factor = solved.step.scale / Double(sizes.layers.last!)
    let training = settings.problem.trainingCount * settings.outputs
    for (index, record) in sums.values.enumerated() {
      let means = record.map { $0.map { factor * $0 } }
      var logits = EvaluatedLogits()
      logits.training = means.map { Array($0.prefix(training)) }
      logits.test = means.map { Array($0.dropFirst(training)) }
      logits.tangentKernels = means.map { _ in [] }
      recorder.record(at: index, logits, magnitude: .staysFinite)
    }
    var result = recorder.trajectory
    result.lossGradient = field
    return result
  }
}

/// Where a block of fresh particles belongs.
struct DrivenLayerPlace: Sendable {
  /// The simulation that drives it, halves after the replicates.
  let system: Int
  /// From 1.
  let layer: Int
  /// Of the system's fresh particles of this layer.
  let rows: Range<Int>
}

/// Sums of a_r phi(z_r) over fresh particles of the last layer, by recorded step, simulation and (point, output),
/// training points first.
public struct DrivenLayerSums: Sendable, Equatable {
  var values: [[[Double]]]

  init(settings: TrainingSettings, systems: Int) {
    let points = settings.problem.trainingCount + settings.problem.testCount
    values = Array(
      repeating: Array(
        repeating: Array(repeating: 0, count: points * settings.outputs), count: systems),
      count: settings.recorded.list(upTo: settings.steps).count)
  }

  /// - Throws: what ``RunState`` does.
  public mutating func exchange(_ state: RunState) throws {
    for index in values.indices {
      try state.exchange("\(index)", &values[index], lengths: values[index].map(\.count))
    }
  }
}
