import InfiniteWidth

/// Points around centres, every centre with a class of its own; a pure function of the seed.
struct GaussianMixture {
  let centres: [[Double]]
  /// -1 or +1, one a centre.
  let labels: [Double]
  let deviation: Double
  let seed: UInt64

  /// Four Gaussians of standard deviation 0.4 at (+-1, +-1); the label is the product of the signs.
  static func exclusiveOr(seed: UInt64) -> GaussianMixture {
    GaussianMixture(
      centres: [[1, 1], [1, -1], [-1, -1], [-1, 1]], labels: [1, -1, 1, -1], deviation: 0.4,
      seed: seed)
  }

  /// Standard normal centres with labels in turn, and standard deviations 0.4 around them. Centres
  /// are the stream's first particles, points those after them.
  static func clusters(_ count: Int, dimension: Int, seed: UInt64) -> GaussianMixture {
    let stream = RandomStream(seed: seed, stream: .syntheticData)
    return GaussianMixture(
      centres: (0..<count).map { stream.normals(dimension, particle: $0) },
      labels: (0..<count).map { $0.isMultiple(of: 2) ? 1 : -1 }, deviation: 0.4, seed: seed)
  }

  func problem(_ training: Int, _ test: Int) -> LearningProblem {
    let (trainingInputs, trainingLabels) = points(0..<training)
    let (testInputs, testLabels) = points(training..<(training + test))
    return LearningProblem(
      trainingInputs: trainingInputs, trainingLabels: trainingLabels, testInputs: testInputs,
      testLabels: testLabels, task: .binary(classNames: ["-1", "1"]))
  }

  private func points(_ numbers: Range<Int>) -> (Matrix<Double>, [Double]) {
    let stream = RandomStream(seed: seed, stream: .syntheticData)
    let dimension = centres[0].count
    let elements = numbers.flatMap { number in
      zip(
        centres[number % centres.count],
        stream.normals(dimension, particle: centres.count + number)
      ).map { $0 + deviation * $1 }
    }
    return (
      Matrix(rows: numbers.count, columns: dimension, elements: elements),
      numbers.map { labels[$0 % labels.count] }
    )
  }
}
