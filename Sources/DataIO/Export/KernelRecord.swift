import Diagnostics
import LinearAlgebra

/// KERNEL.nc, opened: its head is read, matrices are read when asked for.
public struct KernelRecord: Sendable {
  /// The file, as the user named it.
  public let path: String
  /// The configuration that it was made with (attribute `config`).
  public let configText: String
  /// Rows and columns of the kernels among training points.
  public let trainingPoints: Int
  /// Rows of the kernels between test and training points.
  public let testPoints: Int
  /// Of the inputs alone; `nil` where the file has none.
  package let trainingFingerprint: String?
  package let testFingerprint: String?
  /// Whether the kernels were computed in single precision.
  public let isSinglePrecision: Bool

  /// The attributes of the fingerprints.
  package static let trainingFingerprintAttribute = "training_inputs_fingerprint"
  package static let testFingerprintAttribute = "test_inputs_fingerprint"

  /// - Throws: `Diagnostic(.badInput)` where the file holds no kernels, and as ``NetCDFReader``.
  public init(_ path: String) throws {
    let file = try NetCDFReader(path: path)
    for block in KernelBlock.allCases {
      for name in [block.nngpName, block.tangentName] where !file.hasVariable(name) {
        throw Diagnostic(
          .badInput,
          "the file has no variable \(name); accepted: kernels, written by infwidth kernel",
          file: path)
      }
    }
    self.path = path
    configText = try file.text("config") ?? ""
    let shape = try file.shape(of: KernelBlock.testTrain.nngpName)
    guard shape.map(\.name) == KernelBlock.testTrain.dimensions else {
      throw Diagnostic(
        .badInput,
        "the variable \(KernelBlock.testTrain.nngpName) has the dimensions"
          + " \(shape.map(\.name).joined(separator: ", ")); expected: test, train", file: path)
    }
    (testPoints, trainingPoints) = (shape[0].length, shape[1].length)
    trainingFingerprint = try file.text(Self.trainingFingerprintAttribute)
    testFingerprint = try file.text(Self.testFingerprintAttribute)
    isSinglePrecision = try file.text("precision") == "single"
  }

  /// The covariance of the initial function.
  ///
  /// - Throws: `Diagnostic(.badInput)` where shapes do not fit or a number is not finite.
  public func nngp(_ block: KernelBlock) throws -> Matrix<Double> {
    try matrix(block.nngpName, block)
  }

  /// The tangent kernel.
  ///
  /// - Throws: as ``nngp(_:)``.
  public func tangent(_ block: KernelBlock) throws -> Matrix<Double> {
    try matrix(block.tangentName, block)
  }

  private func matrix(_ name: String, _ block: KernelBlock) throws -> Matrix<Double> {
    let file = try NetCDFReader(path: path)
    let rows = block == .trainTrain ? trainingPoints : testPoints
    let columns = block == .testTest ? testPoints : trainingPoints
    let lengths = try file.shape(of: name).map(\.length)
    guard lengths == [rows, columns] else {
      throw Diagnostic(
        .badInput,
        "the variable \(name) has the lengths \(lengths.map(String.init).joined(separator: ", "));"
          + " expected: \(rows), \(columns)", file: path)
    }
    let elements = try file.read(name)
    guard elements.allSatisfy(\.isFinite) else {
      throw Diagnostic(
        .badInput, "the variable \(name) has entries that are not finite", file: path)
    }
    return Matrix(rows: rows, columns: columns, elements: elements)
  }
}
