import Execution
import LinearAlgebra
import Measures
import MessagePassing

/// The affine map that gives a sample the exact mean (zero) and second moments (one) of its law in
/// the leading coordinates: with the sample's mean m and covariance L L^T it is v -> L^-1 (v - m).
///
/// Contributions of particles to the logits are close to quadratic in the initial (a, w) for a long
/// time, so exact second moments take out most of the noise, in high dimension more than any
/// placing of the points. The map of a finite sample depends on the sample, which leaves a bias of
/// order coordinates / particles of the noise that is left.
struct MomentMatching: Sendable {
  /// Matched coordinates, the first ones of a row.
  let coordinates: Int
  private let width: Int
  private let mean: BothPrecisions
  /// L^-1, row-major, lower triangular.
  private let inverse: BothPrecisions

  /// Particles (or groups of images) needed for each matched coordinate: with fewer the map would
  /// distort the law itself.
  static let groupsPerCoordinate = 4
  /// Coordinates matched at most: the cost of the map grows with their square.
  static let largestCoordinates = 2048

  /// - Parameters:
  ///   - fill: writes particles of the unmatched sample, standard coordinates row by row.
  init(
    count: Int, outputs: Int, features: Int, group design: SampleDesign, workers: Workers,
    fill: @Sendable @escaping (_ first: Int, _ count: Int, UnsafeMutablePointer<Double>) -> Void
  ) {
    width = outputs + features
    var matched = min(
      width, Self.largestCoordinates,
      max(outputs, count / design.groupSize / Self.groupsPerCoordinate))
    let (sums, squares) = Self.moments(
      count: count, width: width, matched: matched, workers: workers, fill: fill)
    var mean = sums.map { $0 / Double(count) }
    if design.symmetry != nil {
      // Zero by symmetry; sums of rounded numbers need not be.
      for c in 0..<outputs { mean[c] = 0 }
      if design.symmetry != .antithetic { for j in mean.indices { mean[j] = 0 } }
    }
    var covariance = Matrix(rows: matched, columns: matched, repeating: 0.0)
    for i in 0..<matched {
      for j in 0...i {
        let crosses = j < outputs && i >= outputs
        let isZero = crosses && (design.symmetry == .antithetic || design.symmetry == .quadruples)
        covariance[i, j] = isZero ? 0 : squares[i, j] / Double(count) - mean[i] * mean[j]
      }
    }
    // A sample of less rank than coordinates (constant features, few particles) is matched in fewer.
    while true {
      if case .factorized(let cholesky) = Cholesky.factorize(covariance.leading(matched)),
        (0..<matched).allSatisfy({ cholesky.factor[$0, $0] > 1e-3 })
      {
        inverse = BothPrecisions(cholesky.factor.inverseOfLowerTriangle().elements)
        break
      }
      matched -= max(1, matched / 8)
      if matched <= 0 {
        matched = 0
        inverse = BothPrecisions([])
        break
      }
    }
    coordinates = matched
    self.mean = BothPrecisions(Array(mean.prefix(matched)))
  }

  /// Sums of the coordinates and of their products over the sample.
  private static func moments(
    count: Int, width: Int, matched: Int, workers: Workers,
    fill: @Sendable @escaping (_ first: Int, _ count: Int, UnsafeMutablePointer<Double>) -> Void
  ) -> (sums: [Double], squares: Matrix<Double>) {
    // A fixed number of stripes, each over its blocks in order: the same sums for any threads and processes.
    let blockSize = 512
    let blocks = (count + blockSize - 1) / blockSize
    let stripes = min(16, blocks)
    let stride = matched * (matched + 1)
    let partial = AlignedBuffer<Double>(count: stripes * stride, repeating: 0)
    let ranks = workers.ranks
    let held = ranks.share(of: stripes)
    workers.forProducts.forEach(held.count) { piece, _ in
      let stripe = held.lowerBound + piece
      let rows = AlignedBuffer<Double>(count: blockSize * width, repeating: 0)
      let sums = partial.base + stripe * stride
      for block in Swift.stride(from: stripe, to: blocks, by: stripes) {
        let first = block * blockSize
        let size = min(blockSize, count - first)
        fill(first, size, rows.base)
        for r in 0..<size {
          let row = rows.base + r * width
          for j in 0..<matched { sums[j] += row[j] }
        }
        Double.multiply(
          rows.base, transposed: true, leading: width, rows.base, transposed: false,
          leading: width, into: sums + matched, leading: matched, m: matched, n: matched,
          k: size, alpha: 1, beta: 1)
      }
    }
    ranks.gather(UnsafeMutableBufferPointer(start: partial.base, count: partial.count)) {
      let share = ranks.share(of: stripes, rank: $0)
      return (share.lowerBound * stride)..<(share.upperBound * stride)
    }
    var total = [Double](repeating: 0, count: stride)
    for stripe in 0..<stripes {
      for i in 0..<stride { total[i] += partial.base[stripe * stride + i] }
    }
    return (
      Array(total[..<matched]),
      Matrix(rows: matched, columns: matched, elements: Array(total[matched...]))
    )
  }

  /// Maps `count` rows of standard coordinates in place.
  func apply<Scalar: ParticleScalar>(to rows: UnsafeMutablePointer<Scalar>, count: Int) {
    guard coordinates > 0 else { return }
    let centered = AlignedBuffer<Scalar>(count: count * coordinates, repeating: 0)
    let inverse = inverse.values(in: Scalar.self)
    Scalar.shift(
      rows, stride: width, by: mean.values(in: Scalar.self), factor: 1, rows: count,
      columns: coordinates, to: centered.base, stride: coordinates)
    Scalar.multiply(
      centered.base, transposed: false, leading: coordinates, inverse, transposed: true,
      leading: coordinates, into: rows, leading: width, m: count, n: coordinates,
      k: coordinates, alpha: 1, beta: 0)
  }
}

extension Matrix<Double> {
  /// The leading square block.
  fileprivate func leading(_ order: Int) -> Matrix {
    order == rows
      ? self
      : Matrix(rows: order, columns: order, elements: (0..<order).flatMap { row($0).prefix(order) })
  }

  /// The inverse of a lower triangular matrix, by forward substitution: n^3 / 3 operations.
  fileprivate func inverseOfLowerTriangle() -> Matrix {
    let n = rows
    var result = [Double](repeating: 0, count: n * n)
    elements.withUnsafeBufferPointer { l in
      result.withUnsafeMutableBufferPointer { x in
        for i in 0..<n {
          // Row i of L X = 1: x_i = (e_i - sum_{k<i} L_ik x_k) / L_ii.
          for k in 0..<i {
            let factor = l[i * n + k]
            for j in 0...k { x[i * n + j] -= factor * x[k * n + j] }
          }
          x[i * n + i] = 1
          for j in 0...i { x[i * n + j] /= l[i * n + i] }
        }
      }
    }
    return Matrix(rows: n, columns: n, elements: result)
  }
}
