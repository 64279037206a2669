import Execution
import LinearAlgebra
import Measures
import Networks

/// The working storage of one evaluation of ``SampledKernels``: blocks of particles one after
/// another; within a block threads share the points, then the squares of the matrices. Every sum
/// has the order of the particles, whatever the threads.
final class SampledKernelSums<Scalar: BLASScalar & BitwiseCopyable>: Sendable {
  /// Particles of a block.
  private static var blockSize: Int { 256 }

  private let kernels: SampledKernels
  private let pairs: PointPairs
  private let workers: Workers
  private let features: Int
  private let inputs: AlignedBuffer<Scalar>
  private let outputWeights: AlignedBuffer<Scalar>
  private let inputWeights: AlignedBuffer<Scalar>
  /// phi and phi' of the block's particles (rows) at all points (columns).
  private let values: AlignedBuffer<Scalar>
  private let derivatives: AlignedBuffer<Scalar>
  /// Sums over the particles of one group.
  private let valueSums: AlignedBuffer<Scalar>
  private let derivativeSums: AlignedBuffer<Scalar>
  /// Means over groups and sums of squared deviations from them.
  private let covariance: GroupStatistics
  private let tangent: GroupStatistics
  private let products: AlignedBuffer<Double>

  init(_ kernels: SampledKernels, _ pairs: PointPairs, workers: Workers) {
    self.kernels = kernels
    self.pairs = pairs
    self.workers = workers
    features = pairs.rows.features
    inputs = AlignedBuffer(count: pairs.pointCount * features, repeating: 0)
    for (set, first) in [(pairs.rows, 0), (pairs.columns, pairs.columnOffset)] {
      for (index, x) in set.inputs.elements.enumerated() {
        inputs.base[first * features + index] = Scalar(x)
      }
    }
    let block = min(Self.blockSize, kernels.particles / kernels.groups)
    outputWeights = AlignedBuffer(count: block, repeating: 0)
    inputWeights = AlignedBuffer(count: block * features, repeating: 0)
    values = AlignedBuffer(count: block * pairs.pointCount, repeating: 0)
    derivatives = AlignedBuffer(count: block * pairs.pointCount, repeating: 0)
    let elements = pairs.rows.count * pairs.columns.count
    valueSums = AlignedBuffer(count: elements, repeating: 0)
    derivativeSums = AlignedBuffer(count: elements, repeating: 0)
    covariance = GroupStatistics(count: elements)
    tangent = GroupStatistics(count: elements)
    let side = PointPairs.blockSize
    products = AlignedBuffer(count: workers.count * side * side, repeating: 0)
  }

  func matrices() -> SampledKernelMatrices {
    let perGroup = kernels.particles / kernels.groups
    for group in 0..<kernels.groups {
      for first in stride(from: 0, to: perGroup, by: Self.blockSize) {
        let count = min(Self.blockSize, perGroup - first)
        evaluate(first: kernels.first + group * perGroup + first, count: count)
        workers.forEach(pairs.squares.count) { [self] index, _ in
          accumulate(pairs.square(index), particles: count, isFirst: first == 0)
        }
      }
      workers.forEach(pairs.squares.count) { [self] index, worker in
        fold(pairs.square(index), group: group, particles: perGroup, worker: worker)
      }
    }
    let (rows, columns) = (pairs.rows.count, pairs.columns.count)
    return SampledKernelMatrices(
      covariance: covariance.means(rows: rows, columns: columns),
      covarianceStandardError: covariance.standardErrors(
        rows: rows, columns: columns, groups: kernels.groups),
      tangent: tangent.means(rows: rows, columns: columns),
      tangentStandardError: tangent.standardErrors(
        rows: rows, columns: columns, groups: kernels.groups))
  }

  /// Draws a block of particles and evaluates phi and phi' at all points.
  private func evaluate(first: Int, count: Int) {
    let part = 16
    workers.forEach((count + part - 1) / part) { [self] index, _ in
      let start = index * part
      kernels.sample.fill(
        first: first + start, count: min(part, count - start), features: features,
        outputWeights: outputWeights.base + start,
        inputWeights: inputWeights.base + start * features)
    }
    let size = PointPairs.blockSize
    let points = pairs.pointCount
    let activation = kernels.architecture.activation
    workers.forEach((points + size - 1) / size) { [self] index, _ in
      let start = index * size
      let width = min(size, points - start)
      Scalar.multiply(
        inputWeights.base, transposed: false, leading: features,
        inputs.base + start * features, transposed: true, leading: features,
        into: values.base + start, leading: points, m: count, n: width, k: features, alpha: 1,
        beta: 0)
      for r in 0..<count {
        for i in (r * points + start)..<(r * points + start + width) {
          let z = Double(values.base[i])
          values.base[i] = Scalar(activation.value(z))
          derivatives.base[i] = Scalar(activation.derivative(z))
        }
      }
    }
  }

  /// Adds the block's products phi phi and phi' phi' to one square of the group's sums.
  private func accumulate(_ square: KernelSquare, particles: Int, isFirst: Bool) {
    let points = pairs.pointCount
    let columns = pairs.columns.count
    let place = square.firstRow * columns + square.firstColumn
    for (factor, sums) in [(values, valueSums), (derivatives, derivativeSums)] {
      Scalar.multiply(
        factor.base + square.firstRow, transposed: true, leading: points,
        factor.base + pairs.columnOffset + square.firstColumn, transposed: false, leading: points,
        into: sums.base + place, leading: columns, m: square.rowCount, n: square.columnCount,
        k: particles, alpha: 1, beta: isFirst ? 0 : 1)
    }
  }

  /// Turns one square of a group's sums into kernels and adds them to the statistics over groups.
  private func fold(_ square: KernelSquare, group: Int, particles: Int, worker: Int) {
    let side = PointPairs.blockSize
    let products = products.base + worker * side * side
    square.multiply(into: products)
    let columns = pairs.columns.count
    let factors = kernels.factors
    let isDiagonal = pairs.isSymmetric && square.firstRow == square.firstColumn
    for i in 0..<square.rowCount {
      for j in (isDiagonal ? i : 0)..<square.columnCount {
        let (row, column) = (square.firstRow + i, square.firstColumn + j)
        let place = row * columns + column
        let value = Double(valueSums.base[place]) / Double(particles)
        let derivative = Double(derivativeSums.base[place]) / Double(particles)
        covariance.add(factors.covariance * value, at: place, group: group)
        tangent.add(
          factors.output * value + factors.input * derivative * products[i * side + j], at: place,
          group: group)
        if pairs.isSymmetric {
          covariance.mirror(place, to: column * columns + row)
          tangent.mirror(place, to: column * columns + row)
        }
      }
    }
  }
}
