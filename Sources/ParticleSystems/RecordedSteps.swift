import Foundation

/// Which training steps a run records.
public enum RecordedSteps: Sendable, Equatable {
  /// Every `stride`-th step.
  case every(Int)
  /// 0, 1, 2, ... 10, and then ten steps a decade: the nearest whole numbers to 10^{k/10}.
  case logarithmic

  /// The recorded steps of a run of `steps` updates, increasing; 0 and the last are always there.
  package func list(upTo steps: Int) -> [Int] {
    var result: [Int]
    switch self {
    case .every(let stride):
      precondition(stride >= 1)
      result = Array(Swift.stride(from: 0, through: steps, by: stride))
    case .logarithmic:
      result = Array(0...min(steps, 10))
      var exponent = 11
      while true {
        let step = Int(pow(10, Double(exponent) / 10).rounded())
        if step > steps { break }
        result.append(step)
        exponent += 1
      }
    }
    if result.last != steps { result.append(steps) }
    return result
  }
}
