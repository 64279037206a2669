import Networks

extension LearningProblem {
  /// Remarks on what the labels are taken for, where that may not be meant.
  var notes: [String] {
    guard task == .regression, trainingLabels.allSatisfy({ $0 == $0.rounded() }) else { return [] }
    return ["labels are numbers to fit (regression); data.classes makes classes of them"]
  }
}
