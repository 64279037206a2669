import DataIO
import Diagnostics
import LinearAlgebra
import TestSupport
import Testing

/// Seeded mutations of good files: a reader succeeds or throws `Diagnostic`; it never traps.
@Suite struct FormatsMutationTests {
  /// One to four changes: a byte replaced, removed, inserted or doubled, the end cut off.
  private func mutated(
    _ bytes: [UInt8], alphabet: [UInt8], _ generator: inout SplitMix64
  ) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) where !result.isEmpty {
      let place = Int.random(in: result.indices, using: &generator)
      let byte = alphabet.randomElement(using: &generator) ?? 0
      switch Int.random(in: 0..<8, using: &generator) {
      case 0: result.removeLast(place)
      case 1, 2: result.remove(at: place)
      case 3, 4: result.insert(byte, at: place)
      case 5: result.insert(result[place], at: place)
      default: result[place] = byte
      }
    }
    return result
  }

  /// Runs `read` on mutated inputs; both outcomes must occur, or the mutations test nothing.
  private func survive(
    _ count: Int, of bytes: [UInt8], alphabet: [UInt8] = Array(0...255), seed: UInt64,
    _ read: ([UInt8]) throws -> Void
  ) {
    var generator = SplitMix64(state: seed)
    var outcomes = (successes: 0, diagnostics: 0)
    for _ in 0..<count {
      let input = mutated(bytes, alphabet: alphabet, &generator)
      do {
        try read(input)
        outcomes.successes += 1
      } catch {
        #expect(error is Diagnostic, "\(input)")
        outcomes.diagnostics += 1
      }
    }
    #expect(outcomes.successes > 0 && outcomes.diagnostics > 0)
  }

  @Test func csv() {
    let text = "\u{FEFF}x,\"y, z\",label\r\n 1.5 ,\"-2e-3\",0\r\n3,4.25,1\r\n\r\n"
    survive(
      5000, of: Array(text.utf8), alphabet: Array("0159.,-+eE\" \t\r\nxn".utf8) + [0, 0xff], seed: 1
    ) { bytes in
      let file = try CSVFile(bytes: bytes, file: "t")
      #expect(file.features.rows == file.labels.count)
      #expect(file.features.elements.allSatisfy(\.isFinite) && file.labels.allSatisfy(\.isFinite))
    }
  }

  @Test func cifar10() throws {
    let folder = try FixtureFolder()
    survive(
      300, of: cifarRecord(label: 1, pixel: 5) + cifarRecord(label: 0, pixel: 9), seed: 2
    ) { bytes in
      let file = try CIFAR10File(contentsOf: folder.write(bytes, "c.bin"))
      #expect(file.features(of: Array(0..<file.count)).rows == file.count)
    }
  }

  @Test(arguments: [false, true]) func idx(isCompressed: Bool) throws {
    let folder = try FixtureFolder()
    let images = idxImages(Array(0..<12), count: 2, rows: 2, columns: 3)
    let imagesPath = try folder.write(images, "images")
    let labels = idxLabels([7, 0])
    let labelsPath = try folder.write(labels, "labels")
    survive(600, of: isCompressed ? gzipStored(images) : images, seed: 3) { bytes in
      let files = try IDXFiles(images: folder.write(bytes, "mutated"), labels: labelsPath)
      #expect(files.features(of: [0, 1]).columns == files.featureCount)
    }
    survive(600, of: isCompressed ? gzipStored(labels) : labels, seed: 4) { bytes in
      let files = try IDXFiles(images: imagesPath, labels: folder.write(bytes, "mutated"))
      #expect(files.count == 2)
    }
  }
}
