import ParticleSystems

extension Trajectory {
  /// Root mean square difference of two independent trajectories of one limit by their stated errors; `nil` where one
  /// states none.
  func expectedGap(from other: Trajectory) -> Double? {
    let gap = (largestError * largestError + other.largestError * other.largestError).squareRoot()
    return gap.isNaN ? nil : gap
  }

  /// Largest root mean square difference of the training logits from those of another trajectory of the same members,
  /// over common recorded steps; `nil` where there is none.
  func trainingGap(from other: Trajectory) -> Double? {
    let size = trainingPoints * outputs
    let known = Dictionary(uniqueKeysWithValues: other.steps.enumerated().map { ($1, $0) })
    let gaps = steps.enumerated().compactMap { index, step -> Double? in
      guard let otherIndex = known[step] else { return nil }
      var sum = 0.0
      for member in 0..<members {
        for i in 0..<size {
          let gap =
            trainingLogits[(member * steps.count + index) * size + i]
            - other.trainingLogits[(member * other.steps.count + otherIndex) * size + i]
          sum += gap * gap
        }
      }
      return (sum / Double(size * members)).squareRoot()
    }
    return gaps.filter { !$0.isNaN }.max()
  }
}
