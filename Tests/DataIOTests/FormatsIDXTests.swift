import DataIO
import Diagnostics
import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite struct FormatsIDXTests {
  private let pixels: [UInt8] = [0, 51, 102, 153, 204, 255, 255, 0, 51, 102, 153, 204]
  private var images: [UInt8] { idxImages(pixels, count: 2, rows: 2, columns: 3) }
  private let labels = idxLabels([7, 0])

  private func expectTheTwoImages(_ files: IDXFiles) {
    #expect(files.labels == [7, 0])
    #expect(files.featureCount == 6)
    #expect(
      files.features(of: [1, 0])
        == Matrix(
          rows: 2, columns: 6, elements: [1, 0, 0.2, 0.4, 0.6, 0.8, 0, 0.2, 0.4, 0.6, 0.8, 1]))
  }

  @Test func readsPlainFiles() throws {
    let folder = try FixtureFolder()
    _ = try folder.write(labels, "t-labels-idx1-ubyte")
    expectTheTwoImages(try IDXFiles(images: folder.write(images, "t-images-idx3-ubyte")))
    _ = try folder.write(labels, "t-labels.idx1-ubyte")
    expectTheTwoImages(try IDXFiles(images: folder.write(images, "t-images.idx3-ubyte")))
  }

  @Test func gzipIsKnownByItsFirstBytesAndMayHaveSeveralMembers() throws {
    let folder = try FixtureFolder()
    let members =
      gzipStored(Array(images[..<19])) + gzipStored([]) + gzipStored(Array(images[19...]))
    let imagesPath = try folder.write(members, "plain-name")
    expectTheTwoImages(
      try IDXFiles(images: imagesPath, labels: folder.write(labels, "labels.gz")))
    expectTheTwoImages(
      try IDXFiles(images: imagesPath, labels: folder.write(gzipStored(labels), "labels")))
  }

  @Test func readsWhatPythonCompressed() throws {
    let folder = try FixtureFolder()
    let labels = try #require(Data(base64Encoded: compressedLabels))
    let images = try #require(Data(base64Encoded: compressedImages))
    let files = try IDXFiles(
      images: folder.write(Array(images), "i.gz"), labels: folder.write(Array(labels), "l.gz"))
    #expect(files.labels == (0..<1000).map { Double($0 % 10) })
    #expect(
      files.features(of: Array(0..<1000)).elements == (0..<4000).map { Double($0 % 256) / 255 })
  }

  @Test func damagedGzipIsAnError() throws {
    let folder = try FixtureFolder()
    let labelsPath = try folder.write(labels, "labels")
    let good = gzipStored(images)
    func expect(_ bytes: [UInt8], _ reason: String) throws {
      let path = try folder.write(bytes, "images")
      #expect(
        throws: Diagnostic(
          .badInput, "the gzip data is damaged (\(reason)); accepted: an intact file", file: path)
      ) { try IDXFiles(images: path, labels: labelsPath) }
    }
    var wrongCRC = good
    wrongCRC[good.count - 8] ^= 1
    try expect(wrongCRC, "incorrect data check")
    var wrongPixel = good
    wrongPixel[good.count - 9] ^= 1
    try expect(wrongPixel, "incorrect data check")
    var wrongLength = good
    wrongLength[good.count - 1] ^= 1
    try expect(wrongLength, "incorrect length check")
    for missing in [1, 8, 9, 20, good.count - 2] {
      try expect(good.dropLast(missing), "it ends too early")
    }
    try expect(good + [1, 2, 3], "incorrect header check")
  }

  @Test func imagesMustAgreeWithTheirHeaderAndTheLabels() throws {
    let folder = try FixtureFolder()
    let labelsPath = try folder.write(labels, "labels")
    func expect(_ bytes: [UInt8], _ message: String) throws {
      for contents in [bytes, gzipStored(bytes)] {
        let path = try folder.write(contents, "images")
        #expect(throws: Diagnostic(.badInput, message, file: path)) {
          try IDXFiles(images: path, labels: labelsPath)
        }
      }
    }
    let size = "accepted: 12, for the header's 2 images of 2 x 3 pixels"
    try expect(images.dropLast(), "received 11 bytes after the header; \(size)")
    try expect(images + [0], "received more than 12 bytes after the header; \(size)")
    try expect(
      labels,
      "received the magic number 0x00000801; accepted: 0x00000803, idx images of unsigned "
        + "bytes")
    try expect([0, 0], "received 2 bytes; accepted: idx images, whose header alone has 16 bytes")
    try expect(
      Array(images.prefix(15)),
      "received 15 bytes; accepted: idx images, whose header alone has 16 bytes")
    try expect(
      idxImages(pixels, count: 3, rows: 2, columns: 2),
      "received 3 images; accepted: 2, the number of labels in \(labelsPath)")
    try expect(
      idxImages([], count: 2, rows: 0, columns: 3),
      "received 2 x 0 x 3 images; accepted: at least one of each dimension")
  }

  @Test func labelsMustAgreeWithTheirHeader() throws {
    let folder = try FixtureFolder()
    let imagesPath = try folder.write(images, "images-idx3")
    func expect(_ bytes: [UInt8], _ message: String) throws {
      let path = try folder.write(bytes, "labels-idx1")
      #expect(throws: Diagnostic(.badInput, message, file: path)) {
        try IDXFiles(images: imagesPath)
      }
    }
    try expect(
      bigEndian(0x801, 2) + [1],
      "received 1 byte after the header; accepted: 2, for the header's 2 labels")
    try expect(
      images,
      "received the magic number 0x00000803; accepted: 0x00000801, idx labels of unsigned "
        + "bytes")
    try expect(idxLabels([]), "received 0 labels; accepted: at least one of each dimension")
  }

  @Test func aHeaderThatPromisesTheWorldAllocatesNothing() throws {
    let folder = try FixtureFolder()
    let labelsPath = try folder.write(labels, "labels")
    let manyLabels = try folder.write(bigEndian(0x801, 0xffff_ffff) + [1], "many")
    let manyZipped = try folder.write(gzipStored(bigEndian(0x801, 0xffff_ffff) + [1]), "many.gz")
    for path in [manyLabels, manyZipped] {
      #expect(
        throws: Diagnostic(
          .badInput,
          "received 1 byte after the header; accepted: 4294967295, for the header's 4294967295 "
            + "labels", file: path)
      ) { try IDXFiles(images: "images", labels: path) }
    }
    let manyImages = try folder.write(
      bigEndian(0x803, 0x8000_0000, 28, 28) + [1], "many-images")
    #expect(
      throws: Diagnostic(
        .badInput,
        "received 2147483648 images; accepted: 2, the number of labels in \(labelsPath)",
        file: manyImages)
    ) { try IDXFiles(images: manyImages, labels: labelsPath) }
    let large = try folder.write(
      bigEndian(0x803, 2, 0x8000_0000, 0x4000_0000) + [1], "large")
    #expect(
      throws: Diagnostic(
        .badInput,
        "received 1 byte after the header; accepted: 4611686018427387904, for the header's 2 "
          + "images of 2147483648 x 1073741824 pixels", file: large)
    ) { try IDXFiles(images: large, labels: labelsPath) }
    let larger = try folder.write(
      bigEndian(0x803, 2, 0xffff_ffff, 0xffff_ffff) + [1], "larger")
    #expect(
      throws: Diagnostic(
        .badInput,
        "the header promises 2 images of 4294967295 x 4294967295 pixels, more than any file can "
          + "hold", file: larger)
    ) { try IDXFiles(images: larger, labels: labelsPath) }
  }

  @Test func labelsAreNamedAfterImages() throws {
    #expect(
      try IDXFiles.labelsPath(forImages: "images-idx3/t10k-images-idx3-ubyte.gz")
        == "images-idx3/t10k-labels-idx1-ubyte.gz")
    #expect(try IDXFiles.labelsPath(forImages: "t-images.idx3-ubyte") == "t-labels.idx1-ubyte")
    #expect(
      throws: Diagnostic(
        .badInput,
        "the labels' file cannot be named after this one; accepted: a name with images-idx3 or "
          + "images.idx3 in it, or the path of the labels", file: "images-idx3/pixels.gz")
    ) { try IDXFiles.labelsPath(forImages: "images-idx3/pixels.gz") }
    let folder = try FixtureFolder()
    let path = try folder.write(images, "images-idx3")
    #expect(
      throws: Diagnostic(
        .inputMissing, "there is no such file", file: "\(folder.path)/labels-idx1")
    ) { try IDXFiles(images: path) }
  }
}

/// Written by Python's `gzip.compress(bytes, mtime=0)`: idx labels `i % 10`, i from 0 to 999.
private let compressedLabels = """
  H4sIAAAAAAACA2Ng4GBkYGB+wcDIxMzCysbOwTnKGmWNsoYrCwDJi/km8AMAAA==
  """

/// Likewise: 1000 idx images of 2 x 2 pixels, byte j of all pixels being `j % 256`.
private let compressedImages = """
  H4sIAAAAAAACA2Ng4GBmYGB+wcDAwATGjEzMLKxs7BycXNw8vHz8AoJCwiKiYuISklLSMrJy8gqKSsoqqmrqGppa\
  2jq6evoGhkbGJqZm5haWVtY2tnb2Do5Ozi6ubu4enl7ePr5+/gGBQcEhoWHhEZFR0TGxcfEJiUnJKalp6RmZWdk5\
  uXn5BYVFxSWlZeUVlVXVNbV19Q2NTc0trW3tHZ1d3T29ff0TJk6aPGXqtOkzZs6aPWfuvPkLFi5avGTpsuUrVq5a\
  vWbtuvUbNm7avGXrtu07du7avWfvvv0HDh46fOToseMnTp46febsufMXLl66fOXqtes3bt66fefuvfsPHj56/OTp\
  s+cvXr56/ebtu/cfPn76/OXrt+8/fv76/efvv/+j/h/1/6j/R/0/6v9R/4/6f9T/o/4f9f+o/0f9P+r/Uf8PBv8D\
  ACnaKeewDwAA
  """
