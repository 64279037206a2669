import InfiniteWidth

extension LearningProblem {
  /// The problem with mean 0 and standard deviation 1 of every feature over all training and test points, without
  /// features that are the same at all of them, and with the first test points alone: pixels at the edges
  /// count as much as those in the middle.
  ///
  /// Deviations over the training points alone would make outliers of test points with ink where these have almost none.
  func standardized(testPoints: Int) -> LearningProblem {
    let all = [trainingInputs, testInputs]
    let count = Double(all.reduce(0) { $0 + $1.rows })
    var kept: [(feature: Int, mean: Double, deviation: Double)] = []
    for feature in 0..<inputDimension {
      let values = all.flatMap { inputs in (0..<inputs.rows).map { inputs[$0, feature] } }
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      if variance > 0 { kept.append((feature, mean, variance.squareRoot())) }
    }
    func standardized(_ inputs: Matrix<Double>, _ rows: Int) -> Matrix<Double> {
      Matrix(
        rows: rows, columns: kept.count,
        elements: (0..<rows).flatMap { row in
          kept.map { (inputs[row, $0.feature] - $0.mean) / $0.deviation }
        })
    }
    return LearningProblem(
      trainingInputs: standardized(trainingInputs, trainingInputs.rows),
      trainingLabels: trainingLabels, testInputs: standardized(testInputs, testPoints),
      testLabels: Array(testLabels.prefix(testPoints)), task: task)
  }
}
