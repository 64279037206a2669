import Comparison
import DataIO
import Measures
import Networks
import ParticleSystems

/// What finite networks of several layers in a scaling are made of at the last recorded step, each quantity with the
/// power of the width that is fitted to it, as comparisons fit theirs (`RateFit`).
package struct LayersSummary: Sendable {
  /// One quantity over the widths.
  package struct Row: Sendable {
    package let quantity: LayersQuantity
    /// One a width, over the seeds that did not diverge: means, of logits the root of the mean square.
    package let values: [Double]
    /// NaN with fewer than three widths or four seeds, and where numbers are not positive.
    package let exponent: Double
    /// Its standard error over seeds.
    package let exponentError: Double
    /// What wide networks are predicted to follow; NaN where nothing is.
    package let predicted: Double
  }

  /// What is measured of the networks of one width that did not diverge.
  private struct Measurement {
    let seeds: Int
    /// Of every quantity: (seed), of logits the mean square.
    let numbers: [[Double]]
  }

  package private(set) var widths: [Int] = []
  private var quantities: [LayersQuantity] = []
  /// By width.
  private var measurements: [Measurement] = []
  private var haveDiverged = false

  private let scaling: DeepScaling?
  private let stream: RandomStream

  /// - Parameter experiment: of the networks.
  package init(_ experiment: Experiment, options: RunOptions) {
    scaling = experiment.deepScaling
    stream = RandomStream(seed: experiment.seed(options), stream: .seedResampling)
  }

  /// Of a file, all widths.
  package init(of record: NetsRecord, _ experiment: Experiment, options: RunOptions) {
    self.init(experiment, options: options)
    for (width, trajectory) in zip(record.widths, record.trajectories) {
      add(width: width, trajectory)
    }
  }

  /// Whether there is anything to say: networks whose layers' increments are not recorded are left out.
  package var isEmpty: Bool { widths.isEmpty }

  /// Adds networks of one width, all seeds; those without recorded increments are left out.
  package mutating func add(width: Int, _ trajectory: Trajectory) {
    guard trajectory.incrementLayers > 0 else { return }
    let steps = trajectory.steps.count
    let alive = (0..<trajectory.members).filter { trajectory.divergedAtStep[$0] == nil }
    func last(_ all: [Double], _ index: Int, of size: Int) -> [Double] {
      alive.map { all[($0 * steps + steps - 1) * size + index] }
    }
    let size = trajectory.testPoints * trajectory.outputs
    func meanSquares(_ logits: [Double], since: Double = 0) -> [Double] {
      alive.map { member in
        let (first, last) = (member * steps * size, (member * steps + steps - 1) * size)
        return (0..<size).reduce(0.0) {
          let value = logits[last + $1] - since * logits[first + $1]
          return $0 + value * value
        } / Double(size)
      }
    }
    let layers = trajectory.incrementLayers
    var rows: [(LayersQuantity, [Double])] = [
      (.logits, meanSquares(trajectory.testLogits)),
      (.logitIncrements, meanSquares(trajectory.testLogits, since: 1)),
    ]
    if !trajectory.mirrorTestLogits.isEmpty {
      rows.append((.mirrorLogits, meanSquares(trajectory.mirrorTestLogits)))
    }
    rows += (0..<layers).map {
      (.layerIncrements($0 + 1), last(trajectory.weightIncrements, $0, of: layers))
    }
    if !trajectory.decompositionStandardDeviation.isEmpty {
      let terms = trajectory.terms.names
      rows += terms.enumerated().map {
        (.term($1), last(trajectory.decompositionStandardDeviation, $0, of: terms.count))
      }
      // Of two hidden layers only rounding is left.
      if layers == 3 { rows.removeLast() }
    }
    widths.append(width)
    quantities = rows.map(\.0)
    measurements.append(Measurement(seeds: alive.count, numbers: rows.map(\.1)))
    haveDiverged = haveDiverged || alive.count < trajectory.members
  }

  package var rows: [Row] {
    quantities.enumerated().map { index, quantity in
      func value(_ width: Int, _ seeds: [Int]) -> Double {
        let numbers = measurements[width].numbers[index]
        let mean = seeds.reduce(0) { $0 + numbers[$1] } / Double(seeds.count)
        return quantity.isRootMeanSquareOverSeeds ? mean.squareRoot() : mean
      }
      let fit = fit(value)
      return Row(
        quantity: quantity,
        values: widths.indices.map { value($0, Array(0..<measurements[$0].seeds)) },
        exponent: fit?.slope ?? .nan, exponentError: fit?.standardError ?? .nan,
        predicted: scaling.flatMap(quantity.predictedExponent) ?? .nan)
    }
  }

  private func fit(_ value: (_ width: Int, _ seeds: [Int]) -> Double) -> RateFit? {
    let seeds = measurements.map(\.seeds)
    guard let fewest = seeds.min(), fewest > 0 else { return nil }
    // Where networks diverged, places in the lists are not the same seed at all widths.
    let design =
      haveDiverged
      ? SeedDesign(widths: widths, independentSeeds: seeds)
      : SeedDesign(widths: widths, sharedSeeds: fewest)
    return try? RateFit.bootstrap(
      design, replicates: ComparisonRequest.defaultResamples, stream: stream, gap: value
    ).get()
  }

  /// One row a quantity, one column a width.
  ///
  /// - Parameter label: of a quantity, by default its name.
  package func table(label: (LayersQuantity) -> String = \.name) -> ResultTable {
    var table = ResultTable(
      name: "layers", labelColumn: "quantity",
      columns: widths.map { "width_\($0)" } + ["exponent", "exponent_stderr", "predicted"])
    for row in rows {
      table.append(
        row.values + [row.exponent, row.exponentError, row.predicted], label: label(row.quantity))
    }
    return table
  }
}

extension LayersQuantity {
  fileprivate var isRootMeanSquareOverSeeds: Bool {
    switch self {
    case .logits, .logitIncrements, .mirrorLogits: true
    case .layerIncrements, .term: false
    }
  }
}
