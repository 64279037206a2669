import DataIO
import Foundation
import Networks
import ParticleSystems

/// What finite networks of several layers in a scaling are made of at the last recorded step: the root mean square of
/// their test logits, of the logits' change since step 0 and of the means with mirror images, the increments of the layers, and the terms of the
/// logits; each with the power of the width that a line through the logarithms has.
package struct LayersSummary: Sendable {
  /// A row: one quantity over the widths.
  package struct Quantity: Sendable {
    package let name: String
    /// One a width: the mean over the seeds that did not diverge; of logits, the root of the mean square.
    package let values: [Double]
    /// NaN with fewer than two widths or numbers that are not positive.
    package let exponent: Double
    /// What wide networks are predicted to follow; NaN where nothing is.
    package let predicted: Double
  }

  package private(set) var widths: [Int] = []
  private var names: [String] = []
  /// By width.
  private var values: [[Double]] = []

  private let scaling: DeepScaling?

  /// - Parameter scaling: that of the networks; `nil` leaves the predictions out.
  package init(scaling: DeepScaling?) { self.scaling = scaling }

  /// Of a file, all widths.
  package init(of record: NetsRecord, scaling: DeepScaling?) {
    self.init(scaling: scaling)
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
    func mean(_ all: [Double], _ index: Int, of size: Int) -> Double {
      alive.reduce(0) { $0 + all[($1 * steps + steps - 1) * size + index] } / Double(alive.count)
    }
    let size = trajectory.testPoints * trajectory.outputs
    func rootMeanSquare(_ logits: [Double], since: Double = 0) -> Double {
      let sum = alive.reduce(0.0) { sum, member in
        let (first, last) = (member * steps * size, (member * steps + steps - 1) * size)
        return (0..<size).reduce(sum) {
          let value = logits[last + $1] - since * logits[first + $1]
          return $0 + value * value
        }
      }
      return (sum / Double(size * alive.count)).squareRoot()
    }
    let layers = trajectory.incrementLayers
    var row: [(String, Double)] = [
      ("logit_rms", rootMeanSquare(trajectory.testLogits)),
      ("logit_increment_rms", rootMeanSquare(trajectory.testLogits, since: 1)),
    ]
    if !trajectory.mirrorTestLogits.isEmpty {
      row.append(("mirror_logit_rms", rootMeanSquare(trajectory.mirrorTestLogits)))
    }
    row += (0..<layers).map {
      ("increment_rms_\($0 + 1)", mean(trajectory.weightIncrements, $0, of: layers))
    }
    if !trajectory.decompositionStandardDeviation.isEmpty {
      let terms = trajectory.terms.names
      row += terms.enumerated().map {
        ($1, mean(trajectory.decompositionStandardDeviation, $0, of: terms.count))
      }
      // Of two hidden layers only rounding is left.
      if layers == 3 { row.removeLast() }
    }
    widths.append(width)
    names = row.map(\.0)
    values.append(row.map(\.1))
  }

  package var quantities: [Quantity] {
    names.enumerated().map { index, name in
      let own = values.map { $0[index] }
      return Quantity(name: name, values: own, exponent: exponent(own), predicted: predicted(name))
    }
  }

  private func predicted(_ name: String) -> Double {
    guard let scaling else { return .nan }
    let exponent: ExactDecimal?
    if let layer = name.split(separator: "_").last.flatMap({ Int($0) }), layer > 0 {
      exponent = scaling.incrementExponents[layer - 1]
    } else {
      exponent =
        switch name {
        case "logit_rms": scaling.logitExponent
        case "logit_increment_rms", "mirror_logit_rms": scaling.logitIncrementExponent
        default: scaling.termExponent(named: name)
        }
    }
    return exponent?.value ?? .nan
  }

  /// The slope of the least-squares line through the logarithms.
  private func exponent(_ values: [Double]) -> Double {
    guard widths.count > 1, values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return .nan }
    let (x, y) = (widths.map { log(Double($0)) }, values.map { log($0) })
    let count = Double(x.count)
    let (centerX, centerY) = (x.reduce(0, +) / count, y.reduce(0, +) / count)
    let squares = x.reduce(0) { $0 + ($1 - centerX) * ($1 - centerX) }
    return zip(x, y).reduce(0) { $0 + ($1.0 - centerX) * ($1.1 - centerY) } / squares
  }

  /// One row a quantity, one column a width.
  package var table: ResultTable {
    var table = ResultTable(
      name: "layers", labelColumn: "quantity",
      columns: widths.map { "width_\($0)" } + ["exponent", "predicted"])
    for quantity in quantities {
      table.append(quantity.values + [quantity.exponent, quantity.predicted], label: quantity.name)
    }
    return table
  }
}
