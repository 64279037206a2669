import Diagnostics
import LinearAlgebra

/// Images and labels of one file of CIFAR-10's binary version.
///
/// Records of 3,073 bytes: the label, 0 to 9, then 3,072 pixels (the red, green and blue planes of
/// 32 x 32, row by row), which are scaled to [0, 1]. Source:
/// https://www.cs.toronto.edu/~kriz/cifar.html.
package struct CIFAR10File: LabelledPoints {
  package let labels: [Double]
  package var featureCount: Int { Self.pixels }
  private let bytes: [UInt8]

  private static let pixels = 3 * 32 * 32
  private static let record = 1 + pixels

  /// Reads a file. Memory: the size of the file.
  ///
  /// - Throws: `Diagnostic` of kind `inputMissing` for a file that is missing or cannot be read,
  ///   `badInput` for one that is not a whole number of records or has a label above 9.
  package init(contentsOf path: String) throws {
    bytes = try InputFile.contents(of: path)
    let (count, rest) = bytes.count.quotientAndRemainder(dividingBy: Self.record)
    guard rest == 0, count > 0 else {
      throw Diagnostic(
        .badInput,
        "the file is \(bytes.isEmpty ? "empty" : "truncated"): received \(bytes.count) bytes; "
          + "accepted: a multiple of 3073, one label byte and 3072 pixels for each image",
        file: path)
    }
    var labels: [Double] = []
    labels.reserveCapacity(count)
    for image in 0..<count {
      let label = bytes[image * Self.record]
      guard label <= 9 else {
        throw Diagnostic(
          .badInput,
          "image \(image + 1) of \(count): received the label \(label); accepted: 0 to 9",
          file: path)
      }
      labels.append(Double(label))
    }
    self.labels = labels
  }

  package func features(of indices: [Int]) -> Matrix<Double> {
    var elements: [Double] = []
    elements.reserveCapacity(indices.count * Self.pixels)
    for index in indices {
      let start = index * Self.record + 1
      for byte in bytes[start..<(start + Self.pixels)] { elements.append(scaledPixels[Int(byte)]) }
    }
    return Matrix(rows: indices.count, columns: Self.pixels, elements: elements)
  }
}
