import Foundation
import Testing

/// Links of the documents to files of the package lead somewhere.
@Suite struct DocumentLinksTests {
  private static var documents: [String] {
    let names = { (folder: String) in
      let path = ExperimentFile.package.appendingPathComponent(folder).path
      return try FileManager.default.contentsOfDirectory(atPath: path)
        .filter { $0.hasSuffix(".md") }.sorted().map { folder + $0 }
    }
    return ["", "data/", "data/experiments/"].flatMap { (try? names($0)) ?? [] }
  }

  @Test func filesExist() throws {
    let documents = Self.documents
    #expect(documents.contains("README.md") && documents.contains("data/densities.md"))
    for document in documents {
      let file = ExperimentFile.package.appendingPathComponent(document)
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /\]\(([^)#\s]+)[^)]*\)/) where !match.1.contains("://") {
        let target = file.deletingLastPathComponent().appendingPathComponent(String(match.1))
        #expect(
          FileManager.default.fileExists(atPath: target.standardized.path),
          "\(document): \(match.1)")
      }
    }
  }
}
