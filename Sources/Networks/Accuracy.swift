/// The fraction of points whose label -1 or +1 has the sign of the logit. A logit of exactly zero
/// names no class and counts one half, so that the zero function of a mean-field limit at step 0 has
/// the accuracy of a coin.
public func signAccuracy(labels: some Collection<Double>, logits: some Collection<Double>) -> Double
{
  precondition(labels.count == logits.count && !labels.isEmpty)
  var correct = 0.0
  for (y, f) in zip(labels, logits) {
    if f.isNaN { return .nan }
    if f == 0 { correct += 0.5 } else if (f > 0) == (y > 0) { correct += 1 }
  }
  return correct / Double(labels.count)
}
