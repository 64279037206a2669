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
      return try open(training, key: "data.train_path")
    }
    return try openIDX(training, labels: trainLabels, keys: .training)
  }

  /// `nil` where there is no test file.
  func openTest() throws -> (any LabelledPoints)? {
    guard let test else { return nil }
    guard case .mnist(_, _, _, let testLabels) = source else {
      return try open(test, key: "data.test_path")
    }
    return try openIDX(test, labels: testLabels, keys: .test)
  }

  private func open(_ path: String, key: String) throws -> any LabelledPoints {
    do {
      switch source {
      case .csv: return try CSVFile(contentsOf: path)
      case .cifar10: return try CIFAR10File(contentsOf: path)
      case .mnist: preconditionFailure("idx files come in pairs")
      case .synthetic: preconditionFailure("the synthetic source has no files")
      }
    } catch let error as Diagnostic where error.kind == .inputMissing {
      // The key helps to find a wrong path; what is wrong inside a file is found by its name.
      throw error.located(key: key)
    }
  }

  private struct IDXKeys {
    let images: String
    let labels: String

    static let training = IDXKeys(images: "data.train_path", labels: "data.train_labels_path")
    static let test = IDXKeys(images: "data.test_path", labels: "data.test_labels_path")
  }

  /// Of the two files, the one that is missing decides the key. A labels' file that nobody named is
  /// news to the user, so the error says where its name comes from.
  private func openIDX(
    _ images: String, labels: String?, keys: IDXKeys
  ) throws -> any LabelledPoints {
    let labelsPath = try labels ?? IDXFiles.labelsPath(forImages: images)
    do {
      return try IDXFiles(images: images, labels: labelsPath)
    } catch let error as Diagnostic where error.kind == .inputMissing {
      guard error.file == labelsPath else { throw error.located(key: keys.images) }
      guard labels == nil else { throw error.located(key: keys.labels) }
      throw Diagnostic(
        .inputMissing,
        "\(error.message); this name of the labels' file is made from that of the images, "
          + "\(keys.labels) can give another", file: labelsPath, key: keys.labels)
    }
  }
}
