import Diagnostics
import LinearAlgebra

/// Images and labels of MNIST's idx format, two files, each plain or gzip-compressed (told apart by
/// their first bytes, not by their names).
///
/// Images: big-endian 32-bit numbers 0x00000803, count, rows, columns, then one byte a pixel, which
/// is scaled to [0, 1]. Labels: 0x00000801, count, then one byte a label. Source: LeCun, Cortes,
/// Burges, *The MNIST database of handwritten digits*.
package struct IDXFiles: LabelledPoints {
  package let labels: [Double]
  package let featureCount: Int
  private let pixels: [UInt8]

  /// Reads the two files whole. Memory: their decompressed size.
  ///
  /// - Parameter labels: by default the file named by `labelsPath(forImages:)`.
  /// - Throws: `Diagnostic` of kind `inputMissing` for a file that is missing or cannot be read,
  ///   `badInput` for damaged gzip data, a wrong magic number, a size that differs from the
  ///   header's, or counts that differ.
  package init(images: String, labels labelsPath: String? = nil) throws {
    let labelsPath = try labelsPath ?? Self.labelsPath(forImages: images)

    let labelsReader = try InflatingReader(labelsPath)
    let labelsHeader = try idxHeader(labelsReader, labelsPath, .labels)
    let count = labelsHeader[0]
    let labelBytes = try idxBody(
      labelsReader, labelsPath, header: labelsHeader, of: "\(count) labels")

    let imagesReader = try InflatingReader(images)
    let imagesHeader = try idxHeader(imagesReader, images, .images)
    let (rows, columns) = (imagesHeader[1], imagesHeader[2])
    guard imagesHeader[0] == count else {
      throw Diagnostic(
        .badInput,
        "received \(imagesHeader[0]) images; accepted: \(count), the number of labels in "
          + labelsPath, file: images)
    }
    pixels = try idxBody(
      imagesReader, images, header: imagesHeader,
      of: "\(count) images of \(rows) x \(columns) pixels")
    labels = labelBytes.map(Double.init)
    featureCount = rows * columns
  }

  package func features(of indices: [Int]) -> Matrix<Double> {
    var elements: [Double] = []
    elements.reserveCapacity(indices.count * featureCount)
    for index in indices {
      let start = index * featureCount
      for byte in pixels[start..<(start + featureCount)] {
        elements.append(scaledPixels[Int(byte)])
      }
    }
    return Matrix(rows: indices.count, columns: featureCount, elements: elements)
  }

  /// The labels' file that belongs to an images' file: `images-idx3` in its name replaced by
  /// `labels-idx1`, or `images.idx3` by `labels.idx1`.
  ///
  /// - Throws: `Diagnostic` of kind `badInput` where the name has neither.
  package static func labelsPath(forImages path: String) throws -> String {
    let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    for (image, label) in [("images-idx3", "labels-idx1"), ("images.idx3", "labels.idx1")] {
      if let range = path[name...].firstRange(of: image) {
        return path.replacingCharacters(in: range, with: label)
      }
    }
    throw Diagnostic(
      .badInput,
      "the labels' file cannot be named after this one; accepted: a name with images-idx3 or "
        + "images.idx3 in it, or the path of the labels", file: path)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<Index>, with other: String) -> String {
    self[..<range.lowerBound] + other + self[range.upperBound...]
  }
}

/// What an idx file holds: its magic number is two zero bytes, the element type (8: unsigned byte)
/// and the number of dimensions.
private enum IDXContent: Int {
  case labels = 0x0801
  case images = 0x0803

  var dimensions: Int { rawValue & 0xff }
  var name: String { self == .labels ? "labels" : "images" }
}

/// The dimensions in the header, each at least 1.
private func idxHeader(
  _ reader: InflatingReader, _ path: String, _ content: IDXContent
) throws -> [Int] {
  let size = 4 + 4 * content.dimensions
  let bytes = try reader.read(upTo: size)
  let words = stride(from: 0, through: bytes.count - 4, by: 4).map { start in
    bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) }
  }
  if let magic = words.first, magic != content.rawValue {
    throw Diagnostic(
      .badInput,
      "received the magic number \(hexadecimal(magic)); accepted: "
        + "\(hexadecimal(content.rawValue)), idx \(content.name) of unsigned bytes", file: path)
  }
  guard bytes.count == size else {
    throw Diagnostic(
      .badInput,
      "received \(counted(bytes.count, "byte")); accepted: idx \(content.name), whose header alone has "
        + "\(size) bytes", file: path)
  }
  let dimensions = Array(words[1...])
  guard !dimensions.contains(0) else {
    let received = dimensions.map(String.init).joined(separator: " x ")
    throw Diagnostic(
      .badInput, "received \(received) \(content.name); accepted: at least one of each dimension",
      file: path)
  }
  return dimensions
}

/// The bytes after the header, as many as the header says and none more.
private func idxBody(
  _ reader: InflatingReader, _ path: String, header: [Int], of things: String
) throws -> [UInt8] {
  var expected = 1
  var isTooLarge = false
  for dimension in header {
    let product = expected.multipliedReportingOverflow(by: dimension)
    expected = product.partialValue
    isTooLarge = isTooLarge || product.overflow
  }
  guard !isTooLarge else {
    throw Diagnostic(
      .badInput, "the header promises \(things), more than any file can hold", file: path)
  }
  let bytes = try reader.read(upTo: expected)
  // Asking for one byte more also has the checksum at the end of gzip data verified.
  let hasMore = try !reader.read(upTo: 1).isEmpty
  guard bytes.count == expected, !hasMore else {
    throw Diagnostic(
      .badInput,
      "received \(hasMore ? "more than " : "")\(counted(bytes.count, "byte")) after the header; "
        + "accepted: \(expected), for the header's \(things)", file: path)
  }
  return bytes
}

private func hexadecimal(_ word: Int) -> String {
  let digits = String(word, radix: 16)
  return "0x" + String(repeating: "0", count: 8 - digits.count) + digits
}
