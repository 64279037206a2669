/// Mean and standard deviation over the members of a trajectory, step by step.
///
/// A step at which any member is NaN has neither: the mean of those that did not diverge would be
/// another quantity from there on.
struct MemberSpread: Equatable {
  var mean: [Double]
  /// Mean minus and plus one sample standard deviation (n - 1); empty for a single member.
  var lower: [Double] = []
  var upper: [Double] = []

  /// - Parameter values: (member, step).
  init(_ values: [Double], members: Int) {
    precondition(members > 0 && values.count % members == 0)
    let steps = values.count / members
    mean = (0..<steps).map { step in
      (0..<members).reduce(0) { $0 + values[$1 * steps + step] } / Double(members)
    }
    guard members > 1 else { return }
    for step in 0..<steps {
      let squares = (0..<members).reduce(0.0) {
        let difference = values[$1 * steps + step] - mean[step]
        return $0 + difference * difference
      }
      let deviation = (squares / Double(members - 1)).squareRoot()
      lower.append(mean[step] - deviation)
      upper.append(mean[step] + deviation)
    }
  }
}
