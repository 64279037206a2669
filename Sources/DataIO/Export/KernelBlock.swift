/// The matrices of KERNEL.nc, each of which there are two: the covariance of the initial function and the
/// tangent kernel.
public enum KernelBlock: String, Sendable, CaseIterable {
  case trainTrain = "train_train"
  /// Rows are test points, columns training points.
  case testTrain = "test_train"
  case testTest = "test_test"

  var nngpName: String { "nngp_\(rawValue)" }
  var tangentName: String { "ntk_\(rawValue)" }

  /// Names of the dimensions; those of one set with itself differ, as readers want it.
  var dimensions: [String] {
    switch self {
    case .trainTrain: ["train", "other_train"]
    case .testTrain: ["test", "train"]
    case .testTest: ["test", "other_test"]
    }
  }

  var words: String {
    switch self {
    case .trainTrain: "among training points"
    case .testTrain: "between test points (rows) and training points"
    case .testTest: "among test points"
    }
  }
}
