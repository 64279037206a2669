import LinearAlgebra
import Measures
import Networks

/// Two overlapping Gaussian classes in three dimensions: 20 training and 15 test points.
func smallProblem() -> LearningProblem {
  let stream = RandomStream(seed: 31, stream: .syntheticData)
  func inputs(_ count: Int, _ first: Int) -> Matrix<Double> {
    Matrix(
      rows: count, columns: 3,
      elements: (0..<count).flatMap { i in
        var x = stream.normals(3, particle: first + i)
        x[0] += i % 2 == 0 ? 1 : -1
        return x
      })
  }
  func labels(_ count: Int) -> [Double] { (0..<count).map { $0 % 2 == 0 ? 1 : -1 } }
  return LearningProblem(
    trainingInputs: inputs(20, 0), trainingLabels: labels(20), testInputs: inputs(15, 1000),
    testLabels: labels(15), task: .binary(classNames: ["a", "b"]))
}
