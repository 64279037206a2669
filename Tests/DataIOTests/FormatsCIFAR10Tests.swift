import DataIO
import Diagnostics
import LinearAlgebra
import Testing

@Suite struct FormatsCIFAR10Tests {
  @Test func readsLabelsAndScalesThePixelsOfChosenRecords() throws {
    let folder = try FixtureFolder()
    let path = try folder.write(
      cifarRecord(label: 3, pixel: 51) + cifarRecord(label: 0, pixel: 102)
        + cifarRecord(label: 9, pixel: 204), "c.bin")
    let file = try CIFAR10File(contentsOf: path)
    #expect(file.labels == [3, 0, 9])
    #expect(file.featureCount == 3072)
    let features = file.features(of: [2, 0])
    #expect(features.rows == 2 && features.columns == 3072)
    #expect(Array(features.row(0)) == [0] + Array(repeating: 0.8, count: 3070) + [1])
    #expect(Array(features.row(1)) == [0] + Array(repeating: 0.2, count: 3070) + [1])
  }

  @Test func refusesPartsOfRecordsAndImpossibleLabels() throws {
    let folder = try FixtureFolder()
    let record = cifarRecord(label: 1, pixel: 0)
    let accepted = "accepted: a multiple of 3073, one label byte and 3072 pixels for each image"
    let truncated = try folder.write(record + record.dropLast(), "truncated.bin")
    #expect(
      throws: Diagnostic(
        .badInput, "the file is truncated: received 6145 bytes; \(accepted)", file: truncated)
    ) { try CIFAR10File(contentsOf: truncated) }
    let empty = try folder.write([], "empty.bin")
    #expect(
      throws: Diagnostic(
        .badInput, "the file is empty: received 0 bytes; \(accepted)", file: empty)
    ) { try CIFAR10File(contentsOf: empty) }
    let shifted = try folder.write(record + cifarRecord(label: 10, pixel: 0), "shifted.bin")
    #expect(
      throws: Diagnostic(
        .badInput, "image 2 of 2: received the label 10; accepted: 0 to 9", file: shifted)
    ) { try CIFAR10File(contentsOf: shifted) }
    #expect(
      throws: Diagnostic(
        .inputMissing, "there is no such file", file: "\(folder.path)/none.bin")
    ) { try CIFAR10File(contentsOf: "\(folder.path)/none.bin") }
  }
}
