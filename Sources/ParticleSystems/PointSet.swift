import LinearAlgebra
import Networks

/// Inputs in the working precision, one point a row, with the constant feature where the network
/// has a bias.
public struct PointSet<Scalar: ParticleScalar>: Sendable {
  public let count: Int
  public let features: Int
  let inputs: AlignedBuffer<Scalar>

  public init(_ matrix: Matrix<Double>, architecture: Architecture) {
    count = matrix.rows
    features = architecture.featureCount(inputDimension: matrix.columns)
    inputs = AlignedBuffer(count: count * features, repeating: 1)
    for i in 0..<count {
      let row = inputs.base + i * features
      for j in 0..<matrix.columns { row[j] = Scalar(matrix.elements[i * matrix.columns + j]) }
    }
  }

  /// Room for up to `capacity` points of other sets.
  private init(capacity: Int, features: Int) {
    count = capacity
    self.features = features
    inputs = AlignedBuffer(count: capacity * features, repeating: 0)
  }

  /// The points with the given numbers, in that order.
  func selecting(_ indices: [Int]) -> PointSet {
    let result = PointSet(capacity: indices.count, features: features)
    for (i, index) in indices.enumerated() {
      (result.inputs.base + i * features).update(
        from: inputs.base + index * features, count: features)
    }
    return result
  }

  /// |x|^2 of one point, the constant feature included.
  func squaredNorm(_ index: Int) -> Double {
    var sum = 0.0
    for j in 0..<features {
      let x = Double(inputs.base[index * features + j])
      sum += x * x
    }
    return sum
  }
}
