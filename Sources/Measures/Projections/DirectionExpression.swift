/// A direction in the space of input weights, by name: where it comes from, before any data are read.
public enum DirectionExpression: Sendable, Hashable {
  /// The principal component number k = 1, 2, ... of the centred training inputs
  /// (``PrincipalComponents``).
  case principalComponent(Int)
  /// From the mean of the training inputs of the first class to that of the second.
  case meanDifference
  /// From the mean of the training inputs of one class to that of another, by class numbers.
  case classMeanDifference(from: Int, to: Int)
  /// The numbers in a file, one for each coordinate of w.
  case file(String)

  /// As ``ProjectionExpression`` reads it.
  public var text: String {
    switch self {
    case .principalComponent(let number): "pca\(number)"
    case .meanDifference: "mean_difference"
    case .classMeanDifference(let from, let to): "mean_difference[\(from),\(to)]"
    case .file(let path):
      path.contains(where: { ",() '\"".contains($0) }) ? "file:\(quoted(path))" : "file:\(path)"
    }
  }

  private func quoted(_ path: String) -> String {
    path.contains("'") ? "\"\(path)\"" : "'\(path)'"
  }
}
