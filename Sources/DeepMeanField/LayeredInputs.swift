import LinearAlgebra
import Networks
import ParticleSystems

/// The points of a run, in the precision of its products.
final class LayeredInputs<Scalar: ParticleScalar>: Sendable {
  let training: AlignedBuffer<Scalar>
  let test: AlignedBuffer<Scalar>
  let features: Int
  /// Points that pass through the networks together, at most: a batch, or 512.
  let atOnce: Int

  init(_ settings: TrainingSettings) {
    let problem = settings.problem
    func buffer(_ points: Matrix<Double>) -> AlignedBuffer<Scalar> {
      let features = settings.architecture.features(of: points)
      let result = AlignedBuffer<Scalar>(count: features.elements.count, repeating: 0)
      Scalar.round(features.elements, count: features.elements.count, to: result.base)
      return result
    }
    training = buffer(problem.trainingInputs)
    test = buffer(problem.testInputs)
    features = settings.architecture.featureCount(inputDimension: problem.inputDimension)
    atOnce = Self.pointsAtOnce(settings).points
  }

  /// Points that pass through together at most, and those of the largest batch.
  static func pointsAtOnce(_ settings: TrainingSettings) -> (points: Int, batch: Int) {
    let problem = settings.problem
    let batch = settings.batches.largestBatch(points: problem.trainingCount)
    return (max(batch, min(512, max(problem.trainingCount, problem.testCount))), batch)
  }

  func fitsAtOnce(_ points: Int) -> Bool { points <= atOnce }

  /// A batch of training points, or all of them.
  func points(_ batch: [Int]?) -> LayeredPoints<Scalar> {
    guard let batch else {
      return LayeredPoints(training.base, count: training.count / features, first: 0)
    }
    let gathered = AlignedBuffer<Scalar>(count: batch.count * features, repeating: 0)
    for (place, point) in batch.enumerated() {
      (gathered.base + place * features).update(
        from: training.base + point * features, count: features)
    }
    return LayeredPoints(
      gathered.base, count: batch.count, first: 0, selection: batch, owner: gathered)
  }

  /// A set of points piece by piece.
  ///
  /// - Parameters:
  ///   - first: number of its first point in the list of all, training points first.
  ///   - count: points of the set, the first ones; `nil` for all.
  func chunks(
    of set: AlignedBuffer<Scalar>, first: Int, count: Int? = nil
  ) -> [LayeredPoints<Scalar>] {
    let count = count ?? set.count / features
    return stride(from: 0, to: count, by: atOnce).map {
      LayeredPoints(set.base + $0 * features, count: min(atOnce, count - $0), first: first + $0)
    }
  }
}
