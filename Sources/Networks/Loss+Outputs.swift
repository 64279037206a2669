import Foundation

/// Losses of points with one or several outputs. Logits are flat, the output running fastest:
/// `logits[point * outputs + output]`.
extension Loss {
  /// The gradients dl/df of every point, in the order of the logits, in the limit that the
  /// `magnitude` of the logits names (``derivative(label:logit:magnitude:)``).
  ///
  /// Softmax: p - onehot(y) with p = exp(f_c) / sum exp(f). As logits t f~ diverge, p becomes the
  /// indicator of the largest f~_c, shared equally among equal ones, since exp(t (f~_c - max f~))
  /// tends to 1[f~_c = max f~]; as they vanish, p becomes uniform.
  /// - Precondition: `accepts(outputs:)`; logits do not diverge, or ``hasBoundedDerivative``.
  package func gradients(
    labels: [Double], logits: [Double], outputs: Int, magnitude: PowerOfWidth
  ) -> [Double] {
    precondition(accepts(outputs: outputs) && logits.count == labels.count * outputs)
    if outputs == 1 {
      return zip(labels, logits).map { derivative(label: $0, logit: $1, magnitude: magnitude) }
    }
    var result = logits
    for (point, label) in labels.enumerated() {
      let range = (point * outputs)..<((point + 1) * outputs)
      switch self {
      case .squared:
        precondition(magnitude != .diverges, "the squared loss has no limit at diverging logits")
        if magnitude == .vanishes { for i in range { result[i] = 0 } }
      case .softmax: Self.replaceByProbabilities(&result, range, magnitude)
      case .logistic: preconditionFailure("the logistic loss has one output")
      }
      result[range.lowerBound + Int(label)] -= 1
    }
    return result
  }

  /// The mean loss of the points, in the limit that the `magnitude` of the logits names
  /// (``value(label:logit:magnitude:)``): l itself where logits are finite or vanish, the limit of
  /// l(y, t f~) / t where they diverge (softmax: max f~ - f~_y).
  /// - Precondition: `accepts(outputs:)`; logits do not diverge, or ``hasBoundedDerivative``.
  package func mean(
    labels: [Double], logits: [Double], outputs: Int, magnitude: PowerOfWidth
  ) -> Double {
    precondition(accepts(outputs: outputs) && logits.count == labels.count * outputs)
    var sum = 0.0
    for (point, label) in labels.enumerated() {
      sum +=
        outputs == 1
        ? value(label: label, logit: logits[point], magnitude: magnitude)
        : value(
          classNumber: Int(label), logits: logits[(point * outputs)..<((point + 1) * outputs)],
          magnitude: magnitude)
    }
    return sum / Double(labels.count)
  }

  /// The loss of one point of several outputs.
  private func value(
    classNumber: Int, logits: ArraySlice<Double>, magnitude: PowerOfWidth
  ) -> Double {
    if logits.contains(where: \.isNaN) { return .nan }
    let own = logits[logits.startIndex + classNumber]
    let largest = logits.max()!
    switch (self, magnitude) {
    case (.squared, .staysFinite):
      return logits.indices.reduce(0) { sum, i in
        let gap = logits[i] - (i == logits.startIndex + classNumber ? 1 : 0)
        return sum + gap * gap / 2
      }
    case (.squared, .vanishes): return 0.5
    case (.softmax, .staysFinite):
      // The largest exponent is zero: the sum is between 1 and the number of outputs.
      return largest - own + log(logits.reduce(0) { $0 + exp($1 - largest) })
    case (.softmax, .vanishes): return log(Double(logits.count))
    case (.softmax, .diverges): return largest - own
    default: preconditionFailure("the \(rawValue) loss has no such limit")
    }
  }

  private static func replaceByProbabilities(
    _ values: inout [Double], _ range: Range<Int>, _ magnitude: PowerOfWidth
  ) {
    if values[range].contains(where: \.isNaN) {
      for i in range { values[i] = .nan }
      return
    }
    let largest = values[range].max()!
    for i in range {
      switch magnitude {
      case .vanishes: values[i] = 1
      case .staysFinite: values[i] = exp(values[i] - largest)
      case .diverges: values[i] = values[i] == largest ? 1 : 0
      }
    }
    let sum = values[range].reduce(0, +)
    for i in range { values[i] /= sum }
  }
}
