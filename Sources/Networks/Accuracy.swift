/// The fraction of points whose label -1 or +1 has the sign of the logit. A logit of exactly zero
/// names no class and counts one half, so that the zero function of a mean-field limit at step 0 has
/// the accuracy of a coin.
package func signAccuracy(labels: some Collection<Double>, logits: some Collection<Double>)
  -> Double
{
  precondition(labels.count == logits.count && !labels.isEmpty)
  var correct = 0.0
  for (y, f) in zip(labels, logits) {
    if f.isNaN { return .nan }
    if f == 0 { correct += 0.5 } else if (f > 0) == (y > 0) { correct += 1 }
  }
  return correct / Double(labels.count)
}

/// The fraction of points whose class number has the largest of the point's logits, the first of
/// equal ones: `logits[point * outputs + output]`.
package func largestLogitAccuracy(labels: [Double], logits: [Double], outputs: Int) -> Double {
  precondition(logits.count == labels.count * outputs && !labels.isEmpty && outputs > 1)
  var correct = 0
  for (point, label) in labels.enumerated() {
    var largest = point * outputs
    for i in (point * outputs)..<((point + 1) * outputs) {
      if logits[i].isNaN { return .nan }
      if logits[i] > logits[largest] { largest = i }
    }
    if largest - point * outputs == Int(label) { correct += 1 }
  }
  return Double(correct) / Double(labels.count)
}

extension LearningProblem {
  /// The fraction of points whose class the logits name: by the sign of the one output
  /// (`signAccuracy(labels:logits:)`), or by the largest of several.
  public func accuracy(labels: [Double], logits: [Double]) -> Double {
    outputs == 1
      ? signAccuracy(labels: labels, logits: logits)
      : largestLogitAccuracy(labels: labels, logits: logits, outputs: outputs)
  }
}
