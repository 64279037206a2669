import InfiniteWidth

extension LearningProblem {
  /// The problem with mean 0 and standard deviation 1 of every feature over the training points, without the
  /// features that are the same at all of them: pixels at the edges count as much as those in the middle.
  var standardized: LearningProblem {
    let rows = trainingInputs.rows
    var kept: [(feature: Int, mean: Double, deviation: Double)] = []
    for feature in 0..<inputDimension {
      let values = (0..<rows).map { trainingInputs[$0, feature] }
      let mean = values.reduce(0, +) / Double(rows)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)
      if variance > 0 { kept.append((feature, mean, variance.squareRoot())) }
    }
    func standardized(_ inputs: Matrix<Double>) -> Matrix<Double> {
      Matrix(
        rows: inputs.rows, columns: kept.count,
        elements: (0..<inputs.rows).flatMap { row in
          kept.map { (inputs[row, $0.feature] - $0.mean) / $0.deviation }
        })
    }
    return LearningProblem(
      trainingInputs: standardized(trainingInputs), trainingLabels: trainingLabels,
      testInputs: standardized(testInputs), testLabels: testLabels, task: task)
  }
}
