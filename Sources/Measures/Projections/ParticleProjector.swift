private import CKernels
import Foundation
import LinearAlgebra

/// Takes particles (a, w), or those of one of several hidden layers, to the numbers of several axes.
///
/// Cost: 2 D operations a particle for each direction and for the length of w, in products of blocks.
public struct ParticleProjector: Sendable {
  /// Numbers made of each particle, in this order.
  public let axes: [ProjectionAxis]
  /// Numbers of a.
  public let outputs: Int
  /// Numbers of w.
  public let features: Int
  /// Preactivations of a particle.
  public let probes: Int
  /// The directions of the axes that have one, one a row.
  private let directions: [Double]
  /// For each axis the row of its direction.
  private let rowOfAxis: [Int?]
  private let needsNorms: Bool

  /// - Precondition: indices and directions fit the numbers of outputs, features and probes, of which those may be 0
  ///   that no axis needs.
  public init(_ axes: [ProjectionAxis], outputs: Int, features: Int, probes: Int = 0) {
    self.probes = probes
    self.axes = axes
    self.outputs = outputs
    self.features = features
    var directions: [Double] = []
    var rows: [Int?] = []
    for axis in axes {
      switch axis.quantity {
      case .dot(let direction), .angle(let direction):
        precondition(direction.count == features, "one number a coordinate of w")
        rows.append(directions.count / features)
        directions += direction
      case .outputWeight(let number):
        precondition(number < outputs)
        rows.append(nil)
      case .inputWeight(let number):
        precondition(number < features)
        rows.append(nil)
      case .norm: rows.append(nil)
      case .preactivation(let probe):
        precondition(probe < probes)
        rows.append(nil)
      }
    }
    self.directions = directions
    rowOfAxis = rows
    needsNorms = axes.contains {
      switch $0.quantity {
      case .norm, .angle: true
      case .outputWeight, .inputWeight, .dot, .preactivation: false
      }
    }
  }

  /// Writes `results[axis * stride + r]` for particles r = 0, ..., count - 1.
  ///
  /// The angle with w = 0 is NaN: there is none.
  ///
  /// - Parameters:
  ///   - outputWeights: count x outputs, row by row.
  ///   - inputWeights: count x features, row by row.
  ///   - preactivations: count x probes, row by row.
  public func project(
    count: Int, outputWeights: UnsafePointer<Double>, inputWeights: UnsafePointer<Double>,
    preactivations: UnsafePointer<Double>? = nil,
    into results: UnsafeMutablePointer<Double>, stride: Int
  ) {
    precondition(stride >= count)
    guard count > 0 else { return }
    let rows = directions.isEmpty ? 0 : directions.count / features
    let dots = AlignedBuffer<Double>(count: count * rows, repeating: 0)
    if rows > 0 {
      Double.multiply(
        inputWeights, transposed: false, leading: features, directions, transposed: true,
        leading: features, into: dots.base, leading: rows, m: count, n: rows, k: features,
        alpha: 1, beta: 0)
    }
    let squares = AlignedBuffer<Double>(count: needsNorms ? count : 0, repeating: 0)
    if needsNorms {
      iw_row_dots_f64(inputWeights, inputWeights, count, features, squares.base)
    }
    for (index, axis) in axes.enumerated() {
      let result = results + index * stride
      switch axis.quantity {
      case .outputWeight(let number):
        for r in 0..<count { result[r] = outputWeights[r * outputs + number] }
      case .inputWeight(let number):
        for r in 0..<count { result[r] = inputWeights[r * features + number] }
      case .norm:
        for r in 0..<count { result[r] = squares.base[r].squareRoot() }
      case .preactivation(let probe):
        for r in 0..<count { result[r] = preactivations![r * probes + probe] }
      case .dot:
        let row = rowOfAxis[index]!
        for r in 0..<count { result[r] = dots.base[r * rows + row] }
      case .angle:
        let row = rowOfAxis[index]!
        for r in 0..<count {
          let along = dots.base[r * rows + row]
          let across = perpendicular(
            inputWeights + r * features, along: along, row: row, square: squares.base[r])
          result[r] = squares.base[r] > 0 ? atan2(across, along) : .nan
        }
      }
    }
  }

  /// |w - (w . e) e|. From the squares, unless most of their digits cancel.
  private func perpendicular(
    _ w: UnsafePointer<Double>, along: Double, row: Int, square: Double
  ) -> Double {
    let difference = square - along * along
    if difference > 1e-3 * square { return difference.squareRoot() }
    var sum = 0.0
    for j in 0..<features {
      let rest = w[j] - along * directions[row * features + j]
      sum += rest * rest
    }
    return sum.squareRoot()
  }
}
