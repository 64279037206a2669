import Foundation
import InfiniteWidth
import TestSupport
import Testing

/// Damaged files of data: every reader succeeds or says in one sentence what is wrong.
@Suite(.serialized) struct DataFileTests {
  private let folder: String

  init() throws {
    folder = try ResultFiles.shared.get().folder + "/data-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func written(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    return "\(folder)/\(name)"
  }

  private static let numbers = [
    "NaN", "nan", "inf", "-inf", "1e400", "-1e400", "1e-400", "0x10", "1_000", "1,5", "+", "-", ".",
    "e5", "1e", "\u{FEFF}", "\u{0}", "\r", "\r\n", "\n\n", "\"", "\"\"", "\t", ",", ",,", ";", "'",
    "99999999999999999999999999", String(repeating: "1", count: 400), "\u{2212}1", "٣", "é",
  ]

  /// Reads a table as the experiments do: classes and normalization too.
  private func load(_ source: DatasetRequest.Source) throws {
    var request = DatasetRequest(source: source)
    request.trainCount = 2
    request.testCount = 1
    _ = try loadProblem(request)
  }

  @Test func csv() throws {
    let text =
      "\u{FEFF}x,\"y, z\",label\r\n 1.5 ,\"-2e-3\",0\r\n3,4.25,1\r\n-1,0,1\r\n1,2,0\r\n\r\n"
    var outcomes = Outcomes()
    for input in inputs(short: 300, slow: 6000) {
      var source = MutationSource(seed: 3, input: input)
      let bytes = ByteMutation(words: Self.numbers).mutated(Array(text.utf8), &source)
      outcomes.add("csv \(input)") {
        let file = try CSVFile(bytes: bytes, file: "t.csv")
        let numbers = file.features.elements + file.labels
        let areFinite = numbers.allSatisfy(\.isFinite)
        #expect(areFinite)
      }
      if input % 10 == 0 {
        let path = try written(bytes, "t.csv")
        outcomes.add("csv data \(input)") { try load(.csv(trainPath: path, testPath: nil)) }
      }
    }
    outcomes.check()
  }

  @Test func directions() throws {
    var outcomes = Outcomes()
    for input in inputs(short: 60, slow: 1000) {
      var source = MutationSource(seed: 4, input: input)
      let bytes = ByteMutation(words: Self.numbers + ["#"])
        .mutated(Array("# remark\n1, 2.5 -3e2\n4\n".utf8), &source)
      let path = try written(bytes, "direction.txt")
      outcomes.add("direction \(input)") {
        let numbers = try DirectionFile.read(path)
        let areFinite = numbers.allSatisfy(\.isFinite)
        #expect(areFinite)
      }
    }
    outcomes.check()
  }

  @Test func cifar10() throws {
    let record = { (label: UInt8) in [label] + (0..<3072).map { UInt8(truncatingIfNeeded: $0) } }
    var outcomes = Outcomes()
    for input in inputs(short: 60, slow: 1000) {
      var source = MutationSource(seed: 5, input: input)
      let path = try written(
        ByteMutation().mutated(record(1) + record(0) + record(1), &source), "c.bin")
      outcomes.add("cifar10 \(input)") { try load(.cifar10(trainPath: path, testPath: nil)) }
    }
    outcomes.check()
  }

  /// Compressed by zlib's own `gzip`, or stored as they are.
  @Test(arguments: [false, true]) func mnist(isCompressed: Bool) throws {
    func word(_ number: UInt32) -> [UInt8] {
      [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
    let images = word(0x803) + word(4) + word(2) + word(3) + (0..<24).map { UInt8($0 * 10) }
    let labels = word(0x801) + word(4) + [1, 0, 1, 0]
    let (goodImages, goodLabels) =
      isCompressed ? (gzipStored(images), gzipStored(labels)) : (images, labels)
    let imagesPath = try written(goodImages, "images")
    let labelsPath = try written(goodLabels, "labels")
    var outcomes = Outcomes()
    for input in inputs(short: 120, slow: 3000) {
      var source = MutationSource(seed: 6, input: input)
      let isImage = source.index(2) == 0
      let bytes = ByteMutation().mutated(isImage ? goodImages : goodLabels, &source)
      let path = try written(bytes, "mutated")
      outcomes.add("mnist \(input)") {
        try load(
          .mnist(
            trainImages: isImage ? path : imagesPath, trainLabels: isImage ? labelsPath : path,
            testImages: nil, testLabels: nil))
      }
    }
    outcomes.check()
  }
}
