import Diagnostics

/// The files of a source, opened one at a time, with the configuration's key in errors about files
/// that are missing.
struct SourceFiles {
  /// The training file's path, as errors name it.
  let training: String
  let test: String?
  private let source: DatasetRequest.Source

  /// - Throws: `Diagnostic` for test labels without test images.
  init(_ source: DatasetRequest.Source) throws {
    self.source = source
    switch source {
    case .csv(let trainPath, let testPath), .cifar10(let trainPath, let testPath):
      (training, test) = (trainPath, testPath)
    case .mnist(let trainImages, _, let testImages, let testLabels):
      if testImages == nil, let testLabels {
        throw Diagnostic(
          .badInput, "received labels (\(testLabels)) without images; accepted: both, or neither",
          key: "data.test_path")
      }
      (training, test) = (trainImages, testImages)
    case .synthetic:
      preconditionFailure("the synthetic source has no files")
    }
  }

  func openTraining() throws -> any LabelledPoints {
    guard case .mnist(_, let trainLabels, _, _) = source else {
      return try open(training, labels: nil, key: "data.train_path")
    }
    return try open(training, labels: trainLabels, key: "data.train_path")
  }

  /// `nil` where there is no test file.
  func openTest() throws -> (any LabelledPoints)? {
    guard let test else { return nil }
    guard case .mnist(_, _, _, let testLabels) = source else {
      return try open(test, labels: nil, key: "data.test_path")
    }
    return try open(test, labels: testLabels, key: "data.test_path")
  }

  private func open(_ path: String, labels: String?, key: String) throws -> any LabelledPoints {
    do {
      switch source {
      case .csv: return try CSVFile(contentsOf: path)
      case .cifar10: return try CIFAR10File(contentsOf: path)
      case .mnist: return try IDXFiles(images: path, labels: labels)
      case .synthetic: preconditionFailure("the synthetic source has no files")
      }
    } catch let error as Diagnostic where error.kind == .inputMissing {
      // The key helps to find a wrong path; what is wrong inside a file is found by its name.
      throw error.located(key: key)
    }
  }
}
