import Execution
import Foundation
import LinearAlgebra

/// A Gaussian kernel density as a band-limited function, which can be read anywhere to the accuracy
/// with which it was made.
///
/// The function is known by its values on cells, made such that a window's weights give the density
/// between them (the interpolation step of a non-uniform transform of type 2).
package final class FourierDensity<Scalar: DensityScalar>: Sendable {
  private let domain: FourierDomain
  private let values: AlignedBuffer<Scalar>

  /// - Parameter spectrum: coefficients on the domain's cells, destroyed here.
  init(domain: FourierDomain, spectrum: AlignedBuffer<Scalar>) {
    self.domain = domain
    let plan = FFTPlan<Scalar>(.backward, shape: domain.shape)
    values = AlignedBuffer(count: plan.realCount, repeating: 0)
    plan.execute(real: values, spectrum: spectrum)
  }

  /// The density at one position; 0 outside the grid and out of bounds. Cost: 12^d operations for
  /// each mirror image.
  package func value(at position: [Double]) -> Double {
    precondition(position.count == domain.axes.count)
    var images: [[Double]] = [[]]
    for (j, x) in position.enumerated() {
      let axis = domain.grid.axes[j]
      guard x >= axis.lower, x <= axis.upper else { return 0 }
      let cells = domain.axes[j]
      // Images off the cells are farther than kernels reach.
      let choices = domain.boundaries[j].images(
        of: x, from: cells.first, to: cells.first + cells.period)
      images = images.flatMap { image in choices.map { image + [$0] } }
    }
    return images.reduce(0) { $0 + unboundedValue(at: $1) }
  }

  /// The density at one position, without mirror images.
  private func unboundedValue(at position: [Double]) -> Double {
    var firsts: [Int] = []
    var weights: [[Double]] = []
    for (axis, x) in zip(domain.axes, position) {
      let place = axis.place(x)
      let near = domain.window.weights(at: [place.rest])
      let first = place.index + near.firsts[0]
      guard first >= 0, first + domain.window.width <= axis.cells else { return 0 }
      firsts.append(first)
      weights.append(near.weights)
    }
    var sum = 0.0
    let width = domain.window.width
    let combinations = (0..<position.count).reduce(1) { product, _ in product * width }
    for combination in 0..<combinations {
      var rest = combination
      var cell = 0
      var weight = 1.0
      for axis in position.indices {
        let k = rest % width
        rest /= width
        cell = cell * domain.shape[axis] + firsts[axis] + k
        weight *= weights[axis][k]
      }
      sum += weight * Double(values.base[cell])
    }
    return sum
  }

  /// The density at all grid points, mirror images included.
  func gridValues() -> [Scalar] {
    var input = values
    var shape = domain.shape
    for axis in shape.indices {
      let band = AxisBand(domain.axes[axis], nodes: domain.nodes[axis], window: domain.window)
      let outer = shape[..<axis].reduce(1, *)
      let inner = shape[(axis + 1)...].reduce(1, *)
      let output = AlignedBuffer<Scalar>(count: outer * band.count * inner, repeating: 0)
      Scalar.contract(input.base, outer: outer, inner: inner, band, into: output.base)
      shape[axis] = band.count
      input = output
    }
    return Array(input.contents)
  }
}
