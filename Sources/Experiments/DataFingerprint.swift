import DataIO
import Diagnostics
import LinearAlgebra
import Networks

/// A number that tells whether training or test data are those that a run was made from: the 64-bit FNV-1a hash
/// (Fowler, Noll and Vo; draft-eastlake-fnv) of the numbers of points and features and the bits of all inputs and
/// labels as they are used, after selection and normalization.
///
/// It finds accidents, not forgeries: two data sets have the same one by a chance of 2^-64.
package enum DataFingerprint {
  /// The attributes of RUN.nc and NETS.nc.
  package static let trainingAttribute = "training_data_fingerprint"
  static let testAttribute = "test_data_fingerprint"

  /// Such as "40 x 5, fnv1a 0123456789abcdef". Cost: 8 multiplications a number, one after another.
  static func text(inputs: Matrix<Double>, labels: [Double]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    add([UInt64(inputs.rows), UInt64(inputs.columns)], to: &hash)
    add(inputs.elements, to: &hash)
    add(labels, to: &hash)
    return "\(inputs.rows) x \(inputs.columns), fnv1a \(digits(hash))"
  }

  /// Of the training and of the test points, as files store them; none where there is none.
  static func attributes(
    _ problem: LearningProblem, _ data: DataSection
  ) -> [String: AttributeValue] {
    [
      trainingAttribute: text(problem.trainingInputs, problem.trainingLabels, of: data),
      testAttribute: text(problem.testInputs, problem.testLabels, of: data),
    ].compactMapValues { $0.map { .text($0) } }
  }

  /// `nil` for synthetic points, which are made from the configuration and may differ by a rounding from one
  /// kind of processor to another.
  fileprivate static func text(
    _ inputs: Matrix<Double>, _ labels: [Double], of data: DataSection
  ) -> String? {
    data.format == .synthetic ? nil : text(inputs: inputs, labels: labels)
  }

  /// Of several lists of numbers.
  static func text(values: [[Double]]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    add(values.map { UInt64($0.count) }, to: &hash)
    for list in values { add(list, to: &hash) }
    return "fnv1a \(digits(hash))"
  }

  private static func digits(_ hash: UInt64) -> String {
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// Bytes in the order of the processors that this runs on, the least significant one first.
  private static func add<Element: BitwiseCopyable>(_ values: [Element], to hash: inout UInt64) {
    values.withUnsafeBytes { bytes in
      var value = hash
      for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
      hash = value
    }
  }
}

extension Experiment {
  var trainingFingerprint: String? {
    DataFingerprint.text(problem.trainingInputs, problem.trainingLabels, of: configuration.data)
  }

  var testFingerprint: String? {
    DataFingerprint.text(problem.testInputs, problem.testLabels, of: configuration.data)
  }

  /// Refuses training data that are not those of a run; files without a fingerprint are taken as they are.
  ///
  /// - Parameter path: RUN.nc or NETS.nc.
  /// - Throws: `Diagnostic(.badInput)` that names the data's file and the run.
  func checkTrainingData(of path: String) throws {
    try check(
      "training", trainingFingerprint, of: path, DataFingerprint.trainingAttribute,
      configuration.data.trainPath)
  }

  /// The same of test data, which runs that are compared have in common.
  func checkTestData(of path: String) throws {
    try check(
      "test", testFingerprint, of: path, DataFingerprint.testAttribute,
      configuration.data.testPath ?? configuration.data.trainPath)
  }

  /// A run's configuration with the names of this experiment's files of data where both have fingerprints of the points, which tell
  /// data apart: the same file may have another name or lie in another folder.
  ///
  /// - Parameter path: RUN.nc or NETS.nc.
  func withNamesOfData(
    _ theirs: ExperimentConfiguration, of path: String
  ) throws -> ExperimentConfiguration {
    let file = try NetCDFReader(path: path)
    let mine = configuration.data
    var theirs = theirs
    if trainingFingerprint != nil, try file.text(DataFingerprint.trainingAttribute) != nil {
      theirs.data.trainPath = mine.trainPath
      theirs.data.trainLabelsPath = mine.trainLabelsPath
    }
    if testFingerprint != nil, try file.text(DataFingerprint.testAttribute) != nil {
      theirs.data.testPath = mine.testPath
      theirs.data.testLabelsPath = mine.testLabelsPath
    }
    return theirs
  }

  private func check(
    _ what: String, _ mine: String?, of path: String, _ attribute: String, _ dataPath: String?
  ) throws {
    guard let theirs = try NetCDFReader(path: path).text(attribute), let mine, mine != theirs
    else { return }
    throw Diagnostic(
      .badInput,
      "the \(what) data have changed since the run \(path); accepted: the points that it was made from",
      file: dataPath.map(loaded.resolved(path:)))
  }
}

/// Checks that two results were made from the same points, by the fingerprints stored in them; files without
/// one are taken as they are.
///
/// - Parameters:
///   - second: the file that is refused.
///   - first: the file it is compared with.
///   - withTestData: whether test data have to be the same too, as where functions are compared.
/// - Throws: `Diagnostic(.badInput)` that says which data differ; as ``NetCDFReader``.
package func checkSameData(_ second: String, as first: String, withTestData: Bool = true) throws {
  let (mine, theirs) = (try NetCDFReader(path: second), try NetCDFReader(path: first))
  let kinds =
    [("training", DataFingerprint.trainingAttribute)]
    + (withTestData ? [("test", DataFingerprint.testAttribute)] : [])
  for (what, attribute) in kinds {
    guard let own = try mine.text(attribute), let other = try theirs.text(attribute), own != other
    else { continue }
    throw Diagnostic(
      .badInput,
      "its \(what) data are not those of \(first): the data have changed between the runs",
      file: second)
  }
}
